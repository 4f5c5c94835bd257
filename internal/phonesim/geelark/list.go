package geelark

import (
	"context"
	"slices"
	"strings"
)

const defaultPageSize = 10

type listParams struct {
	Page       *int     `json:"page"`
	PageSize   *int     `json:"pageSize"`
	IDs        []string `json:"ids"`
	Name       string   `json:"serialName"`
	Group      string   `json:"groupName"`
	Tags       []string `json:"tags"`
	OpenStatus *int     `json:"openStatus"`
}

type listItem struct {
	ID         string        `json:"id"`
	Name       string        `json:"serialName"`
	Number     string        `json:"serialNo"`
	Status     status        `json:"status"`
	Group      listGroup     `json:"group"`
	Tags       []listTag     `json:"tags"`
	Equipment  listEquipment `json:"equipmentInfo"`
	ChargeMode int           `json:"chargeMode"`
	RPAStatus  int           `json:"rpaStatus"`
}

type listGroup struct {
	Name string `json:"name"`
}

type listTag struct {
	Name string `json:"name"`
}

type listEquipment struct {
	OSVersion string `json:"osVersion"`
	Brand     string `json:"deviceBrand"`
	Model     string `json:"deviceModel"`
}

// list finds phones. serialName is found anywhere in a name; with ids there
// are no pages.
func (s *Service) list(_ context.Context, _ caller, params listParams) reply {
	page, size := 1, defaultPageSize
	if params.Page != nil {
		page = *params.Page
	}
	if params.PageSize != nil {
		size = *params.PageSize
	}
	switch {
	case len(params.IDs) > maxBatch:
		return failed(codeBadParameter)
	case len(params.IDs) > 0:
		page, size = 1, maxBatch
	case page < 1 || size < 1 || size > maxBatch:
		return failed(codeBadPage)
	}
	found := []listItem{}
	for _, p := range s.phones {
		if item := p.listed(); params.fit(p, item.Status) {
			found = append(found, item)
		}
	}
	first := min((page-1)*size, len(found))
	last := min(first+size, len(found))
	return reply{codeOK, map[string]any{
		"total": len(found), "page": page, "pageSize": size, "items": found[first:last],
	}}
}

func (p *phone) listed() listItem {
	item := listItem{
		ID: p.id, Name: p.spec.Name, Number: p.number, Status: p.state(), Group: listGroup{p.spec.Group},
		Tags: []listTag{}, Equipment: listEquipment{"Android 13", "Simulated", "SimPhone 1"},
	}
	for _, tag := range p.spec.Tags {
		item.Tags = append(item.Tags, listTag{tag})
	}
	return item
}

// fit reports whether the phone is looked for.
func (l listParams) fit(p *phone, s status) bool {
	on := s == statusStarted || s == statusStarting
	switch {
	case len(l.IDs) > 0 && !slices.Contains(l.IDs, p.id),
		!strings.Contains(p.spec.Name, l.Name),
		l.Group != "" && l.Group != p.spec.Group,
		l.OpenStatus != nil && (*l.OpenStatus == 1) != on:
		return false
	}
	return !slices.ContainsFunc(l.Tags, func(tag string) bool { return !slices.Contains(p.spec.Tags, tag) })
}
