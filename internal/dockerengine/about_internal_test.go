package dockerengine

import (
	"encoding/binary"
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/orchestrator"
)

func TestAbout(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, options string
		want          About
	}{
		{"usual", `["name=seccomp,profile=default","name=cgroupns"]`, About{}},
		{"rootless", `["name=rootless"]`, About{Rootless: true}},
		{"user namespaces", `["name=userns"]`, About{RemapsUsers: true}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newDaemon(t)
			d.answers["GET /info"] = answer{status: 200, body: `{
				"ServerVersion":"20.10.24","OperatingSystem":"Debian","SecurityOptions":` + tc.options + `}`}
			got, err := d.engine(outside(t)).About(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got.Host = ""
			tc.want.Version, tc.want.API, tc.want.System = "20.10.24", "1.41", "Debian"
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestImage(t *testing.T) {
	t.Parallel()
	d := newDaemon(t)
	d.answers["GET /images/there/json"] = answer{status: 200, body: `{"Id":"sha256:1"}`}
	d.answers["GET /images/broken/json"] = answer{status: 500, body: `{"message":"on fire"}`}
	e := d.engine(outside(t))
	if id, err := e.Image(t.Context(), "there"); id != "sha256:1" || err != nil {
		t.Errorf("got %q, %v", id, err)
	}
	_, err := e.Image(t.Context(), "missing")
	if !errors.Is(err, orchestrator.ErrNoImage) || !strings.Contains(err.Error(), "missing: build it with: make") {
		t.Errorf("got %v, want ErrNoImage and its mend", err)
	}
	if _, err := e.Image(t.Context(), "broken"); err == nil || !strings.Contains(err.Error(), "image broken: ") {
		t.Errorf("got %v, want the engine's own error", err)
	}
}

func TestNetworks(t *testing.T) {
	t.Parallel()
	d := newDaemon(t)
	d.answers["GET /networks"] = answer{status: 200, body: `[{"Name":"b"},{"Name":"a"}]`}
	got, err := d.engine(outside(t)).Networks(t.Context(), "f")
	if diff := cmp.Diff([]string{"a", "b"}, got); diff != "" || err != nil {
		t.Errorf("got error %v (-want +got):\n%s", err, diff)
	}
}

// frame is text as the log stream has it: of stdout 1 or stderr 2.
func frame(stream byte, text string) string {
	header := make([]byte, 8)
	header[0] = stream
	binary.BigEndian.PutUint32(header[4:], uint32(len(text)))
	return string(header) + text
}

// TestTryLeavesNothing has each step fail in turn.
func TestTryLeavesNothing(t *testing.T) {
	t.Parallel()
	broken := answer{status: 500, body: `{"message":"on fire"}`}
	good := map[string]answer{
		"POST /containers/create":   {status: 201, body: `{"Id":"id"}`},
		"POST /containers/id/start": {status: 204},
		"GET /containers/id/json":   {status: 200, body: inspect("id", "f-worker-0", "exited", nil)},
		"POST /containers/id/wait":  {status: 200, body: `{"StatusCode":3}`},
		"GET /containers/id/logs":   {status: 200, body: frame(1, "seen") + frame(2, "not")},
		"DELETE /containers/id":     {status: 204},
	}
	for _, step := range []string{
		"", "POST /containers/id/start", "GET /containers/id/json", "POST /containers/id/wait",
		"GET /containers/id/logs",
	} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			d := newDaemon(t)
			maps.Copy(d.answers, good)
			if step != "" {
				d.answers[step] = broken
			}
			exit, out, err := d.engine(outside(t)).Try(t.Context(), spec())
			if (err == nil) != (step == "") {
				t.Errorf("got error %v", err)
			}
			if err == nil && (exit.Code != 3 || out != "seen") {
				t.Errorf("got code %d and %q, want 3 and what it wrote", exit.Code, out)
			}
			if !d.was("DELETE /containers/id") {
				t.Errorf("the container was left; asked %v", d.asked)
			}
		})
	}
}

// TestNetworkThatCannotBeJoinedGoes: what was made is undone.
func TestNetworkThatCannotBeJoinedGoes(t *testing.T) {
	t.Parallel()
	const id = "0123456789ab"
	d := newDaemon(t)
	d.answers["GET /containers/"+id+"/json"] = answer{status: 200, body: inspect(id, "o", "running", nil)}
	d.answers["GET /networks"] = answer{status: 200, body: `[]`}
	d.answers["POST /networks/create"] = answer{status: 201, body: `{"Id":"n"}`}
	d.answers["POST /networks/net/connect"] = answer{status: 500, body: `{"message":"on fire"}`}
	d.answers["GET /networks/net"] = answer{
		status: 200, body: `{"Id":"n","Name":"net","Labels":{"postfleet.fleet":"f"}}`,
	}
	d.answers["DELETE /networks/n"] = answer{status: 204}
	err := d.engine(proc(t, "", "", id)).EnsureNetwork(t.Context(), "net", "f")
	if err == nil || !strings.Contains(err.Error(), "on fire") {
		t.Errorf("got %v, want the engine's error", err)
	}
	if !d.was("DELETE /networks/n") {
		t.Errorf("the network was left; asked %v", d.asked)
	}
}
