package geelark

import (
	"context"
	"fmt"
)

type idsParams struct {
	IDs []string `json:"ids"`
}

// phoneStatus is what status and stop tell about a phone.
type phoneStatus struct {
	ID     string `json:"id"`
	Name   string `json:"serialName"`
	Status status `json:"status"`
}

func (p *phone) told() phoneStatus { return phoneStatus{p.id, p.spec.Name, p.state()} }

func (s *Service) status(_ context.Context, _ caller, params idsParams) reply {
	return s.forEach(params.IDs, func(p *phone) (any, code) {
		return p.told(), p.faults.ofPhone(apiStatus, p.spec.Name)
	})
}

type startParams struct {
	IDs          []string `json:"ids"`
	EnergySaving int      `json:"energySavingMode"`
}

type startDetail struct {
	ID       string `json:"id"`
	URL      string `json:"url"`
	Charging string `json:"chargingMethod"`
}

func (s *Service) start(_ context.Context, from caller, params startParams) reply {
	return s.forEach(params.IDs, func(p *phone) (any, code) {
		c := p.start(from.host, params.EnergySaving == 1)
		return startDetail{p.id, from.base + "/phone/" + p.id, "Per-minute usage"}, c
	})
}

func (s *Service) stop(_ context.Context, _ caller, params idsParams) reply {
	return s.forEach(params.IDs, func(p *phone) (any, code) {
		c := p.stop()
		return p.told(), c
	})
}

type adbParams struct {
	IDs  []string `json:"ids"`
	Open *bool    `json:"open"`
}

// setADB has no data, but for what failed.
func (s *Service) setADB(_ context.Context, _ caller, params adbParams) reply {
	if params.Open == nil {
		return failed(codeBadParameter)
	}
	answer := s.forEach(params.IDs, func(p *phone) (any, code) {
		return p.told(), p.setADB(*params.Open)
	})
	if answer.code == codeOK {
		answer.data = nil
	}
	return answer
}

// adbData tells of each phone by itself whether that went well.
func (s *Service) adbData(_ context.Context, _ caller, params idsParams) reply {
	if len(params.IDs) == 0 || len(params.IDs) > maxBatch {
		return failed(codeBadParameter)
	}
	items := []address{}
	for _, id := range params.IDs {
		if p := s.phone(id); p != nil {
			items = append(items, p.adbData())
		} else {
			items = append(items, address{Code: codeNoPhone, ID: id})
		}
	}
	return reply{codeOK, map[string]any{"items": items}}
}

type shellParams struct {
	ID      string `json:"id"`
	Command string `json:"cmd"`
}

// shell needs no glogin.
func (s *Service) shell(ctx context.Context, _ caller, params shellParams) reply {
	p, c := s.started(apiShell, params.ID)
	switch {
	case c != codeOK:
		return failed(c)
	case params.Command == "":
		return failed(codeBadParameter)
	}
	output, exit := p.machine.Shell(ctx, params.Command)
	return reply{codeOK, map[string]any{"status": exit == 0, "output": output}}
}

// started finds the phone of a call that needs one that runs.
func (s *Service) started(api, id string) (*phone, code) {
	p := s.phone(id)
	if p == nil {
		return nil, codeNoPhone
	}
	if c := s.faults.ofPhone(api, p.spec.Name); c != codeOK {
		return nil, c
	}
	if !p.use() {
		return nil, codeNotRunning
	}
	return p, codeOK
}

// String is the code as the documents have it.
func (c code) String() string { return fmt.Sprintf("%d", int(c)) }
