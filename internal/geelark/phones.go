package geelark

import (
	"context"
	"fmt"

	"postfleet/internal/fault"
)

// The APIs that are about phones.
const (
	apiList   = pathPrefix + "phone/list"
	apiStatus = pathPrefix + "phone/status"
	apiStart  = pathPrefix + "phone/start"
	apiStop   = pathPrefix + "phone/stop"
)

// Status is a phone's, in the service's numbers.
type Status int

// The statuses there are.
const (
	Started  Status = 0
	Starting Status = 1
	ShutDown Status = 2
	Expired  Status = 3
)

// Billable reports whether the phone may cost money: in any status but the two
// in which it certainly is off, also one that nobody knows.
func (s Status) Billable() bool { return s != ShutDown && s != Expired }

// String returns the status in words.
func (s Status) String() string {
	switch s {
	case Started:
		return "started"
	case Starting:
		return "starting"
	case ShutDown:
		return "shut down"
	case Expired:
		return "expired"
	default:
		return fmt.Sprintf("status %d", int(s))
	}
}

// Listed is a phone in the account's list.
type Listed struct {
	ID        string `json:"id"`
	Name      string `json:"serialName"`
	Status    Status `json:"status"`
	Equipment struct {
		OSVersion string `json:"osVersion"`
	} `json:"equipmentInfo"`
}

// Reported is a phone's status by its id.
type Reported struct {
	ID     string `json:"id"`
	Name   string `json:"serialName"`
	Status Status `json:"status"`
}

func (r Reported) of() (id string, code int) { return r.ID, codeOK }

// Accepted is a phone whose start or stop the service has accepted.
type Accepted struct {
	ID string `json:"id"`
}

func (a Accepted) of() (id string, code int) { return a.ID, codeOK }

const (
	pageSize = 100
	// maxPages ends a list that would not end: ten thousand phones.
	maxPages = 100
)

type listPage struct {
	Total int      `json:"total"`
	Items []Listed `json:"items"`
}

// List returns the account's phones whose names the service finds for name, in
// its order; all of them when name is "". The service searches: ask for
// equality yourself, or use Find. It makes one request for each hundred.
func (c *Client) List(ctx context.Context, name string) ([]Listed, error) {
	var all []Listed
	seen := make(map[string]bool) // a page may shift while one reads
	read := 0
	for page := 1; page <= maxPages; page++ {
		body := map[string]any{"page": page, "pageSize": pageSize}
		if name != "" {
			body["serialName"] = name
		}
		var got listPage
		if err := c.call(ctx, apiList, "", body, &got); err != nil {
			return nil, err
		}
		for _, phone := range got.Items {
			if !seen[phone.ID] {
				seen[phone.ID] = true
				all = append(all, phone)
			}
		}
		read += len(got.Items)
		if len(got.Items) == 0 || read >= got.Total {
			return all, nil
		}
	}
	return nil, fault.Errorf(fault.Infra, "%s: more than %d pages", short(apiList), maxPages)
}

// Find returns the one phone with exactly this name. ErrNoPhone when there is
// none, or more than one; both are of class fault.Human.
func (c *Client) Find(ctx context.Context, name string) (Listed, error) {
	if name == "" {
		return Listed{}, fault.Errorf(fault.Human, "%w: a phone without a name", ErrNoPhone)
	}
	all, err := c.List(ctx, name)
	if err != nil {
		return Listed{}, err
	}
	var found []Listed
	for _, phone := range all {
		if phone.Name == name {
			found = append(found, phone)
		}
	}
	switch len(found) {
	case 0:
		return Listed{}, fault.Errorf(fault.Human, "%w: none is named %q", ErrNoPhone, name)
	case 1:
		return found[0], nil
	default:
		return Listed{}, fault.Errorf(fault.Human, "%w: %d are named %q", ErrNoPhone, len(found), name)
	}
}

// Status asks for the phones' statuses.
func (c *Client) Status(ctx context.Context, ids ...string) Batch[Reported] {
	return askFor[Reported](ctx, c, request{api: apiStatus}, ids)
}

// StartOptions are what a start may ask for.
type StartOptions struct {
	// EnergySaving makes the phone shut itself down after 30 idle minutes.
	EnergySaving bool
}

// Start asks the service to start phones; that is done when their status says
// so. Whoever calls it has written down before that they may run.
func (c *Client) Start(ctx context.Context, opts StartOptions, ids ...string) Batch[Accepted] {
	r := request{api: apiStart}
	if opts.EnergySaving {
		r.more = map[string]any{"energySavingMode": 1}
	}
	return askFor[Accepted](ctx, c, r, ids)
}

// Stop asks the service to stop phones; that is done when their status says so.
func (c *Client) Stop(ctx context.Context, ids ...string) Batch[Accepted] {
	return askFor[Accepted](ctx, c, request{api: apiStop, silent: true}, ids)
}
