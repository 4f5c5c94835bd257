package orchestrator

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"postfleet/internal/logging"
	"postfleet/workerimage"
)

const (
	phoneProbeTimeout = 2 * time.Second
	phoneProbeEvery   = 100 * time.Millisecond
	// phoneBootTimeout is generous: many phones start at once.
	phoneBootTimeout = time.Minute
	maxPhoneAnswer   = 64 << 20
)

// ensurePhone has the slot's simulated phone run and answer; a slot without one
// has nothing to do. A phone that died is made again: what it posted is on disk.
func (s *slot) ensurePhone(ctx context.Context) error {
	if s.Phone == nil || s.phone != nil && s.phoneAnswers(ctx) == nil {
		return nil
	}
	c, err := s.fleet.engine.Start(ctx, s.Phone.WithLabels(map[string]string{
		workerimage.LabelRun: s.fleet.started.UTC().Format(time.RFC3339),
	}))
	if err != nil {
		return err
	}
	s.phone = &c
	s.logger.InfoContext(ctx, "simulated phone started", logging.KeyContainer, c.Name)
	return s.awaitPhone(ctx)
}

func (s *slot) awaitPhone(ctx context.Context) error {
	ctx, stop := context.WithTimeout(ctx, phoneBootTimeout)
	defer stop()
	again := time.NewTicker(phoneProbeEvery)
	defer again.Stop()
	for {
		err := s.phoneAnswers(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("simulated phone %s did not come up: %w", s.phone.Name, err)
		case <-again.C:
		}
	}
}

func (s *slot) phoneAnswers(ctx context.Context) error {
	_, err := s.askPhone(ctx, "/state", phoneProbeTimeout)
	return err
}

// askPhone gets path from the phone's control API.
func (s *slot) askPhone(ctx context.Context, path string, limit time.Duration) ([]byte, error) {
	address, ok := s.phone.Addresses[workerimage.PhoneControlPort]
	if !ok {
		return nil, fmt.Errorf("%s has no address for its control API", s.phone.Name)
	}
	ctx, stop := context.WithTimeout(ctx, limit)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	resp, err := s.fleet.phones.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close() //nolint:errcheck // the body is read to its end or given up
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxPhoneAnswer))
	if err != nil {
		return nil, fmt.Errorf("read %s of %s: %w", path, s.phone.Name, err)
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s of %s answered %s", path, s.phone.Name, resp.Status)
	}
	return body, nil
}
