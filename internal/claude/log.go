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
// the answer but the kind of the latter.
func (c *Client) log(ctx context.Context, q Question, a Answer, err error) {
	logger := c.logger.With(logging.KeyStep, q.Step, keyModel, c.model.ID, keyCalls, a.Usage.Calls,
		keyTokens, a.Usage.Tokens.Sum(), keyCost, a.Usage.Cost.USD())
	if err != nil {
		logger.WarnContext(ctx, "model did not help", logging.Err(err))
		return
	}
	logger.InfoContext(ctx, "model answered", keyAnswer, a.kind())
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
