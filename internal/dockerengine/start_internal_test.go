package dockerengine

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"

	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// TestFailingStartLeavesNothing has each step of a start fail in turn.
func TestFailingStartLeavesNothing(t *testing.T) {
	t.Parallel()
	const (
		create = "POST /containers/create"
		start  = "POST /containers/id/start"
		look   = "GET /containers/id/json"
		remove = "DELETE /containers/id"
	)
	good := map[string]answer{
		create: {status: 201, body: `{"Id":"id"}`},
		start:  {status: 204},
		look:   {status: 200, body: inspect("id", "f-worker-0", "running", nil)},
		remove: {status: 204},
		"GET /containers/f-worker-0/json": {
			status: 200, body: inspect("id", "f-worker-0", "created", spec().Labels),
		},
	}
	broken := answer{status: 500, body: `{"message":"on fire"}`}
	cases := []struct {
		name    string
		change  map[string]answer
		want    string
		removed bool
	}{
		{"create breaks", map[string]answer{create: broken}, "create f-worker-0", true},
		{"create is refused", map[string]answer{create: {status: 400, body: `{"message":"bad"}`}}, "bad", false},
		{"start breaks", map[string]answer{start: broken}, "start f-worker-0", true},
		{
			"no network",
			map[string]answer{start: {status: 404, body: `{"message":"network net not found"}`}},
			"network net not found", true,
		},
		{"look breaks", map[string]answer{look: broken}, "look at f-worker-0", true},
		{"all is well", nil, "", false},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newDaemon(t)
			maps.Copy(d.answers, good)
			maps.Copy(d.answers, tc.change)
			_, err := d.engine(outside(t)).Start(t.Context(), spec())
			if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
			if errors.Is(err, orchestrator.ErrNotFound) {
				t.Errorf("got %v: a start has no business with ErrNotFound", err)
			}
			if got := d.was(remove); got != tc.removed {
				t.Errorf("removed: got %t, want %t; asked %v", got, tc.removed, d.asked)
			}
		})
	}
}

// TestInterruptedStartLeavesNothing: the context ends while the engine starts
// the container, and the removal still goes out.
func TestInterruptedStartLeavesNothing(t *testing.T) {
	t.Parallel()
	d := newDaemon(t)
	ctx, stop := context.WithCancel(t.Context())
	hold := make(chan struct{})
	d.answers["POST /containers/create"] = answer{status: 201, body: `{"Id":"id"}`}
	d.answers["POST /containers/id/start"] = answer{status: 204, then: func() { stop(); <-hold }}
	d.answers["DELETE /containers/id"] = answer{status: 204}
	_, err := d.engine(outside(t)).Start(ctx, spec())
	close(hold)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
	if !d.was("DELETE /containers/id") {
		t.Errorf("the container was left; asked %v", d.asked)
	}
}

// TestInterruptedCreateLeavesNothing: the engine made it, but we never heard.
func TestInterruptedCreateLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, whose := range []struct {
		name    string
		labels  map[string]string
		removed bool
	}{
		{"ours", spec().Labels, true},
		{"somebody's", map[string]string{workerimage.LabelFleet: "other"}, false},
	} {
		t.Run(whose.name, func(t *testing.T) {
			t.Parallel()
			d := newDaemon(t)
			ctx, stop := context.WithCancel(t.Context())
			hold := make(chan struct{})
			d.answers["POST /containers/create"] = answer{
				status: 201, body: `{"Id":"id"}`, then: func() { stop(); <-hold },
			}
			d.answers["GET /containers/f-worker-0/json"] = answer{
				status: 200, body: inspect("id", "f-worker-0", "created", whose.labels),
			}
			d.answers["DELETE /containers/id"] = answer{status: 204}
			_, err := d.engine(outside(t)).Start(ctx, spec())
			close(hold)
			if !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want the context's error", err)
			}
			if got := d.was("DELETE /containers/id"); got != whose.removed {
				t.Errorf("removed: got %t, want %t; asked %v", got, whose.removed, d.asked)
			}
		})
	}
}

func TestMissingImageSaysWhatMendsIt(t *testing.T) {
	t.Parallel()
	d := newDaemon(t)
	_, err := d.engine(outside(t)).Start(t.Context(), spec())
	if !errors.Is(err, orchestrator.ErrNoImage) || !strings.Contains(err.Error(), "make image") {
		t.Errorf("got %v, want ErrNoImage and its mend", err)
	}
}

func TestForeignNameIsLeftAlone(t *testing.T) {
	t.Parallel()
	d := newDaemon(t)
	d.answers["POST /containers/create"] = answer{status: 409, body: `{"message":"name is in use"}`}
	d.answers["GET /containers/f-worker-0/json"] = answer{status: 200, body: inspect("x", "f-worker-0", "running", nil)}
	if _, err := d.engine(outside(t)).Start(t.Context(), spec()); !errors.Is(err, orchestrator.ErrNameTaken) {
		t.Errorf("got %v, want ErrNameTaken", err)
	}
	if d.was("DELETE /containers/x") {
		t.Error("somebody's container was removed")
	}
}

// TestStuckContainerIsSetAside: one that an engine cannot remove does not hold
// its slot's name, unless it still runs.
func TestStuckContainerIsSetAside(t *testing.T) {
	t.Parallel()
	for state, renamed := range map[string]bool{"dead": true, "running": false} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			d := newDaemon(t)
			free := answer{status: 201, body: `{"Id":"id"}`}
			taken := answer{status: 409, body: `{"message":"name is in use"}`}
			old := answer{status: 200, body: inspect("0123456789abcdef", "f-worker-0", state, spec().Labels)}
			d.answers["POST /containers/create"] = taken
			d.answers["GET /containers/f-worker-0/json"] = old
			d.answers["GET /containers/0123456789abcdef/json"] = old
			d.answers["DELETE /containers/0123456789abcdef"] = answer{
				status: 500, body: `{"message":"device or resource busy"}`,
			}
			const rename = "POST /containers/0123456789abcdef/rename"
			d.answers[rename] = answer{status: 204, then: func() {
				d.mu.Lock()
				defer d.mu.Unlock()
				d.answers["POST /containers/create"] = free
			}}
			d.answers["POST /containers/id/start"] = answer{status: 204}
			d.answers["GET /containers/id/json"] = answer{
				status: 200, body: inspect("id", "f-worker-0", "running", spec().Labels),
			}
			_, err := d.engine(outside(t)).Start(t.Context(), spec())
			if (err == nil) != renamed || d.was(rename) != renamed {
				t.Errorf("got %v, renamed %t, want renamed %t", err, d.was(rename), renamed)
			}
			if !renamed && !errors.Is(err, orchestrator.ErrNameTaken) {
				t.Errorf("got %v, want ErrNameTaken", err)
			}
		})
	}
}

// TestStartFromAContainerThatCannotBeSeen: whether we are a container decides
// how others are reached and what they belong to, and is asked first.
func TestStartFromAContainerThatCannotBeSeen(t *testing.T) {
	t.Parallel()
	const id = "0123456789ab"
	d := newDaemon(t)
	d.answers["GET /containers/"+id+"/json"] = answer{status: 500, body: `{"message":"on fire"}`}
	_, err := d.engine(proc(t, "", "", id)).Start(t.Context(), spec())
	if err == nil || !strings.Contains(err.Error(), "our own container") {
		t.Errorf("got %v, want the engine's error", err)
	}
	if d.was("POST /containers/create") {
		t.Errorf("a container was made; asked %v", d.asked)
	}
}
