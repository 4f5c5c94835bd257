package dockerengine

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"postfleet/orchestrator"
)

// TestGoneIsAsGoodAsDone: what was to end has ended.
func TestGoneIsAsGoodAsDone(t *testing.T) {
	t.Parallel()
	for _, status := range []int{404, 409} {
		d := newDaemon(t)
		refused := answer{status: status, body: `{"message":"no"}`}
		d.answers["POST /containers/id/kill"] = refused
		d.answers["DELETE /containers/id"] = refused
		e := d.engine(outside(t))
		if err := e.Signal(t.Context(), "id", orchestrator.SignalDrain); err != nil {
			t.Errorf("%d: Signal: got %v", status, err)
		}
		if err := e.Remove(t.Context(), "id"); err != nil {
			t.Errorf("%d: Remove: got %v", status, err)
		}
	}
}

func TestNetworkThatIsInUseStays(t *testing.T) {
	t.Parallel()
	const ours = `{"Id":"n","Name":"net","Labels":{"postfleet.fleet":"f"}`
	cases := []struct {
		name    string
		inspect answer
		remove  int
		asked   bool
	}{
		{"gone", answer{status: 404, body: `{"message":"no"}`}, 204, false},
		{"another's", answer{status: 200, body: `{"Id":"n","Name":"net"}`}, 204, false},
		{"in use", answer{status: 200, body: ours + `,"Containers":{"c":{}}}`}, 204, false},
		{"in use since", answer{status: 200, body: ours + `}`}, 403, true},
		{"in use since, new engines", answer{status: 200, body: ours + `}`}, 409, true},
		{"free", answer{status: 200, body: ours + `}`}, 204, true},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newDaemon(t)
			d.answers["GET /networks/net"] = tc.inspect
			d.answers["DELETE /networks/n"] = answer{status: tc.remove, body: `{"message":"x"}`}
			if err := d.engine(outside(t)).RemoveNetwork(t.Context(), "net", "f"); err != nil {
				t.Error(err)
			}
			if got := d.was("DELETE /networks/n"); got != tc.asked {
				t.Errorf("asked to remove it: got %t, want %t", got, tc.asked)
			}
		})
	}
}

// TestOneNetworkOfAName: of several the younger go, unless somebody is on one.
func TestOneNetworkOfAName(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		young int // the engine's answer to removing the younger
		older bool
	}{
		{"the younger goes", 204, false},
		{"somebody else removed it", 404, false},
		{"the younger is in use", 403, true},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := twoNetworks(t)
			d.answers["DELETE /networks/young"] = answer{status: tc.young, body: `{"message":"x"}`}
			d.answers["DELETE /networks/older"] = answer{status: 204}
			if err := d.engine(outside(t)).EnsureNetwork(t.Context(), "net", "f"); err != nil {
				t.Fatal(err)
			}
			if !d.was("DELETE /networks/young") || d.was("DELETE /networks/older") != tc.older {
				t.Errorf("asked %v, want the older removed: %t", d.asked, tc.older)
			}
		})
	}
}

func twoNetworks(t *testing.T) *daemon {
	t.Helper()
	d := newDaemon(t)
	d.answers["GET /networks"] = answer{status: 200, body: `[
		{"Id":"young","Name":"net","Created":"2026-01-01T00:00:02Z"},
		{"Id":"older","Name":"net","Created":"2026-01-01T00:00:01Z"},
		{"Id":"other","Name":"net-2","Created":"2026-01-01T00:00:00Z"}]`}
	return d
}

// TestInsideAContainer: paths are translated, others are reached by name, and
// the network is joined and left.
func TestInsideAContainer(t *testing.T) {
	t.Parallel()
	const id = "0123456789ab"
	d := newDaemon(t)
	d.answers["GET /containers/"+id+"/json"] = answer{status: 200, body: `{
		"Id":"` + id + `","Name":"/o","State":{},"Config":{},"NetworkSettings":{"Networks":{}},
		"Mounts":[{"Source":"/srv/c","Destination":"/data"}]}`}
	d.answers["GET /networks"] = answer{status: 200, body: `[{"Id":"n","Name":"net"}]`}
	d.answers["GET /networks/net"] = answer{status: 200, body: `{
		"Id":"n","Name":"net","Labels":{"postfleet.fleet":"f"},"Containers":{"` + id + `":{}}}`}
	for _, call := range []string{"POST /networks/net/connect", "POST /networks/n/disconnect", "DELETE /networks/n"} {
		d.answers[call] = answer{status: 200}
	}
	e := d.engine(proc(t, "", "", id))
	if got, err := e.HostPath(t.Context(), "/data/logs"); got != "/srv/c/logs" || err != nil {
		t.Errorf("got %q, %v, want /srv/c/logs", got, err)
	}
	if _, err := e.HostPath(t.Context(), "/elsewhere"); err == nil || !strings.Contains(err.Error(), "bind-mount") {
		t.Errorf("got %v, want an error with the mend", err)
	}
	if err := e.EnsureNetwork(t.Context(), "net", "f"); err != nil {
		t.Error(err)
	}
	if err := e.RemoveNetwork(t.Context(), "net", "f"); err != nil {
		t.Error(err)
	}
	for _, call := range []string{"POST /networks/net/connect", "POST /networks/n/disconnect", "DELETE /networks/n"} {
		if !d.was(call) {
			t.Errorf("not asked: %s; asked %v", call, d.asked)
		}
	}
}

func TestHostPathOutsideIsThePath(t *testing.T) {
	t.Parallel()
	for _, hostname := range []string{"laptop", "0123456789ab"} { // the second only looks like a container's
		got, err := newDaemon(t).engine(proc(t, "", "", hostname)).HostPath(t.Context(), "/no/such/../dir")
		if got != "/no/dir" || err != nil {
			t.Errorf("%s: got %q, %v, want /no/dir", hostname, got, err)
		}
	}
}

func TestWaitThroughAHangUp(t *testing.T) {
	t.Parallel()
	d := newDaemon(t)
	d.answers["POST /containers/id/wait"] = answer{status: 200}
	_, err := d.engine(outside(t)).Wait(t.Context(), "id")
	if !errors.Is(err, orchestrator.ErrUnreachable) {
		t.Errorf("got %v, want ErrUnreachable", err)
	}
}

func TestSilentEngineHitsTheDeadline(t *testing.T) {
	t.Parallel()
	d := newDaemon(t)
	hold := make(chan struct{})
	d.answers["GET /containers/json"] = answer{status: 200, body: "[]", then: func() { <-hold }}
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	_, err := d.engine(outside(t)).List(ctx, "f")
	close(hold)
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "did not answer in time") {
		t.Errorf("got %v", err)
	}
}
