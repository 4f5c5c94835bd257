package worker

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/logging"
	"postfleet/internal/posting"
	"postfleet/internal/progress"
)

// Server is a child process that a worker keeps running.
type Server interface {
	// Done is closed when the server has ended, whoever ended it.
	Done() <-chan struct{}
	// Err says how it ended, after Done is closed.
	Err() error
	// Stop ends it and waits. Safe to call twice, and on a server that died.
	Stop(ctx context.Context) error
}

// StartFunc starts a server and returns when it is ready.
type StartFunc func(ctx context.Context) (Server, error)

// Device is the worker's phone, as far as it is not the Poster's.
type Device interface {
	// Reach returns when the phone answers, which takes no Appium server. A
	// Connect that follows is shorter by it.
	Reach(ctx context.Context) error
	// Connect returns when the phone can be driven. It is cheap when it can
	// already. What it fails with has a class.
	Connect(ctx context.Context) error
	// Close ends the session and the link, within ctx. Safe to call twice; Connect makes
	// new ones.
	Close(ctx context.Context) error
}

// Poster makes attempts, one at a time: *posting.Poster.
type Poster interface {
	Run(ctx context.Context, a posting.Attempt) error
	Verify(ctx context.Context, a posting.Attempt) (posting.Verdict, error)
}

var _ Poster = (*posting.Poster)(nil)

// Model counts what attempts ask of a language model: a guide.Guide.
type Model interface {
	// Begin begins an attempt at a job.
	Begin(job string)
	// Used is how many requests were made since Begin, and their cost in dollars.
	Used() (calls int, usd float64)
}

// Ledger is what a worker needs of the progress.Ledger before it has joined.
type Ledger interface {
	Join(ctx context.Context, workerID string) (progress.Member, error)
	Rescue(ctx context.Context) ([]progress.Rescued, error)
}

// Config is what a worker is told. ID, Device and DataDir must be given.
type Config struct {
	// ID is the worker's id in the ledger, Device the name of its phone.
	ID, Device string
	DataDir    string
	Terms      progress.Terms
	// MaxAttempts counts the attempts of a job that infrastructure may spoil;
	// RetryDelay is the wait before the next.
	MaxAttempts int
	RetryDelay  time.Duration
	// JobTimeout is the deadline of one attempt; 0 is 15 minutes.
	JobTimeout time.Duration
	// DrainTimeout is how long a drain may take before the job is cancelled.
	DrainTimeout time.Duration
	// StopTimeout, above DrainTimeout, is when after the drain began the worker
	// is killed. All is taken down before; 0 leaves each step Patience.Stop.
	StopTimeout time.Duration
	// HealthSocket is the unix socket that answers Ask; "" serves none.
	HealthSocket string
	// KeepWarm is how long a Rented phone without a job stays on for the next one
	// of its account.
	KeepWarm time.Duration
	Recycle  Recycle
	Patience Patience
}

const defaultJobTimeout = 15 * time.Minute

// Parts are what a worker is made of.
type Parts struct {
	ADB, Appium StartFunc
	Device      Device
	// Rented is what switches Device on; nil for a phone that is always on.
	Rented Rented
	Poster Poster
	Ledger Ledger
	// Model is asked by the Poster; nil where none is.
	Model Model
	// Checks are asked, by name, when somebody asks for the worker's health.
	// They end soon after their context; one that does not is answered for.
	Checks map[string]func(context.Context) error
}

// Worker drives one phone. Run it once.
type Worker struct {
	cfg    Config
	parts  Parts
	logger *slog.Logger
	ctl    *control
	pulse  *pulse
	vitals *vitals
	files  files
	// member is set by Run once it has joined.
	member progress.Member
	// contact is when the phone last was known to be well; zero: ask it.
	contact time.Time
	// idle is when a Rented phone last had a job.
	idle time.Time
	// troubles counts the attempts in a row that infrastructure spoiled.
	troubles int
	// appium keeps the Appium server; served counts its attempts.
	appium *keeper
	served int
}

// New returns a worker. The logger carries the worker's id already; a nil one
// discards.
func New(cfg Config, parts Parts, logger *slog.Logger) *Worker {
	if logger == nil {
		logger = logging.Discard()
	}
	cfg.Patience = cfg.Patience.withDefaults()
	cfg.Recycle = cfg.Recycle.withDefaults()
	cfg.MaxAttempts = max(cfg.MaxAttempts, 1)
	if cfg.JobTimeout <= 0 {
		cfg.JobTimeout = defaultJobTimeout
	}
	return &Worker{
		cfg: cfg, parts: parts, logger: logger,
		ctl: newControl(), pulse: newPulse(), vitals: newVitals(parts.Checks, cfg.Patience.Check),
		files: files{dir: cfg.DataDir},
	}
}

