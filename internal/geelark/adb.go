package geelark

import (
	"context"
	"log/slog"
	"net"
	"strconv"
	"strings"
)

// The APIs that reach into a phone.
const (
	apiSetADB  = pathPrefix + "adb/setStatus"
	apiADBData = pathPrefix + "adb/getData"
	apiShell   = pathPrefix + "shell/execute"
)

// ADBData is where a phone's adb is. It changes with every start.
type ADBData struct {
	ID   string `json:"id"`
	IP   string `json:"ip"`
	Port string `json:"port"`
	// Password is what glogin wants. It is a secret.
	Password string `json:"pwd"`
	Code     int    `json:"code"`
}

func (d ADBData) of() (id string, code int) { return d.ID, d.Code }

// String leaves the password out.
func (d ADBData) String() string { return "adb of phone " + d.ID + " at " + d.Address() }

// GoString leaves the password out.
func (d ADBData) GoString() string { return d.String() }

// LogValue implements slog.LogValuer.
func (d ADBData) LogValue() slog.Value { return slog.StringValue(d.String()) }

// Address is host:port, as adb connect wants it.
func (d ADBData) Address() string { return net.JoinHostPort(d.IP, d.Port) }

// complete reports whether one can connect with it.
func (d ADBData) complete() bool {
	port, err := strconv.ParseUint(d.Port, 10, 16)
	return err == nil && port != 0 && isHost(d.IP) && d.Password != ""
}

// isHost refuses what adb connect might take for an option.
func isHost(s string) bool {
	odd := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(".-_", r)
	}
	return net.ParseIP(s) != nil || (s != "" && s[0] != '-' && !strings.ContainsFunc(s, odd))
}

// unnamed is a success of which the service says no more.
type unnamed struct{}

func (unnamed) of() (id string, code int) { return "", codeOK }

// SetADB turns the phones' adb on or off. It takes some seconds after that.
func (c *Client) SetADB(ctx context.Context, on bool, ids ...string) map[string]error {
	r := request{api: apiSetADB, more: map[string]any{"open": on}, silent: true}
	return askFor[unnamed](ctx, c, r, ids).Failed
}

// ADBData asks where the phones' adb is. ErrNotReady while it is not on.
func (c *Client) ADBData(ctx context.Context, ids ...string) Batch[ADBData] {
	out := askFor[ADBData](ctx, c, request{api: apiADBData}, ids)
	for id, data := range out.Done {
		if !data.complete() {
			delete(out.Done, id)
			e := c.noAnswer(apiADBData, "", "the address of the phone's adb is not complete")
			e.Phone, e.RetryAfter, e.is = id, soon, ErrNotReady
			out.Failed[id] = e.classified()
		}
	}
	return out
}

// Shell runs a command line in the phone's shell, and returns what it wrote and
// whether the service calls it a success. Nothing in it is quoted here.
func (c *Client) Shell(ctx context.Context, id, cmd string) (output string, ok bool, err error) {
	var got struct {
		Status bool   `json:"status"`
		Output string `json:"output"`
	}
	err = c.call(ctx, apiShell, id, map[string]any{"id": id, "cmd": cmd}, &got)
	return got.Output, got.Status, err
}
