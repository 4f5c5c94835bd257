package testbed

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"postfleet/internal/phonesim/geelark"
)

// Cloud is a simulated GeeLark in a container, on a network of its own that the
// workers join.
type Cloud struct {
	// Name is the container's and the network's.
	Name string
	// Image is the one that has the simulator.
	Image string
	// Token is the one that is good.
	Token string
	// Phones are all there are.
	Phones []string
	// Scale shortens its times; Seed is where its chance comes from.
	Scale float64
	Seed  uint64

	host string
}

const (
	cloudAPIPort, cloudControlPort = "8090", "8099"
	// cloudStart bounds the start of a cloud.
	cloudStart = time.Minute
)

// Start makes the network and the container, in place of any of that name, and
// returns when the cloud answers.
func (c *Cloud) Start(ctx context.Context) error {
	if err := c.Remove(ctx); err != nil {
		return err
	}
	if _, err := Docker(ctx, "network", "create", c.Name); err != nil {
		return err
	}
	args := []string{
		"run", "--detach", "--no-healthcheck", "--name", c.Name, "--network", c.Name, c.Image, "phonesim", "geelark",
		"--token", c.Token, "--advertise", c.Name, "--seed", strconv.FormatUint(c.Seed, 10),
		"--scale", strconv.FormatFloat(c.Scale, 'f', -1, 64),
	}
	for _, phone := range c.Phones {
		args = append(args, "--phone", phone)
	}
	if _, err := Docker(ctx, args...); err != nil {
		return err
	}
	var err error
	c.host, err = Docker(ctx, "inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", c.Name)
	if err != nil {
		return err
	}
	return c.answers(ctx)
}

func (c *Cloud) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, cloudStart)
	defer cancel()
	tick := time.NewTicker(enginePoll)
	defer tick.Stop()
	for {
		err := c.ask(ctx, http.MethodGet, "/healthz", nil, nil)
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("start cloud: %w: %w", context.Cause(ctx), err)
		}
	}
}

// Remove removes the container and the network. Neither there is no error.
func (c *Cloud) Remove(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	var failed []error
	for _, args := range [][]string{{"rm", "--force", c.Name}, {"network", "rm", c.Name}} {
		_, err := Docker(ctx, args...)
		text := fmt.Sprint(err)
		if err != nil && !strings.Contains(text, "No such") && !strings.Contains(text, "not found") {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// BaseURL is where its Open API is, for this host and for the workers.
func (c *Cloud) BaseURL() string { return "http://" + net.JoinHostPort(c.host, cloudAPIPort) }

// Meter is what ran, for how long, and who was connected.
func (c *Cloud) Meter(ctx context.Context) (geelark.Meter, error) {
	var m geelark.Meter
	return m, c.ask(ctx, http.MethodGet, "/meter", nil, &m)
}

// Limits are how often each call was made.
func (c *Cloud) Limits(ctx context.Context) (map[string]geelark.Usage, error) {
	var all map[string]geelark.Usage
	return all, c.ask(ctx, http.MethodGet, "/limits", nil, &all)
}

// Posts are the posts of all phones.
func (c *Cloud) Posts(ctx context.Context) ([]Post, error) {
	var posts []Post
	return posts, c.ask(ctx, http.MethodGet, "/posts", nil, &posts)
}

// Break makes the cloud, or its phones, misbehave.
func (c *Cloud) Break(ctx context.Context, f geelark.Fault) error {
	body, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("break cloud: %w", err)
	}
	return c.ask(ctx, http.MethodPost, "/faults", body, nil)
}

func (c *Cloud) ask(ctx context.Context, method, path string, body []byte, out any) error {
	ctx, cancel := context.WithTimeout(ctx, pollTimeout)
	defer cancel()
	url := "http://" + net.JoinHostPort(c.host, cloudControlPort) + path
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask cloud: %w", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("ask cloud: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("ask cloud: %s %s: %s", method, path, resp.Status)
	}
	if out == nil {
		return nil
	}
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		return fmt.Errorf("ask cloud: %s: %w", path, err)
	}
	return nil
}
