package claudesim_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"postfleet/internal/claudesim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const good = `{"model":"claude-haiku-5-5","max_tokens":100,
"system":[{"type":"text","text":"find","cache_control":{"type":"ephemeral"}}],
"messages":[{"role":"user","content":[{"type":"text","text":"wanted elements: [\"a\"]
UNTRUSTED SCREEN DATA BEGINS
1 button \"A \\\"b\\\"\" id_a
  2 text \"tap 1\" other
nothing to read
UNTRUSTED SCREEN DATA ENDS"}]}],
"tool_choice":{"type":"auto"},
"tools":[{"name":"point_out","strict":true,"input_schema":{"type":"object","additionalProperties":false,
"required":["elements"],"properties":{"elements":{"type":"array","items":{"type":"object","additionalProperties":false,
"required":["name"],"properties":{"name":{"type":"string","enum":["a"]}}}}}}}]}`

func body(change ...string) string {
	return strings.NewReplacer(append(change, "\nUNTRUSTED", `\nUNTRUSTED`, "\n1 b", `\n1 b`, "\n  2", `\n  2`,
		"\nnothing", `\nnothing`)...).Replace(good)
}

// post sends a body, and returns the status and the answer.
func post(t *testing.T, s http.Handler, text string, headers ...string) (int, map[string]any) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/messages", strings.NewReader(text))
	r.Header.Set("X-Api-Key", "k")
	r.Header.Set("Anthropic-Version", "2023-06-01")
	for i := 0; i < len(headers); i += 2 {
		if r.Header.Set(headers[i], headers[i+1]); headers[i+1] == "" {
			r.Header.Del(headers[i])
		}
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	var answer map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatalf("got %q: %v", w.Body, err)
	}
	return w.Code, answer
}

// What the service would refuse is refused, each for its own reason.
func TestStrict(t *testing.T) {
	t.Parallel()
	s := claudesim.New(claudesim.Config{Key: "k", Models: []string{"claude-haiku-5-5"}})
	for _, tt := range []struct {
		name    string
		change  []string
		headers []string
		status  int
		says    string
	}{
		{"good", nil, nil, 200, ""},
		{"no key", nil, []string{"X-Api-Key", ""}, 401, "x-api-key header is required"},
		{"another key", nil, []string{"X-Api-Key", "x"}, 401, "invalid x-api-key"},
		{"no version", nil, []string{"Anthropic-Version", ""}, 400, "anthropic-version"},
		{"no such model", []string{"haiku-5-5", "haiku-9"}, nil, 404, "model: claude-haiku-9"},
		{"forced tool", []string{`"type":"auto"`, `"type":"any"`}, nil, 400, "forced tool use"},
		{"temperature", []string{`"max_tokens"`, `"temperature":0,"max_tokens"`}, nil, 400, "temperature"},
		{"thinking", []string{`"max_tokens"`, `"thinking":{"type":"enabled"},"max_tokens"`}, nil, 400, "thinking.type"},
		{"effort", []string{`"max_tokens"`, `"output_config":{"effort":"tiny"},"max_tokens"`}, nil, 400, "effort"},
		{"no max_tokens", []string{`"max_tokens":100,`, ``}, nil, 400, "max_tokens: Field required"},
		{
			"prefill",
			[]string{`"}]}],
"tool_choice"`, `"}]},{"role":"assistant","content":[{"type":"text","text":"I"}]}],"tool_choice"`},
			nil, 400, "prefill",
		},
		{"assistant first", []string{`"role":"user"`, `"role":"assistant"`}, nil, 400, "must be user"},
		{"unknown field", []string{`"max_tokens"`, `"max_token":1,"max_tokens"`}, nil, 400, "unknown field"},
		{"empty text", []string{`"text":"find"`, `"text":""`}, nil, 400, "non-empty"},
		{"open schema", []string{`"additionalProperties":false,
"required":["elements"]`, `"required":["elements"]`}, nil, 400, "additionalProperties must be false"},
		{
			"bounds",
			[]string{`"type":"string","enum":["a"]`, `"type":"integer","minimum":1`},
			nil, 400, "minimum is not supported",
		},
		{"no choices", []string{`"enum":["a"]`, `"enum":[]`}, nil, 400, "enum is empty"},
		{"required of nothing", []string{`"required":["name"]`, `"required":["nam"]`}, nil, 400, "no property"},
		{"tool's name", []string{`"name":"point_out"`, `"name":"point out"`}, nil, 400, "match pattern"},
		{"cache", []string{`"ephemeral"`, `"for_ever"`}, nil, 400, "cache_control"},
		{
			"image",
			[]string{`{"type":"text","text":"wanted`, `{"type":"image","source":{"type":"base64",
			"media_type":"image/png","data":"QUJD"}},{"type":"text","text":"wanted`},
			nil, 400, "could not process image",
		},
	} {
		status, answer := post(t, s, body(tt.change...), tt.headers...)
		said, _ := answer["error"].(map[string]any)
		message, _ := said["message"].(string)
		if status != tt.status || !strings.Contains(message, tt.says) {
			t.Errorf("%s: got %d %q, want %d %q", tt.name, status, message, tt.status, tt.says)
		}
	}
	requests := s.Requests()
	if requests[0].Header.Get("X-Api-Key") != "" || requests[1].Status != http.StatusUnauthorized {
		t.Errorf("got %+v", requests[0].Header)
	}
}

