package claude

import (
	"errors"
	"fmt"
	"slices"

	"github.com/anthropics/anthropic-sdk-go"

	"postfleet/internal/claude/price"
)

// envelope is a question ready to be sent.
type envelope struct {
	model    price.Model
	question Question
	keep     keeper
	known    []Named
	picture  picture
	reader   reader
}

func (c *Client) envelope(q Question) (envelope, error) {
	known := q.Known
	if len(known) == 0 {
		known = q.Wanted
	}
	names := namesOf(known)
	for _, w := range q.Wanted {
		if !slices.Contains(names, w.Name) {
			return envelope{}, fmt.Errorf("element %s is wanted, but not among the known", w.Name)
		}
	}
	if len(names) == 0 {
		return envelope{}, errors.New("no element is wanted")
	}
	e := envelope{
		model: c.model, question: q, keep: newKeeper(q.Slots), known: known,
		reader: reader{names: names, outline: q.Outline},
	}
	if q.PNG == nil || q.Tree == nil {
		return e, nil
	}
	var err error
	e.picture, err = e.keep.draws(q.PNG, q.Tree)
	return e, err
}

// params is the request. There is no temperature and no beginning of an answer,
// and no tool is forced: the newest models refuse all three.
func (e envelope) params(note string) anthropic.MessageNewParams {
	text := anthropic.NewTextBlock(userText(e.question, e.keep, note))
	content := []anthropic.ContentBlockParamUnion{text}
	if e.picture.jpeg != nil {
		content = []anthropic.ContentBlockParamUnion{e.picture.block(), text}
	}
	p := anthropic.MessageNewParams{
		Model: e.model.ID, MaxTokens: maxTokens,
		System:   []anthropic.TextBlockParam{systemBlock(e.known)},
		Messages: []anthropic.MessageParam{anthropic.NewUserMessage(content...)},
		Tools:    tools(e.reader.names),
		ToolChoice: anthropic.ToolChoiceUnionParam{OfAuto: &anthropic.ToolChoiceAutoParam{
			DisableParallelToolUse: anthropic.Bool(true),
		}},
	}
	if e.model.TakesEffort {
		p.OutputConfig.Effort = anthropic.OutputConfigEffortLow
	}
	return p
}
