package geelark_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"postfleet/internal/geelark"
)

func TestBatchIsCutIntoHundreds(t *testing.T) {
	t.Parallel()
	var all []string
	for i := range 250 {
		all = append(all, fmt.Sprintf("n%d", i))
	}
	cloud := newCloud(all...)
	var ids []string
	for _, p := range cloud.phones {
		ids = append(ids, p.id)
	}
	got := cloud.client(t, t.TempDir()).Status(t.Context(), ids...)
	if len(got.Done) != 250 || len(got.Failed) != 0 || cloud.count("phone/status") != 3 {
		t.Errorf("got %d and %d after %d requests", len(got.Done), len(got.Failed), cloud.count("phone/status"))
	}
	for _, call := range cloud.calls {
		if n := strings.Count(call, ",") + 1; n > 100 {
			t.Errorf("a request for %d phones", n)
		}
	}
}

// Every phone is in one of the two, whatever the answer leaves out.
func TestPartialFailure(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, answer string
		p1, p2       error
	}{
		{
			"partly",
			`{"code":40006,"data":{"successDetails":[{"id":"p1"}],"failDetails":[{"id":"p2","code":43007,"msg":"m"}]}}`,
			nil, geelark.ErrInUse,
		},
		{
			"all", `{"code":40009,"data":{"failDetails":[{"id":"p1","code":45002},{"id":"p2","code":43004}]}}`,
			geelark.ErrProxyDown, geelark.ErrExpired,
		},
		{
			"fine, but for the details",
			`{"code":0,"data":{"successDetails":[{"id":"p1"}],"failDetails":[{"id":"p2","code":42001}]}}`,
			nil, geelark.ErrNoPhone,
		},
		{"one is left out", `{"code":40006,"data":{"successDetails":[{"id":"p1"}]}}`, nil, geelark.ErrUnavailable},
		{"no details", `{"code":40009,"data":null}`, geelark.ErrUnavailable, geelark.ErrUnavailable},
		{"no data", `{"code":40009}`, geelark.ErrUnavailable, geelark.ErrUnavailable},
		{"as a whole", `{"code":41001}`, geelark.ErrAccount, geelark.ErrAccount},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := client(t, geelark.Config{}, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, tt.answer) })
			got := c.Start(t.Context(), geelark.StartOptions{}, "p1", "p2")
			for id, want := range map[string]error{"p1": tt.p1, "p2": tt.p2} {
				if _, err := got.One(id); !errors.Is(err, want) {
					t.Errorf("%s: got %v, want %v", id, err, want)
				}
			}
			if len(got.Done)+len(got.Failed) != 2 {
				t.Errorf("got %v", got)
			}
		})
	}
}

// What is said for the fleet is not asked again for the next hundred.
func TestBatchEndsForTheFleet(t *testing.T) {
	t.Parallel()
	cloud := newCloud()
	cloud.reply("phone/stop", reply{code: 40003})
	got := cloud.client(t, t.TempDir()).Stop(t.Context(), make([]string, 150)...)
	if n := cloud.count("phone/stop"); n != 1 || !errors.Is(got.Failed[""], geelark.ErrAccount) {
		t.Errorf("got %d requests, %v", n, got.Failed[""])
	}
}

func TestSetADB(t *testing.T) {
	t.Parallel()
	answers := []string{
		`{"code":0}`, `{"code":40006,"data":{"failDetails":[{"id":"p2","code":42002}]}}`, `{"code":40009}`,
	}
	asked := 0
	c := client(t, geelark.Config{}, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, answers[asked])
		asked++
	})
	for i, want := range []int{0, 1, 2} {
		if failed := c.SetADB(t.Context(), true, "p1", "p2"); len(failed) != want {
			t.Errorf("answer %d: got %v", i, failed)
		}
	}
}

func TestADBDataIsChecked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, item string
		want       error
	}{
		{"good", `"code":0,"ip":"192.0.2.1","port":"5555","pwd":"secret"`, nil},
		{"off", `"code":49001`, geelark.ErrNotReady},
		{"none", `"code":49002`, geelark.ErrNoADB},
		{"no password yet", `"code":0,"ip":"192.0.2.1","port":"5555"`, geelark.ErrNotReady},
		{"no port yet", `"code":0,"ip":"192.0.2.1","port":"","pwd":"secret"`, geelark.ErrNotReady},
		{"port 0", `"code":0,"ip":"192.0.2.1","port":"0","pwd":"secret"`, geelark.ErrNotReady},
		{"an option", `"code":0,"ip":"-H","port":"1","pwd":"secret"`, geelark.ErrNotReady},
		{"two words", `"code":0,"ip":"a b","port":"1","pwd":"secret"`, geelark.ErrNotReady},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := client(t, geelark.Config{}, func(w http.ResponseWriter, _ *http.Request) {
				fmt.Fprintf(w, `{"code":0,"data":{"items":[{"id":"p1",%s}]}}`, tt.item)
			})
			got, err := c.ADBData(t.Context(), "p1").One("p1")
			if !errors.Is(err, tt.want) || (err == nil && got.Address() != "192.0.2.1:5555") {
				t.Errorf("got %v, %v, want %v", got, err, tt.want)
			}
			if said := fmt.Sprintf("%v %+v %#v", got, got, got); strings.Contains(said, "secret") {
				t.Errorf("the password is printed: %s", said)
			}
		})
	}
}

func TestShell(t *testing.T) {
	t.Parallel()
	out, ok, err := newCloud("a").client(t, t.TempDir()).Shell(t.Context(), "p1", "id")
	if out != "out" || !ok || err != nil {
		t.Errorf("got %q, %t, %v", out, ok, err)
	}
}
