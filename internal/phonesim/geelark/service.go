package geelark

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"postfleet/internal/phonesim"
)

// Service is the cloud with its phones. It is safe for concurrent use.
type Service struct {
	*cloud
	phones  []*phone
	sims    map[string]*phonesim.Phone // by name
	limiter *limiter
	uploads *uploads
	scratch string // what goes with the process
	api     net.Listener
	control net.Listener
}

// New makes the phones, reads what is kept of them and opens the ports of the
// API and the control API. The caller calls Run, which alone releases all
// that, also when its context is done already.
func New(cfg Config) (*Service, error) {
	cfg = cfg.withDefaults()
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	s := newService(cfg)
	if err := s.build(); err != nil {
		// The phones release themselves in Run.
		ended, cancel := context.WithCancel(context.Background())
		cancel()
		return nil, errors.Join(err, s.Run(ended))
	}
	return s, nil
}

// newService is a cloud without phones and ports.
func newService(cfg Config) *Service {
	return &Service{
		cloud: &cloud{
			cfg: cfg, timers: newTimers(), faults: &faults{}, ports: newPorts(cfg.PortFirst, cfg.PortLast),
		},
		sims: map[string]*phonesim.Phone{}, limiter: newLimiter(cfg.Limits),
	}
}

func (s *Service) build() error {
	var err error
	if s.scratch, err = os.MkdirTemp("", "geelark-*"); err != nil {
		return fmt.Errorf("make scratch directory: %w", err)
	}
	state := s.cfg.StateDir
	if state == "" {
		state = s.scratch
	}
	for _, dir := range []string{postsDir(state), meterDir(state)} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("make state directory: %w", err)
		}
	}
	for i, spec := range s.cfg.Phones {
		if err := s.addPhone(spec, i+1, state); err != nil {
			return fmt.Errorf("phone %s: %w", spec.Name, err)
		}
	}
	s.uploads = newUploads(s.scratch, s.cfg.Seed)
	if s.api, err = net.Listen("tcp", s.cfg.APIAddress); err != nil {
		return fmt.Errorf("listen for the api: %w", err)
	}
	if s.control, err = net.Listen("tcp", s.cfg.ControlAddress); err != nil {
		return fmt.Errorf("listen for the control api: %w", err)
	}
	return nil
}

func postsDir(state string) string { return filepath.Join(state, "posts") }
func meterDir(state string) string { return filepath.Join(state, "meter") }

func (s *Service) addPhone(spec PhoneSpec, number int, state string) error {
	p := newPhone(s.cloud, spec, number)
	accounts := spec.Accounts
	if len(accounts) == 0 {
		accounts = []string{spec.Name}
	}
	sim, err := phonesim.New(phonesim.Config{
		StateFile: filepath.Join(postsDir(state), p.id+".json"), PeersDir: postsDir(state),
		Accounts: accounts, Serial: "GL" + p.id, Preinstalled: true, HostFunc: p.host,
		InstrumentationDelay: s.cfg.InstrumentationDelay, UploadTime: s.cfg.UploadTime,
		Language:   s.cfg.Language,
		ScratchDir: s.scratch, Logger: p.logger,
	})
	if err != nil {
		return err
	}
	s.sims[spec.Name] = sim
	sim.SwitchOff()
	p.machine, p.file = sim, filepath.Join(meterDir(state), p.id+".json")
	s.phones = append(s.phones, p)
	return p.load()
}

// Run is the cloud's life: it serves both APIs and the phones until ctx is
// done, and returns when everything it started has ended. Phones that are on
// then count as on for the next service with the same state. It is called once.
func (s *Service) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, sim := range s.sims {
		group.Go(func() error { return sim.Run(ctx) })
	}
	if s.control != nil { // All is built when this is.
		group.Go(func() error { return phonesim.Serve(ctx, s.api, s.Handler()) })
		group.Go(func() error { return phonesim.Serve(ctx, s.control, s.ControlHandler()) })
	} else if s.api != nil {
		group.Go(s.api.Close)
	}
	group.Go(func() error {
		<-ctx.Done()
		s.timers.end()
		return nil
	})
	err := group.Wait()
	if s.scratch != "" {
		err = errors.Join(err, os.RemoveAll(s.scratch))
	}
	return err
}

// APIAddress is the host:port of the Open API.
func (s *Service) APIAddress() string { return s.api.Addr().String() }

// ControlAddress is the host:port of the control API.
func (s *Service) ControlAddress() string { return s.control.Addr().String() }

// phone finds a phone by its id.
func (s *Service) phone(id string) *phone {
	for _, p := range s.phones {
		if p.id == id {
			return p
		}
	}
	return nil
}
