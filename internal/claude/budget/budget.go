package budget

import (
	"context"

	"postfleet/internal/fault"
	"postfleet/internal/sharedfile"
)

// FileName is what the file is called in the data directory.
const FileName = "model-budget.json"

// Config says what may be spent.
type Config struct {
	// Path is the file that all workers share; its directory must be there.
	Path string
	// Job is for each job, over all its attempts; Run for all jobs together.
	Job, Run Limit
}

// Budget is what is left, as one process sees it. It is safe for concurrent use,
// in any number of processes.
type Budget struct {
	file     *sharedfile.File[ledger]
	job, run Limit
}

// ledger is the file.
type ledger struct {
	// Run counts the runs: a request of the last one settles nothing in this.
	Run   int              `json:"run"`
	Total Spent            `json:"total"`
	Jobs  map[string]Spent `json:"jobs,omitempty"`
}

// New returns the budget. Nothing is opened. A file that is damaged is an error
// of class fault.Human wherever it is met: nobody knows what was spent.
func New(cfg Config) *Budget {
	return &Budget{
		file: sharedfile.New(cfg.Path, sharedfile.JSON(), sharedfile.Rules[ledger]{MendFunc: giveUp}),
		job:  cfg.Job, run: cfg.Run,
	}
}

func giveUp(damage error) (ledger, error) {
	return ledger{}, fault.Errorf(fault.Human, "what the model has cost is not known any more: "+
		"remove the file to count from nothing: %w", damage)
}

// Close closes what the budget has open.
func (b *Budget) Close() error { return b.file.Close() }

// Reservation is what a request may take. It must be settled, or is spent whole.
type Reservation struct {
	// Spent is what was wanted, with as much of the time as is left.
	Spent

	job string
	run int
}

// Reserve takes what a request of a job may take at most out of the job's budget
// and the run's, or returns a *SpentError and takes nothing. It waits for the
// file's lock no longer than ctx.
func (b *Budget) Reserve(ctx context.Context, job string, want Spent) (Reservation, error) {
	var (
		reserved Reservation
		refused  error
	)
	err := b.file.Change(ctx, func(l *ledger) (bool, error) {
		got, err := b.run.fits("run", l.Total, want)
		if err == nil {
			got, err = b.job.fits("job", l.Jobs[job], got)
		}
		if refused = err; err != nil {
			return false, nil
		}
		l.set(job, l.Total.Plus(got), l.Jobs[job].Plus(got))
		reserved = Reservation{Spent: got, job: job, run: l.Run}
		return true, nil
	})
	if err == nil {
		err = refused
	}
	return reserved, err
}

// Settle puts what a request took in the place of what was reserved for it.
func (b *Budget) Settle(ctx context.Context, r Reservation, took Spent) error {
	return b.file.Change(ctx, func(l *ledger) (bool, error) {
		if l.Run != r.run {
			return false, nil
		}
		l.set(r.job, l.Total.minus(r.Spent).Plus(took), l.Jobs[r.job].minus(r.Spent).Plus(took))
		return true, nil
	})
}

// Begin begins a run: nothing is spent of it yet, whatever is under way.
func (b *Budget) Begin(ctx context.Context) error {
	return b.file.Change(ctx, func(l *ledger) (bool, error) {
		*l = ledger{Run: l.Run + 1}
		return true, nil
	})
}

func (l *ledger) set(job string, total, ofJob Spent) {
	if l.Jobs == nil { // a new run, or a person has removed the file
		l.Jobs = map[string]Spent{}
	}
	l.Total, l.Jobs[job] = total, ofJob
}
