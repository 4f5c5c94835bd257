package claude

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"github.com/anthropics/anthropic-sdk-go"

	"postfleet/internal/screen"
)

// reader checks what the model said against what it was asked.
type reader struct {
	names   []string
	outline screen.Outline
}

// read returns the answer in a message, or a *NoAnswerError.
func (r reader) read(msg *anthropic.Message) (Answer, error) {
	call, why := onlyTool(msg)
	if why == "" {
		var answer Answer
		if answer, why = r.call(call); why == "" {
			return answer, nil
		}
	}
	return Answer{}, &NoAnswerError{Why: why}
}

// onlyTool returns the one tool that was called. Words beside it are of no
// account.
func onlyTool(msg *anthropic.Message) (call anthropic.ToolUseBlock, why Why) {
	switch msg.StopReason {
	case anthropic.StopReasonRefusal:
		return call, Refusal
	case anthropic.StopReasonMaxTokens, anthropic.StopReasonModelContextWindowExceeded:
		return call, CutOff
	case anthropic.StopReasonPauseTurn, anthropic.StopReasonStopSequence:
		return call, Stopped
	case anthropic.StopReasonToolUse, anthropic.StopReasonEndTurn:
	}
	var calls []anthropic.ToolUseBlock
	for i := range msg.Content {
		if use, ok := msg.Content[i].AsAny().(anthropic.ToolUseBlock); ok {
			calls = append(calls, use)
		}
	}
	switch len(calls) {
	case 0:
		return call, Prose
	case 1:
		return calls[0], ""
	default:
		return call, TwoTools
	}
}

func (r reader) call(use anthropic.ToolUseBlock) (Answer, Why) {
	switch use.Name {
	case toolPointOut:
		return r.pointOut(use.Input)
	case toolDismiss:
		return r.dismiss(use.Input)
	case toolWait:
		return verb(use.Input, Wait)
	case toolGoBack:
		return verb(use.Input, Back)
	case toolScroll:
		return scroll(use.Input)
	case toolGiveUp:
		return giveUp(use.Input)
	default:
		return Answer{}, UnknownTool
	}
}

func (r reader) pointOut(input json.RawMessage) (Answer, Why) {
	var args struct {
		Elements []struct {
			Name   *string `json:"name"`
			Number *int    `json:"number"`
		} `json:"elements"`
	}
	if strictly(input, &args) != nil {
		return Answer{}, Malformed
	}
	found, named := map[string]int{}, map[int]bool{}
	for _, e := range args.Elements {
		switch {
		case e.Name == nil || e.Number == nil:
			return Answer{}, Malformed
		case !slices.Contains(r.names, *e.Name):
			return Answer{}, UnknownName
		case *e.Number < 1 || r.outline.Node(*e.Number) == nil:
			return Answer{}, UnknownNumber
		case found[*e.Name] != 0:
			return Answer{}, TwiceNamed
		case named[*e.Number]:
			return Answer{}, TwiceNumbered
		}
		found[*e.Name], named[*e.Number] = *e.Number, true
	}
	if len(found) == 0 {
		return Answer{}, Nothing
	}
	return Answer{Elements: found}, ""
}

func (r reader) dismiss(input json.RawMessage) (Answer, Why) {
	var args struct {
		Number *int `json:"number"`
	}
	switch {
	case strictly(input, &args) != nil || args.Number == nil:
		return Answer{}, Malformed
	case *args.Number < 1 || r.outline.Node(*args.Number) == nil:
		return Answer{}, UnknownNumber
	}
	return Answer{Dismiss: *args.Number}, ""
}

func scroll(input json.RawMessage) (Answer, Why) {
	var args struct {
		Direction string `json:"direction"`
	}
	if strictly(input, &args) != nil {
		return Answer{}, Malformed
	}
	switch args.Direction {
	case "up":
		return Answer{Verb: ScrollUp}, ""
	case "down":
		return Answer{Verb: ScrollDown}, ""
	}
	return Answer{}, Malformed
}

func giveUp(input json.RawMessage) (Answer, Why) {
	var args struct {
		Reason Reason `json:"reason"`
	}
	known := []Reason{WrongScreen, NeedsPerson, Unclear}
	if strictly(input, &args) != nil || !slices.Contains(known, args.Reason) {
		return Answer{}, Malformed
	}
	return Answer{Verb: GiveUp, Reason: args.Reason}, ""
}

func verb(input json.RawMessage, v Verb) (Answer, Why) {
	if strictly(input, &struct{}{}) != nil {
		return Answer{}, Malformed
	}
	return Answer{Verb: v}, ""
}

// strictly decodes one object that has no fields but those of args.
func strictly(input json.RawMessage, args any) error {
	from := json.NewDecoder(bytes.NewReader(input))
	from.DisallowUnknownFields()
	if err := from.Decode(args); err != nil {
		return err
	}
	if _, err := from.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the arguments")
	}
	return nil
}
