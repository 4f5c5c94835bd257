package geelark

import (
	"context"
	"maps"
	"slices"
)

// batchSize is how many phones one request may name.
const batchSize = 100

// Batch is what came of a request for several phones: every one of them is in
// one of the two.
type Batch[T detail] struct {
	Done   map[string]T
	Failed map[string]error
}

// One returns what came of the request for one phone.
func (b Batch[T]) One(id string) (T, error) {
	if err := b.Failed[id]; err != nil {
		var none T
		return none, err
	}
	return b.Done[id], nil
}

// details is the data of a batch's answer. A call tells of its successes in
// successDetails, in items, or not at all.
type details[T detail] struct {
	Success []T       `json:"successDetails"`
	Items   []T       `json:"items"`
	Failed  []failure `json:"failDetails"`
}

type failure struct {
	Code int    `json:"code"`
	ID   string `json:"id"`
	Msg  string `json:"msg"`
}

// detail is what an answer says of one phone.
type detail interface{ of() (id string, code int) }

// request is a call that names several phones.
type request struct {
	api string
	// more goes into the body beside the ids.
	more map[string]any
	// silent: the call's successes need not be named in its answer.
	silent bool
}

func (r request) body(ids []string) map[string]any {
	body := map[string]any{"ids": ids}
	maps.Copy(body, r.more)
	return body
}

// askFor asks for any number of phones, 100 at a time. Where a request fails as
// a whole, all its phones have; then those after it are asked for all the same,
// unless it failed for the fleet or ctx has ended.
func askFor[T detail](ctx context.Context, c *Client, r request, ids []string) Batch[T] {
	out := Batch[T]{Done: make(map[string]T), Failed: make(map[string]error)}
	var broken error
	for some := range slices.Chunk(ids, batchSize) {
		err := broken
		if err == nil {
			err = out.ask(ctx, c, r, some)
		}
		if err == nil {
			continue
		}
		for _, id := range some {
			out.Failed[id] = err
		}
		if verdict, _ := VerdictOf(err); verdict == GiveUpFleet || ctx.Err() != nil {
			broken = err
		}
	}
	return out
}

// ask makes one request. Its error is of all the ids.
func (b Batch[T]) ask(ctx context.Context, c *Client, r request, ids []string) error {
	got, err := c.exchange(ctx, r.api, r.body(ids))
	if err != nil {
		return err
	}
	code := *got.Code
	if code != codeOK && code != codePartly && code != codeAllFailed {
		return c.refuse(ctx, c.refusal(r.api, "", got.TraceID, code, got.Msg))
	}
	var said details[T]
	if len(got.Data) > 0 {
		if err := c.decode(r.api, got, &said); err != nil {
			return err
		}
	}
	b.sortOut(said, func(f failure) error {
		return c.refuse(ctx, c.refusal(r.api, f.ID, got.TraceID, f.Code, f.Msg))
	})
	for _, id := range ids {
		_, done := b.Done[id]
		switch {
		case done || b.Failed[id] != nil:
		case r.silent && code != codeAllFailed:
			var none T
			b.Done[id] = none
		default:
			b.Failed[id] = c.noAnswer(r.api, got.TraceID, "the answer does not name phone "+id).classified()
		}
	}
	return nil
}

// sortOut adds what the answer names. A failure counts more.
func (b Batch[T]) sortOut(said details[T], refuse func(failure) error) {
	for _, one := range slices.Concat(said.Success, said.Items) {
		if id, code := one.of(); code == codeOK {
			b.Done[id] = one
		} else {
			said.Failed = append(said.Failed, failure{Code: code, ID: id})
		}
	}
	for _, f := range said.Failed {
		delete(b.Done, f.ID)
		b.Failed[f.ID] = refuse(f)
	}
}