// Run lives the worker's life and blocks until all it started has ended. It
// returns nil when nothing is left that the device may take, or when the worker
// was drained. The class of an error says what ended it: Appium, Device, Human,
// Ledger, or another for what has no exit code of its own.
func (w *Worker) Run(ctx context.Context) (err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stopTimer := w.ctl.attach(cancel, w.cfg.DrainTimeout)
	defer stopTimer()
	w.logger.InfoContext(ctx, "worker starts", slog.String(logging.KeyDevice, w.cfg.Device))
	defer func() {
		err = w.verdict(ctx, err)
	}()
	return w.live(ctx)
}

// verdict sorts out what the life's end means. An end that was asked for is no
// error; a server that died for good explains whatever else broke.
func (w *Worker) verdict(ctx context.Context, err error) error {
	if failed := w.ctl.failure(); failed != nil && (err == nil || !fatal(err)) {
		return failed
	}
	asked := errors.Is(context.Cause(ctx), ErrCancelled) && errors.Is(err, context.Canceled)
	if err == nil || asked || errors.Is(err, ErrCancelled) {
		w.logger.InfoContext(ctx, "worker ends")
		return nil
	}
	return err
}

// live starts the parts in their order and ends them in reverse.
func (w *Worker) live(ctx context.Context) error {
	stopHealth, err := w.serveHealth(ctx)
	if err != nil {
		return err
	}
	defer stopHealth()
	if err := w.join(ctx); err != nil {
		return err
	}
	defer w.leave(ctx)
	adb := w.keeper("adb server", w.parts.ADB, fault.Infra)
	defer adb.keep(ctx)()
	if err := adb.await(ctx, w.ctl.drained); err != nil {
		return err
	}
	// Appium takes a second or more to start: the loop goes ahead as far as it
	// can without.
	w.appium = w.keeper("appium server", w.parts.Appium, fault.Appium)
	defer w.appium.keep(ctx)()
	defer w.closeDevice(ctx)
	return w.loop(ctx)
}

func (w *Worker) join(ctx context.Context) error {
	w.pulse.set(stateStarting, 0, w.cfg.Patience.Join+w.cfg.Patience.Start)
	return w.insist(ctx, "join ledger", w.cfg.Patience.Join, func(ctx context.Context) error {
		m, err := w.parts.Ledger.Join(ctx, w.cfg.ID)
		w.member = m
		return err
	})
}

func (w *Worker) leave(ctx context.Context) {
	if err := w.member.Leave(); err != nil {
		w.logger.WarnContext(ctx, "liveness lock not given up", logging.Err(err))
	}
}

func (w *Worker) closeDevice(ctx context.Context) {
	w.pulse.set(stateStopping, 0, w.cfg.Patience.Stop)
	w.releaseDevice(ctx)
	w.stopPhone(ctx)
}

// releaseDevice has half the time that is left: the servers, which can be
// killed, come after the phone, which cannot.
func (w *Worker) releaseDevice(ctx context.Context) {
	const share = 2
	ctx, cancel := w.closing(ctx, share)
	defer cancel()
	if err := w.parts.Device.Close(ctx); err != nil {
		w.logger.WarnContext(ctx, "device not closed in order", logging.Err(err))
	}
}

// closing returns a context for a step of the taking down: at most
// Patience.Stop, and when the worker is drained one share of what is left until
// it is killed.
func (w *Worker) closing(ctx context.Context, share int) (context.Context, context.CancelFunc) {
	return w.closingWithin(ctx, w.cfg.Patience.Stop, share)
}

// closingWithin is closing for a step that may take longer, where there is time.
func (w *Worker) closingWithin(
	ctx context.Context, most time.Duration, share int,
) (context.Context, context.CancelFunc) {
	if begun := w.ctl.drainBegun(); !begun.IsZero() && w.cfg.StopTimeout > 0 {
		const reserve, least = 5, 20 // parts of the time between the drain's end and the kill
		between := w.cfg.StopTimeout - w.cfg.DrainTimeout
		left := time.Until(begun.Add(w.cfg.StopTimeout - between/reserve))
		most = min(most, max(between/least, left/time.Duration(share)))
	}
	return context.WithTimeout(context.WithoutCancel(ctx), most)
}
