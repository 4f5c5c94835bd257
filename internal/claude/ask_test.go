package claude_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/claude"
	"postfleet/internal/claude/price"
	"postfleet/internal/claudesim"
	"postfleet/internal/fault"
)

func TestAsk(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		reply claudesim.Reply
		want  claude.Answer
	}{
		{"all that is there", claudesim.Reply{}, claude.Answer{
			Elements: map[string]int{"create_tab": 2, "profile_tab": 3},
		}},
		{"not what was wanted", claudesim.PointOut(map[string]int{"reel_choice": 1}), claude.Answer{
			Elements: map[string]int{"reel_choice": 1},
		}},
		{"dismiss", claudesim.Dismiss(3), claude.Answer{Dismiss: 3}},
		{"wait", claudesim.Call("wait", nil), claude.Answer{Verb: claude.Wait}},
		{"back", claudesim.Call("go_back", nil), claude.Answer{Verb: claude.Back}},
		{"up", claudesim.Call("scroll", map[string]any{"direction": "up"}), claude.Answer{Verb: claude.ScrollUp}},
		{"down", claudesim.Call("scroll", map[string]any{"direction": "down"}), claude.Answer{Verb: claude.ScrollDown}},
		{"give up", claudesim.Call("give_up", map[string]any{"reason": "needs_person"}), claude.Answer{
			Verb: claude.GiveUp, Reason: claude.NeedsPerson,
		}},
		{
			"words beside a tool",
			claudesim.Calls(claudesim.Content{Text: "I see."}, claudesim.Call("wait", nil).Content[0]),
			claude.Answer{Verb: claude.Wait},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, roomy())
			w.sim.Next(tt.reply)
			got, err := w.client.Ask(t.Context(), question())
			if err != nil {
				t.Fatal(err)
			}
			if got.Usage.Calls != 1 || got.Usage.Cost <= 0 || w.client.Used() != got.Usage {
				t.Errorf("used: got %+v, the client %+v", got.Usage, w.client.Used())
			}
			got.Usage = claude.Usage{}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

// An answer that is none is asked for once more, with a note that says why, but
// not after a refusal.
func TestNoAnswer(t *testing.T) {
	t.Parallel()
	elements := func(list ...map[string]any) claudesim.Reply {
		return claudesim.Call("point_out", map[string]any{"elements": list})
	}
	for _, tt := range []struct {
		why   claude.Why
		reply claudesim.Reply
		tries int
	}{
		{claude.Prose, claudesim.Prose("It is the button in the middle."), 2},
		{claude.Refusal, claudesim.Refusal(), 1},
		{claude.CutOff, claudesim.CutOff(), 2},
		{claude.Stopped, claudesim.Reply{Stop: "pause_turn"}, 2},
		{claude.UnknownTool, claudesim.Call("tap", map[string]any{"x": 540, "y": 1200}), 2},
		{claude.TwoTools, claudesim.TwoTools(), 2},
		{claude.Malformed, claudesim.Call("wait", map[string]any{"seconds": 5}), 2},
		{claude.Malformed, claudesim.Call("point_out", map[string]any{"elements": "create_tab"}), 2},
		{claude.Malformed, elements(map[string]any{"name": "create_tab"}), 2},
		{claude.Malformed, elements(map[string]any{"name": "create_tab", "number": 1.5}), 2},
		{claude.Malformed, claudesim.Call("scroll", map[string]any{"direction": "left"}), 2},
		{claude.Malformed, claudesim.Call("give_up", map[string]any{"reason": "I would rather not"}), 2},
		{claude.Malformed, claudesim.Call("dismiss", nil), 2},
		{claude.Nothing, elements(), 2},
		{claude.UnknownName, claudesim.PointOut(map[string]int{"share_button": 2}), 2},
		{claude.UnknownNumber, claudesim.PointOut(map[string]int{"create_tab": 4}), 2},
		{claude.UnknownNumber, claudesim.Dismiss(0), 2},
		{claude.UnknownNumber, claudesim.Dismiss(-1), 2},
		{claude.TwiceNumbered, claudesim.PointOut(map[string]int{"create_tab": 2, "profile_tab": 2}), 2},
		{
			claude.TwiceNamed,
			elements(
				map[string]any{"name": "create_tab", "number": 1}, map[string]any{"name": "create_tab", "number": 2}),
			2,
		},
	} {
		t.Run(string(tt.why), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, roomy())
			w.sim.Next(tt.reply, tt.reply)
			got, err := w.client.Ask(t.Context(), question())
			none, ok := errors.AsType[*claude.NoAnswerError](err)
			if !ok || none.Why != tt.why || !errors.Is(err, claude.ErrNoAnswer) || !fault.Is(err, fault.Infra) {
				t.Errorf("got %v, want %q", err, tt.why)
			}
			if got.Usage.Calls != tt.tries || len(w.sim.Requests()) != tt.tries {
				t.Errorf("got %d calls, %d requests; want %d", got.Usage.Calls, len(w.sim.Requests()), tt.tries)
			}
		})
	}
}

