package claude

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/anthropics/anthropic-sdk-go"

	"postfleet/internal/claude/budget"
	"postfleet/internal/fault"
)

// explain says what an error of the SDK's means. ctx is the caller's, asking is
// the question's own.
func (c *Client) explain(ctx, asking context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if none, ok := errors.AsType[*NoAnswerError](err); ok {
		return fault.Mark(fault.Infra, none)
	}
	// Before the deadline: what stopped the question is the reason, however late.
	switch cause := context.Cause(asking); {
	case errors.Is(cause, budget.ErrSpent):
		return fault.Errorf(fault.Infra, "%w: raise navigator.max_calls_per_job, "+
			"navigator.max_cost_usd_per_job or navigator.max_cost_usd_per_run, or mend the recipe", cause)
	case errors.Is(cause, context.DeadlineExceeded):
		return fault.Errorf(fault.Infra, "%w: no answer within %s", ErrUnavailable, c.timeout)
	case fault.Is(cause, fault.Human):
		return cause
	case cause != nil: // the budget's file; the ledger of the jobs is another
		return fault.Mark(fault.Infra, cause)
	}
	if refused, ok := errors.AsType[*anthropic.Error](err); ok {
		return c.refusal(refused)
	}
	return fault.Errorf(fault.Infra, "%w: %w", ErrUnavailable, err)
}

// refusal explains an answer with an HTTP status. Its own text repeats the
// body, whatever that is: only the service's sentence is taken over.
func (c *Client) refusal(e *anthropic.Error) error {
	said := fmt.Sprintf("HTTP status %d", e.StatusCode)
	if e.Type() != "" {
		said += " " + string(e.Type())
	}
	message := c.message(e)
	if message != "" {
		said += fmt.Sprintf(" %q", message)
	}
	if e.RequestID != "" {
		said += ", request " + e.RequestID
	}
	switch status := e.StatusCode; {
	case status == http.StatusUnauthorized:
		return fault.Errorf(fault.Human, "%w: set another ANTHROPIC_API_KEY: %s", ErrKey, said)
	case status == http.StatusForbidden:
		return fault.Errorf(fault.Human, "%w: the key may not use %s: give it the right to, or set another "+
			"ANTHROPIC_API_KEY: %s", ErrKey, c.model.ID, said)
	case status == http.StatusNotFound:
		return fault.Errorf(fault.Human, "%w: set another navigator.model than %s: %s", ErrModel, c.model.ID, said)
	case status == http.StatusPaymentRequired, status == http.StatusBadRequest && isAboutMoney(message):
		return fault.Errorf(fault.Human, "%w: see to the account's billing and spending limits: %s", ErrCredit, said)
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status == http.StatusConflict,
		status >= http.StatusInternalServerError:
		return fault.Errorf(fault.Infra, "%w: %s", ErrUnavailable, said)
	default:
		return fault.Errorf(fault.Infra, "%w: %s", ErrRefused, said)
	}
}

// isAboutMoney tells a 400 that is about the account from one about the request:
// the service has no type of its own for an empty balance or a spending limit.
func isAboutMoney(message string) bool {
	message = strings.ToLower(message)
	for _, words := range []string{"credit balance", "spend limit", "spending limit", "usage limit"} {
		if strings.Contains(message, words) {
			return true
		}
	}
	return false
}

const shownRunes = 200

// message is the service's sentence, cut short and without the key.
func (c *Client) message(e *anthropic.Error) string {
	var body struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	if json.Unmarshal([]byte(e.RawJSON()), &body) != nil {
		return ""
	}
	text := c.redactFunc(body.Error.Message)
	if r := []rune(text); len(r) > shownRunes {
		return string(r[:shownRunes]) + "…"
	}
	return text
}
