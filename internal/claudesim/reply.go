package claudesim

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"time"
)

// Reply is how one request is answered: the zero value is for the mind to give.
type Reply struct {
	// Status is an HTTP status that is an error, 0 or 200 for an answer; Kind and
	// Message are the error's.
	Status        int
	Kind, Message string
	// Header is sent as well.
	Header http.Header
	// Delay is waited for before anything is sent.
	Delay time.Duration
	// Drop breaks the connection off instead of answering.
	Drop bool

	// Content are the blocks of an answer, and Stop is its stop_reason.
	Content []Content
	Stop    string
}

// Content is a block of an answer: text, or a tool with its input.
type Content struct {
	Text  string
	Tool  string
	Input json.RawMessage
}

// Call is an answer that calls one tool. A nil input is an empty object.
func Call(tool string, input map[string]any) Reply { return Calls(call(tool, input)) }

// Calls is an answer of these blocks.
func Calls(content ...Content) Reply { return Reply{Content: content, Stop: "tool_use"} }

func call(tool string, input map[string]any) Content {
	if input == nil {
		input = map[string]any{}
	}
	b, err := json.Marshal(input)
	if err != nil {
		b = []byte(`"` + err.Error() + `"`)
	}
	return Content{Tool: tool, Input: b}
}

// PointOut points out elements by name.
func PointOut(numbers map[string]int) Reply {
	elements := []map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(numbers)) {
		elements = append(elements, map[string]any{"name": name, "number": numbers[name]})
	}
	return Call("point_out", map[string]any{"elements": elements})
}

// Dismiss closes an interruption.
func Dismiss(number int) Reply { return Call("dismiss", map[string]any{"number": number}) }

// TwoTools calls two tools at once.
func TwoTools() Reply { return Calls(call("wait", nil), call("go_back", nil)) }

// Prose is an answer in words.
func Prose(text string) Reply { return Reply{Content: []Content{{Text: text}}, Stop: "end_turn"} }

// Refusal is an answer that the model refuses.
func Refusal() Reply { return Reply{Stop: "refusal"} }

// CutOff is an answer that reached max_tokens.
func CutOff() Reply { return Reply{Content: []Content{{Text: "Let me"}}, Stop: "max_tokens"} }

// RateLimited is a 429. After is what retry-after says; 0 says nothing.
func RateLimited(after time.Duration) Reply {
	r := failed(http.StatusTooManyRequests, "rate_limit_error", "This request would exceed your rate limit.")
	if after > 0 {
		r.Header = http.Header{"Retry-After-Ms": {ms(after)}}
	}
	return r
}

// statusOverloaded is the service's own.
const statusOverloaded = 529

// Overloaded is a 529.
func Overloaded() Reply { return failed(statusOverloaded, "overloaded_error", "Overloaded") }

// Broken is a 500.
func Broken() Reply {
	return failed(http.StatusInternalServerError, "api_error", "Internal server error")
}

// NoCredit is how the service says that the account is empty.
func NoCredit() Reply {
	return failed(http.StatusBadRequest, "invalid_request_error",
		"Your credit balance is too low to access the Anthropic API.")
}

// Slow has the mind answer after a time.
func Slow(d time.Duration) Reply { return Reply{Delay: d} }

// Dropped breaks the connection off.
func Dropped() Reply { return Reply{Drop: true} }

func failed(status int, kind, message string) Reply {
	return Reply{Status: status, Kind: kind, Message: message}
}

// isMinds reports whether the mind is to answer.
func (r Reply) isMinds() bool { return r.Status == 0 && !r.Drop && r.Stop == "" && len(r.Content) == 0 }
