package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"postfleet/internal/fault"
	"postfleet/internal/learned"
	"postfleet/internal/logging"
	prints "postfleet/internal/screen"
)

// newLearnedWorld is a world in which a worker learned two elements of one
// screen, and what closes another.
func newLearnedWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, "")
	w.write("data/media/README", "")
	for _, f := range []struct{ screen, element, id string }{
		{"aaaa", "create_tab", "tab_create"}, {"aaaa", "next_button", "next"}, {"bbbb", "", "not_now"},
	} {
		w.learn(f.screen, f.element, f.id)
	}
	return w
}

// book is what one worker of the world has learned with.
func (w *world) book(worker string) *learned.Book {
	w.t.Helper()
	b := learned.New(learned.Config{Path: w.path("data/learned.yaml"), Worker: worker}, logging.Discard())
	w.t.Cleanup(func() {
		if err := b.Close(); err != nil {
			w.t.Error(err)
		}
	})
	return b
}

func learnedAt(key string) learned.Place {
	return learned.Place{
		App: "com.example.app", Version: "1.0", Recipe: "reel",
		Screen: prints.Print{Key: key, Signs: []string{"t a", "t b"}},
	}
}

func (w *world) learn(key, element, id string) {
	w.t.Helper()
	wanted := learned.Wanted{Name: element, Hash: learned.Hash(element)}
	_, lease, err := w.book("worker-0").Await(w.t.Context(), learnedAt(key), wanted)
	if err != nil {
		w.t.Fatal(err)
	}
	err = lease.Confirm(w.t.Context(), learned.Finding{
		Wanted: wanted, Find: []learned.Identity{{ID: id, Desc: "Some label"}}, Model: "some-model",
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// learned runs a command of "recipe learned".
func (w *world) learned(args ...string) (string, error) {
	w.t.Helper()
	w.out.reset()
	root := &cobra.Command{Use: "recipe", SilenceErrors: true, SilenceUsage: true}
	root.SetErr(&w.err)
	root.AddCommand(w.app.recipeLearnedCommand())
	place := []string{"--config", w.path("fleet.yaml"), "--data-dir", w.path("data")}
	root.SetArgs(slices.Concat([]string{"learned"}, args, place))
	err := root.ExecuteContext(w.t.Context())
	return w.out.String(), err
}

func (w *world) mustLearned(args ...string) string {
	w.t.Helper()
	out, err := w.learned(args...)
	if err != nil {
		w.t.Fatalf("%v: %v", args, err)
	}
	return out
}

// listed is what list --json says.
func (w *world) listedLearned() (records []learnedJSON, stops []stopJSON) {
	w.t.Helper()
	var document struct {
		Records []learnedJSON `json:"records"`
		Stops   []stopJSON    `json:"stops"`
	}
	if err := json.Unmarshal([]byte(w.mustLearned("list", "--json")), &document); err != nil {
		w.t.Fatal(err)
	}
	return document.Records, document.Stops
}

func TestLearnedList(t *testing.T) {
	t.Parallel()
	w := newLearnedWorld(t)
	out := w.mustLearned("list")
	w.mustHold("list", out, "ID ", "STATE", "candidate", "create_tab", "next_button", "interruption", "aaaa", "bbbb",
		`id "not_now", desc "Some label"`)
	if got := strings.Count(out, "\n"); got != 4 {
		t.Errorf("got %d lines, want 4:\n%s", got, out)
	}
	records, stops := w.listedLearned()
	if len(records) != 3 || records[0].LearnedBy != "worker-0" || records[0].Model != "some-model" || len(stops) != 0 {
		t.Errorf("got %+v, %+v", records, stops)
	}
}

func TestLearnedNothingYet(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.write("data/media/README", "")
	w.mustHold("list", w.mustLearned("list"), "nothing was learned yet")
	w.mustHold("list", w.mustLearned("list", "--json"), `"records": []`, `"stops": []`)
	w.mustHold("drop", w.mustLearned("drop", "--all"), "there was nothing to drop")
	_, err := w.learned("show", "abcd")
	if err == nil || !strings.Contains(err.Error(), "nothing was learned yet") {
		t.Errorf("got %v", err)
	}
}

func TestLearnedShow(t *testing.T) {
	t.Parallel()
	w := newLearnedWorld(t)
	records, _ := w.listedLearned()
	w.mustHold("show", w.mustLearned("show", records[0].ID), "id: "+records[0].ID, "model: some-model", "signs: |",
		"  t a", "worker: worker-0", "app: com.example.app")
}

func TestLearnedDrop(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		left string
	}{
		"by screen":       {[]string{"--screen", "aaaa"}, "interruption"},
		"by element":      {[]string{"--element", "create_tab"}, "interruption next_button"},
		"an interruption": {[]string{"--element", "interruption"}, "next_button create_tab"},
		"by both":         {[]string{"--screen", "aaaa", "--element", "next_button"}, "interruption create_tab"},
		"by both, none answers": {
			[]string{"--screen", "bbbb", "--element", "next_button"}, "interruption next_button create_tab",
		},
		"all":        {[]string{"--all"}, ""},
		"stops only": {[]string{"--stops"}, "interruption next_button create_tab"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newLearnedWorld(t)
			out := w.mustLearned(append([]string{"drop"}, c.args...)...)
			records, _ := w.listedLearned()
			var left []string
			for _, r := range records {
				if r.Element == "" {
					r.Element = r.Kind
				}
				left = append(left, r.Element)
			}
			if got := strings.Join(left, " "); got != c.left {
				t.Errorf("got %q left, want %q\n%s", got, c.left, out)
			}
			if got := strings.Count(out, "dropped "); got != 3-len(left) {
				t.Errorf("said that %d were dropped:\n%s", got, out)
			}
		})
	}
}

// What cannot be meant drops nothing, and the error names what there is.
func TestLearnedDropRefuses(t *testing.T) {
	t.Parallel()
	w := newLearnedWorld(t)
	records, _ := w.listedLearned()
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "say what to drop"},
		{[]string{"--all", "--element", "create_tab"}, "say what to drop"},
		{[]string{records[0].ID, "zzzz"}, records[1].ID},
		{[]string{"--screen", "cccc"}, `screen "cccc": there is none; there is aaaa, bbbb`},
		{[]string{"--element", "tab"}, "there is create_tab, interruption, next_button"},
	} {
		_, err := w.learned(append([]string{"drop"}, c.args...)...)
		if !fault.Is(err, fault.Input) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: got %v of class %q, want %q", c.args, err, fault.Of(err), c.want)
		}
	}
	if left, _ := w.listedLearned(); len(left) != 3 {
		t.Errorf("dropped: %+v", left)
	}
	w.mustHold("drop", w.mustLearned("drop", records[0].ID), "dropped "+records[0].ID)
}

