package claudesim

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"regexp"
	"slices"
	"strings"
)

const (
	maxBreakpoints = 4
	maxEdge        = 1568
)

// check returns why the service would refuse a request, nil when it would not.
func (r request) check() error {
	return errors.Join(r.checkModel(), r.checkMessages(), r.checkTools(), r.checkCache())
}

// isOld reports a model that still takes what the newer ones refuse.
func (r request) isOld() bool { return strings.HasSuffix(r.Model, "-4-5") }

func (r request) checkModel() error {
	var found []error
	if r.MaxTokens == nil || *r.MaxTokens < 1 {
		found = append(found, errors.New("max_tokens: Field required"))
	}
	if !r.isOld() && (r.Temperature != nil || r.TopP != nil || r.TopK != nil) {
		found = append(found, errors.New("temperature, top_p and top_k: not supported by this model"))
	}
	if r.Thinking != nil && r.Thinking.Type == "enabled" && !r.isOld() {
		found = append(found, errors.New("thinking.type: enabled is not supported by this model"))
	}
	if r.OutputConfig != nil {
		switch {
		case r.isOld():
			found = append(found, errors.New("output_config.effort: not supported by this model"))
		case !slices.Contains([]string{"low", "medium", "high", "xhigh", "max"}, r.OutputConfig.Effort):
			found = append(found, errors.New("output_config.effort: Input should be low, medium, high, xhigh or max"))
		}
	}
	return errors.Join(found...)
}

func (r request) checkMessages() error {
	if len(r.Messages) == 0 {
		return errors.New("messages: at least one message is required")
	}
	if first := r.Messages[0].Role; first != "user" {
		return fmt.Errorf("messages.0.role: must be user, not %q", first)
	}
	if r.Messages[len(r.Messages)-1].Role == "assistant" {
		return errors.New("messages: this model does not support assistant message prefill")
	}
	var found []error
	for i, m := range r.Messages {
		if len(m.Content) == 0 {
			found = append(found, fmt.Errorf("messages.%d.content: is empty", i))
		}
		for j, b := range m.Content {
			if err := b.check(); err != nil {
				found = append(found, fmt.Errorf("messages.%d.content.%d: %w", i, j, err))
			}
		}
	}
	for i, b := range r.System {
		if b.Type != "text" || b.Text == "" {
			found = append(found, fmt.Errorf("system.%d: text content blocks must be non-empty", i))
		}
	}
	return errors.Join(found...)
}

func (b block) check() error {
	switch b.Type {
	case "text":
		if strings.TrimSpace(b.Text) == "" {
			return errors.New("text content blocks must be non-empty")
		}
		return nil
	case "image":
		return b.checkImage()
	default:
		return fmt.Errorf("type %q is not expected here", b.Type)
	}
}

func (b block) checkImage() error {
	if b.Source == nil || b.Source.Type != "base64" {
		return errors.New("source: base64 is expected")
	}
	config, err := b.Source.size()
	switch {
	case err != nil:
		return fmt.Errorf("could not process image: %w", err)
	case b.Transformations != nil && b.Transformations.OversizedImage == "error" &&
		max(config.Width, config.Height) > maxEdge:
		return fmt.Errorf("image of %d×%d is oversized", config.Width, config.Height)
	}
	return nil
}

// size is that of an image, which must be what it is said to be.
func (s source) size() (image.Config, error) {
	switch s.MediaType {
	case "image/jpeg":
		return jpeg.DecodeConfig(bytes.NewReader(s.Data))
	case "image/png":
		return png.DecodeConfig(bytes.NewReader(s.Data))
	default:
		return image.Config{}, fmt.Errorf("media type %q", s.MediaType)
	}
}

func namePattern() *regexp.Regexp { return regexp.MustCompile(`^[a-zA-Z0-9_-]{1,128}$`) }

func (r request) checkTools() error {
	var found []error
	add := func(format string, args ...any) { found = append(found, fmt.Errorf(format, args...)) }
	if c := r.ToolChoice; c != nil {
		switch {
		case len(r.Tools) == 0:
			add("tool_choice: may only be specified while providing tools")
		case c.Type != "auto" && c.Type != "none" && !r.isOld():
			add("tool_choice: forced tool use is not supported by this model")
		}
	}
	var seen []string
	options, unions := 0, 0
	for i, t := range r.Tools {
		if !namePattern().MatchString(t.Name) {
			add("tools.%d.name: String should match pattern", i)
		}
		if slices.Contains(seen, t.Name) {
			add("tools: Tool names must be unique: %s", t.Name)
		}
		seen = append(seen, t.Name)
		s, err := readSchema(t.InputSchema, t.Strict)
		if err != nil {
			add("tools.%d.input_schema: %w", i, err)
		}
		options, unions = options+s.options, unions+s.unions
	}
	if options > maxOptions || unions > maxUnions || len(r.Tools) > maxStrict {
		add("tools: schemas are too complex: %d optional parameters, %d unions, %d tools",
			options, unions, len(r.Tools))
	}
	return errors.Join(found...)
}

func (r request) checkCache() error {
	n := 0
	var found []error
	count := func(c *cacheControl) {
		if c == nil {
			return
		}
		n++
		if c.Type != "ephemeral" || c.TTL != "" && c.TTL != "5m" && c.TTL != "1h" {
			found = append(found, errors.New("cache_control: ephemeral is expected, with a ttl of 5m or 1h"))
		}
	}
	for _, t := range r.Tools {
		count(t.CacheControl)
	}
	for _, b := range r.System {
		count(b.CacheControl)
	}
	for _, m := range r.Messages {
		for _, b := range m.Content {
			count(b.CacheControl)
		}
	}
	if n > maxBreakpoints {
		found = append(found, fmt.Errorf("a maximum of 4 blocks with cache_control may be provided, found %d", n))
	}
	return errors.Join(found...)
}
