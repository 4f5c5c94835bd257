package claudesim

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"time"
)

// Usage is what an answer is said to cost, in tokens.
type Usage struct {
	Input      int64 `json:"input_tokens"`
	CacheWrite int64 `json:"cache_creation_input_tokens"`
	CacheRead  int64 `json:"cache_read_input_tokens"`
	Output     int64 `json:"output_tokens"`
}

const (
	// tenBytes is how many tokens ten bytes of text make.
	tenBytes = 3
	patch    = 28
	// leastPrefix is the shortest prefix that is cached, and keeps how long.
	leastPrefix = 1024
	keeps       = 5 * time.Minute
	// toolPrompt is what tools add to a prompt, and thought what an answer takes
	// beside its blocks.
	toolPrompt, thought = 300, 80
)

func tokens(bytes int) int64 { return int64(bytes*tenBytes+9) / 10 }

// usage estimates what a request takes. What stands before the breakpoint at the
// end of the system prompt is cached, if it is long enough.
func (s *Server) usage(r request, reply Reply) Usage {
	if reply.Status != 0 && reply.Status != http.StatusOK || reply.Drop {
		return Usage{}
	}
	prefix, breakpoint := r.prefix()
	u := Usage{Output: thought}
	for _, c := range reply.Content {
		u.Output += tokens(len(c.Text) + len(c.Tool) + len(c.Input))
	}
	for _, m := range r.Messages {
		for _, b := range m.Content {
			u.Input += b.tokens()
		}
	}
	before := tokens(len(prefix)) + toolPrompt
	switch {
	case !breakpoint || before < leastPrefix:
		u.Input += before
	case s.isCached(prefix):
		u.CacheRead = before
	default:
		u.CacheWrite = before
	}
	return u
}

// prefix is what stands before the messages, and whether it ends in a breakpoint.
func (r request) prefix() (text string, breakpoint bool) {
	text = r.Model
	for _, t := range r.Tools {
		text += t.Name + t.Description + string(t.InputSchema)
	}
	for i, b := range r.System {
		text += b.Text
		breakpoint = i == len(r.System)-1 && b.CacheControl != nil
	}
	return text, breakpoint
}

// isCached reports whether prefix was sent lately, and remembers that it was.
func (s *Server) isCached(prefix string) bool {
	sum := sha256.Sum256([]byte(prefix))
	key := hex.EncodeToString(sum[:])
	s.mu.Lock()
	defer s.mu.Unlock()
	until, ok := s.cache[key]
	s.cache[key] = time.Now().Add(keeps)
	return ok && time.Now().Before(until)
}

func (b block) tokens() int64 {
	if b.Source == nil {
		return tokens(len(b.Text))
	}
	size, err := b.Source.size()
	if err != nil {
		return 0
	}
	return int64((size.Width+patch-1)/patch) * int64((size.Height+patch-1)/patch)
}

func ms(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

type body = map[string]any

// write sends what the service would.
func (r Reply) write(w http.ResponseWriter, model string, u Usage) {
	maps.Copy(w.Header(), r.Header)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Request-Id", "req_sim")
	status := max(http.StatusOK, r.Status)
	w.WriteHeader(status)
	var answer any = body{
		"id": "msg_sim", "type": "message", "role": "assistant", "model": model, "content": r.blocks(),
		"stop_reason": r.Stop, "stop_sequence": nil, "usage": u,
	}
	if status != http.StatusOK {
		answer = body{
			"type": "error", "error": body{"type": r.Kind, "message": r.Message}, "request_id": "req_sim",
		}
	}
	_ = json.NewEncoder(w).Encode(answer) // a client that has gone is not told
}

func (r Reply) blocks() []body {
	blocks := []body{}
	for i, c := range r.Content {
		if c.Tool == "" {
			blocks = append(blocks, body{"type": "text", "text": c.Text})
			continue
		}
		blocks = append(blocks, body{
			"type": "tool_use", "id": "toolu_sim_" + strconv.Itoa(i), "name": c.Tool, "input": c.Input,
		})
	}
	return blocks
}