func TestSecondTry(t *testing.T) {
	t.Parallel()
	w := newWorld(t, roomy())
	w.sim.Next(claudesim.Prose("Let me think about it."))
	got, err := w.client.Ask(t.Context(), question())
	if err != nil || got.Elements["create_tab"] != 2 || got.Usage.Calls != 2 {
		t.Errorf("got %+v, %v", got, err)
	}
	requests := w.sim.Requests()
	text := requests[1].Prompt.Text
	if !strings.Contains(text, string(claude.Prose)) || strings.Contains(text, "think about") {
		t.Errorf("the note is not ours: %s", text)
	}
	if len(w.sim.Conversations()) != 2 || len(body(t, requests[1]).Messages) != 1 {
		t.Error("the second try is not a fresh request")
	}
}

// request is what the service looks at in a body.
type request struct {
	Model       string          `json:"model"`
	MaxTokens   int             `json:"max_tokens"`
	Temperature json.RawMessage `json:"temperature"`
	System      []block         `json:"system"`
	Messages    []struct {
		Role    string  `json:"role"`
		Content []block `json:"content"`
	} `json:"messages"`
	Tools []struct {
		Name         string          `json:"name"`
		Strict       bool            `json:"strict"`
		CacheControl json.RawMessage `json:"cache_control"`
	} `json:"tools"`
	ToolChoice struct {
		Type    string `json:"type"`
		Disable bool   `json:"disable_parallel_tool_use"`
	} `json:"tool_choice"`
	OutputConfig struct {
		Effort string `json:"effort"`
	} `json:"output_config"`
}

type block struct {
	Type         string          `json:"type"`
	Text         string          `json:"text"`
	CacheControl json.RawMessage `json:"cache_control"`
	Source       struct {
		MediaType string `json:"media_type"`
		Data      []byte `json:"data"`
	} `json:"source"`
}

func body(t *testing.T, r claudesim.Request) request {
	t.Helper()
	var b request
	if err := json.Unmarshal(r.Body, &b); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRequest(t *testing.T) {
	t.Parallel()
	for _, model := range price.Models() {
		w := newWorld(t, options{job: roomy().job, run: roomy().run, cfg: claude.Config{Model: model.ID}})
		if _, err := w.client.Ask(t.Context(), question()); err != nil {
			t.Fatal(err)
		}
		sent := w.sim.Requests()[0]
		b := body(t, sent)
		if b.Model != model.ID || b.Temperature != nil || b.MaxTokens < 1000 || b.MaxTokens > 2000 {
			t.Errorf("got model %s, temperature %s, max_tokens %d", b.Model, b.Temperature, b.MaxTokens)
		}
		if b.ToolChoice.Type != "auto" || !b.ToolChoice.Disable ||
			(b.OutputConfig.Effort == "low") != model.TakesEffort {
			t.Errorf("got tool_choice %+v, effort %q", b.ToolChoice, b.OutputConfig.Effort)
		}
		if len(b.Messages) != 1 || b.Messages[0].Role != "user" {
			t.Errorf("got messages %+v, want one of the user's", b.Messages)
		}
		// One breakpoint, at the end of what does not change.
		n := strings.Count(string(sent.Body), "cache_control")
		if n != 1 || b.System[len(b.System)-1].CacheControl == nil {
			t.Errorf("got %d breakpoints, want one at the end of system", n)
		}
		for _, tool := range b.Tools {
			if !tool.Strict {
				t.Errorf("%s is not strict", tool.Name)
			}
		}
	}
}

// What is the same for every question of a recipe is sent the same, to the byte,
// and read from the cache from the second question on.
func TestPrefixIsCached(t *testing.T) {
	t.Parallel()
	w := newWorld(t, roomy())
	var prompts int64
	for i, wanted := range []string{"create_tab", "profile_tab", "create_tab"} {
		q := question()
		q.Wanted = []claude.Named{{Name: wanted}}
		got, err := w.client.Ask(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if first := i == 0; (got.Usage.Tokens.CacheWrite > 0) != first || (got.Usage.Tokens.CacheRead > 0) == first {
			t.Errorf("question %d: got %+v", i, got.Usage.Tokens)
		}
		model, _ := price.Find(price.Default)
		if want := model.Of(got.Usage.Tokens); got.Usage.Cost != want {
			t.Errorf("question %d: got %s, want %s", i, got.Usage.Cost, want)
		}
		prompts += got.Usage.Tokens.Sum()
	}
	used := w.client.Used()
	run, job := w.spent(t, "17")
	if used.Calls != 3 || used.Tokens.Sum() != prompts || job.Calls != 3 || job != run ||
		job.Tokens != prompts || job.Cost != used.Cost || job.Time != used.Time {
		t.Errorf("got used %+v, of the job %+v, of the run %+v", used, job, run)
	}
	w.client.Begin("18")
	if w.client.Used() != (claude.Usage{}) {
		t.Error("a new job has used something")
	}
}

func TestQuestionsThatAreWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t, roomy())
	for name, change := range map[string]func(q *claude.Question){
		"nothing wanted":     func(q *claude.Question) { q.Wanted, q.Known = nil, nil },
		"wanted, not known":  func(q *claude.Question) { q.Wanted = []claude.Named{{Name: "share_button"}} },
		"no picture at all":  func(q *claude.Question) { q.PNG, q.Tree = []byte("GIF89a"), tree() },
		"a picture too huge": func(q *claude.Question) { q.PNG, q.Tree = hugePNG(t), tree() },
	} {
		q := question()
		change(&q)
		if _, err := w.client.Ask(t.Context(), q); err == nil || !fault.Is(err, fault.Infra) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if n := len(w.sim.Requests()); n != 0 {
		t.Errorf("got %d requests", n)
	}
}