// Where learning was stopped, list says so, and drop lets it go on.
func TestLearnedStops(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.write("data/media/README", "")
	other := w.book("worker-1")
	for _, key := range []string{"aaaa", "bbbb", "cccc"} {
		w.learn(key, "tab", "tab")
		u, _, err := other.Lookup(t.Context(), learnedAt(key), learned.Wanted{Name: "tab", Hash: learned.Hash("tab")})
		if err != nil {
			t.Fatal(err)
		}
		if err := other.Fail(t.Context(), u, learned.ExpectFailed); err != nil {
			t.Fatal(err)
		}
	}
	w.mustHold("list", w.mustLearned("list"), "retired", "expect_failed",
		"learning is off: com.example.app 1.0: 3 of 3 records in use were wrong within an hour", "drop --stops")
	if _, stops := w.listedLearned(); len(stops) != 1 || stops[0].Out != 3 {
		t.Errorf("got %+v", stops)
	}
	w.mustHold("drop", w.mustLearned("drop", "--stops"), "learning goes on for com.example.app 1.0")
	w.learn("dddd", "tab", "tab")
}

func TestLearnedDamaged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.write("data/learned.yaml", "records: [")
	for _, args := range [][]string{{"list"}, {"show", "x"}, {"drop", "--all"}} {
		_, err := w.learned(args...)
		if !fault.Is(err, fault.Input) || !strings.Contains(err.Error(), "move it away") {
			t.Errorf("%v: got %v", args, err)
		}
	}
}
