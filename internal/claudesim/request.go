package claudesim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// request is the body of a request, strictly: what it does not have the service
// would not take either, or no request of ours should hold.
type request struct {
	Model        string          `json:"model"`
	MaxTokens    *int            `json:"max_tokens"`
	System       []block         `json:"system"`
	Messages     []message       `json:"messages"`
	Tools        []tool          `json:"tools"`
	ToolChoice   *toolChoice     `json:"tool_choice"`
	OutputConfig *outputConfig   `json:"output_config"`
	Thinking     *thinking       `json:"thinking"`
	Temperature  json.RawMessage `json:"temperature"`
	TopP         json.RawMessage `json:"top_p"`
	TopK         json.RawMessage `json:"top_k"`
	Metadata     json.RawMessage `json:"metadata"`
}

type message struct {
	Role    string  `json:"role"`
	Content []block `json:"content"`
}

type block struct {
	Type            string           `json:"type"`
	Text            string           `json:"text"`
	Source          *source          `json:"source"`
	CacheControl    *cacheControl    `json:"cache_control"`
	Transformations *transformations `json:"transformations"`
}

type source struct {
	Type      string `json:"type"`
	MediaType string `json:"media_type"`
	Data      []byte `json:"data"`
}

type transformations struct {
	OversizedImage string `json:"oversized_image"`
}

type cacheControl struct {
	Type string `json:"type"`
	TTL  string `json:"ttl"`
}

type tool struct {
	Name         string          `json:"name"`
	Description  string          `json:"description"`
	Strict       bool            `json:"strict"`
	InputSchema  json.RawMessage `json:"input_schema"`
	CacheControl *cacheControl   `json:"cache_control"`
}

type toolChoice struct {
	Type     string `json:"type"`
	Name     string `json:"name"`
	Parallel bool   `json:"disable_parallel_tool_use"`
}

type outputConfig struct {
	Effort string `json:"effort"`
}

type thinking struct {
	Type   string `json:"type"`
	Budget int    `json:"budget_tokens"`
}

func decode(body []byte) (request, error) {
	var r request
	from := json.NewDecoder(bytes.NewReader(body))
	from.DisallowUnknownFields()
	if err := from.Decode(&r); err != nil {
		return request{}, fmt.Errorf("body: %w", err)
	}
	return r, nil
}

// userText is the text of the last message.
func (r request) userText() string {
	if n := len(r.Messages); n > 0 {
		return textOf(r.Messages[n-1].Content)
	}
	return ""
}

func (r request) systemText() string { return textOf(r.System) }

func textOf(blocks []block) string {
	var text strings.Builder
	for _, b := range blocks {
		text.WriteString(b.Text)
	}
	return text.String()
}