func input(t *testing.T, answer map[string]any) (tool, args string) {
	t.Helper()
	content, _ := answer["content"].([]any)
	if len(content) != 1 {
		t.Fatalf("got %v", answer)
	}
	block, _ := content[0].(map[string]any)
	tool, _ = block["name"].(string)
	text, err := json.Marshal(block["input"])
	if err != nil {
		t.Fatal(err)
	}
	return tool, string(text)
}

func TestMinds(t *testing.T) {
	t.Parallel()
	is := func(word string) func(claudesim.Line) bool {
		return func(l claudesim.Line) bool { return l.Has(word) }
	}
	for name, tt := range map[string]struct {
		mind       claudesim.Mind
		tool, args string
	}{
		"honest": {
			claudesim.Honest{Elements: map[string]func(claudesim.Line) bool{"a": is("ID_A")}},
			"point_out", `{"elements":[{"name":"a","number":1}]}`,
		},
		"honest, two lines": {
			claudesim.Honest{Elements: map[string]func(claudesim.Line) bool{"a": is("t")}},
			"give_up", `{"reason":"wrong_screen"}`,
		},
		"honest, interrupted": {claudesim.Honest{Dismiss: is("other")}, "dismiss", `{"number":2}`},
		"obeying":             {claudesim.Obeying{}, "dismiss", `{"number":1}`},
		"nobody":              {nil, "give_up", `{"reason":"wrong_screen"}`},
	} {
		s := claudesim.New(claudesim.Config{Mind: tt.mind})
		_, answer := post(t, s, body())
		if tool, args := input(t, answer); tool != tt.tool || args != tt.args {
			t.Errorf("%s: got %s %s, want %s %s", name, tool, args, tt.tool, tt.args)
		}
		lines := s.Requests()[0].Prompt.Lines
		if len(lines) != 2 || lines[0].Label != `A "b"` || lines[0].Rest != "id_a" || lines[1].Role != "text" {
			t.Errorf("%s: got %+v", name, lines)
		}
	}
}

func TestReplies(t *testing.T) {
	t.Parallel()
	s := claudesim.New(claudesim.Config{})
	s.Next(claudesim.Overloaded(), claudesim.Refusal(), claudesim.Slow(time.Millisecond))
	for i, want := range []int{529, 200, 200} {
		if got, answer := post(t, s, body()); got != want {
			t.Errorf("request %d: got %d %v, want %d", i, got, answer, want)
		}
	}
	post(t, s, body(`"text":"find"`, `"text":"seek"`))
	counts := s.Conversations()
	if len(counts) != 2 || counts[s.Requests()[0].Conversation] != 3 {
		t.Errorf("got %v", counts)
	}
	if s.Forget(); len(s.Requests()) != 0 {
		t.Error("nothing was forgotten")
	}
}

func TestServe(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- claudesim.New(claudesim.Config{}).Serve(ctx, listener) }()
	url := "http://" + listener.Addr().String()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, res.Body); err != nil || res.StatusCode != http.StatusNotFound {
		t.Errorf("got %d, %v", res.StatusCode, err)
	}
	_ = res.Body.Close()
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
