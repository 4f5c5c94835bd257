package claude

import (
	"context"

	"postfleet/internal/logging"
)

const (
	errorKey  = logging.KeyError
	keyModel  = "model"
	keyCalls  = "model_calls"
	keyTokens = "model_tokens"
	keyCost   = "model_cost_usd"
	keyAnswer = "answer"
)

// log tells what a question led to and what it cost; nothing of the question or
// the answer but the kind of the latter. An error is the caller's to tell.
func (c *Client) log(ctx context.Context, q Question, a Answer, err error) {
	kind := "none"
	if err == nil {
		kind = a.kind()
	}
	c.logger.InfoContext(ctx, "model asked", logging.KeyStep, q.Step, keyModel, c.model.ID, keyAnswer, kind,
		keyCalls, a.Usage.Calls, keyTokens, a.Usage.Tokens.Sum(), keyCost, a.Usage.Cost.USD())
}

func (a Answer) kind() string {
	switch {
	case a.Dismiss > 0:
		return toolDismiss
	case a.Verb != "":
		return string(a.Verb)
	default:
		return toolPointOut
	}
}
