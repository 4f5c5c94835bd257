package ledgerproof

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"postfleet/internal/jobs"
)

// Config is a kill proof.
type Config struct {
	// Dir is the data directory; it must be there, and empty.
	Dir string
	// Processes is how many workers there are at a time, Rows how many jobs
	// they have, Kills how many of the workers' lives are ended. A life ends two
	// claims at most before it is killed: with three rows for two kills, work
	// lasts about as long as they do.
	Processes, Rows, Kills int
	// Seed is where kills and waits are drawn from.
	Seed uint64
	// JobTime is about what a job takes.
	JobTime time.Duration
	// CallTime is about what a call of the ledger takes where Dir is.
	CallTime time.Duration
}

// run is a kill proof that goes on.
type run struct {
	cfg    Config
	keeper *keeper
	kills  tickets

	mu    sync.Mutex
	lives []life
}

// Run lets worker processes do all jobs of a new ledger while it kills them,
// and returns what was found. An error is a proof that could not be made, or
// not to its end: the findings are then what was found in the workers' records
// alone. What a whole proof has found against the ledger is no error. The
// program must call Child first.
func Run(ctx context.Context, cfg Config) (Findings, error) {
	began := time.Now()
	l, err := openLedger(cfg.Dir)
	if err != nil {
		return Findings{}, err
	}
	all := someJobs(cfg.Rows, cfg.Processes)
	if _, err := l.Seed(ctx, all, nil); err != nil {
		return Findings{}, errors.Join(err, l.Close())
	}
	other, err := beginReader(ctx, cfg.Dir, all)
	if err != nil {
		return Findings{}, errors.Join(err, l.Close())
	}
	r := &run{cfg: cfg, keeper: &keeper{ledger: l, posts: posts{dir: cfg.Dir}}, kills: newTickets(cfg.Kills)}
	err = r.workers(ctx)
	rows, snapErr := l.Snapshot(ctx)
	err = errors.Join(err, snapErr, l.Close()) // which publishes the last changes
	read, readErr := other.end()
	if err := errors.Join(err, readErr); err != nil {
		return judgePart(r.lives), err
	}
	made, err := r.countPosts()
	if err != nil {
		return Findings{}, err
	}
	f := judge(facts{
		lives: r.lives, rows: rows, posts: made, requeued: r.keeper.requeued, reads: read,
	})
	f.Seconds = time.Since(began).Seconds()
	return f, nil
}

// workers runs one slot for each worker until all rows are done with.
func (r *run) workers(ctx context.Context) error {
	slots, ctx := errgroup.WithContext(ctx)
	for worker := range r.cfg.Processes {
		slots.Go(func() error { return r.slot(ctx, worker) })
	}
	return slots.Wait()
}

func (r *run) slot(ctx context.Context, worker int) error {
	for number := 1; ; number++ {
		done, err := r.keeper.settle(ctx)
		if err != nil || done {
			return err
		}
		l, err := r.live(ctx, worker, number)
		r.mu.Lock()
		r.lives = append(r.lives, l)
		r.mu.Unlock()
		if err := errors.Join(err, l.Err); err != nil {
			return err
		}
	}
}

// live is one life from its beginning to its end.
func (r *run) live(ctx context.Context, worker, number int) (life, error) {
	var how plan
	random := source(r.cfg.Seed, worker, number)
	if r.kills.take() {
		how = drawPlan(random, r.cfg)
	}
	told := assignment{
		Role: roleWorker, Dir: r.cfg.Dir, Worker: strconv.Itoa(worker), Seed: random.Uint64(),
		JobTime: r.cfg.JobTime, Doomed: how.way != byNature, Hold: how.way == byZombie,
	}
	if how.way == byItself {
		told.Die = &selfKill{Op: how.op, Nth: how.nth, After: how.delay}
	}
	p, err := begin(ctx, told, number)
	if err != nil {
		return life{}, err
	}
	err = r.endAs(ctx, p, how)
	if err != nil {
		p.kill()
	}
	l := p.end()
	if how.way != byNature && !l.Killed {
		r.kills.giveBack()
	}
	return l, err
}

// endAs brings the life to the end that is planned for it, or returns early
// when it ends before.
func (r *run) endAs(ctx context.Context, p *process, how plan) error {
	switch how.way {
	case byTime:
		if p.readUntil(isAnswer) {
			p.readFor(how.after)
			p.kill()
		}
	case byCall:
		if p.readUntil(nthCall(how.nth, how.op)) {
			p.kill()
		}
	case byItself:
		if p.readUntil(nthCall(1, opIdle)) {
			p.kill() // it did not come to that call
		}
	case byPause:
		if p.readUntil(nthCall(how.nth, "")) {
			p.signal(stop)
			p.readFor(how.delay)
			p.signal(goOn)
			p.readFor(how.after)
			p.kill()
		}
	case byZombie:
		return r.zombie(ctx, p, how)
	case byNature:
	}
	return nil
}

// zombie stops a process that holds a claim and its liveness lock, and sees
// whether anything takes the claim from it.
func (r *run) zombie(ctx context.Context, p *process, how plan) error {
	if !p.readUntil(nthCall(1, opHold)) {
		return nil
	}
	if p.underWay().Op == opIdle {
		p.kill() // it found nothing to claim
		return nil
	}
	p.signal(stop)
	defer p.signal(goOn)
	p.Zombie = true
	p.readFor(how.after) // others go on meanwhile
	held, err := r.keeper.stillHeld(ctx, p.lastClaim())
	if err != nil {
		return err
	}
	p.ZombieLost = !held
	if how.spare {
		p.signal(goOn)
		if _, err := p.goOn.Write([]byte("\n")); err != nil {
			return fmt.Errorf("let worker %s go on: %w", p.Worker, err)
		}
		// That it can still end its claim is in the record.
		if !p.readUntil(nthCall(1, opFinish)) || !p.readUntil(isAnswer) {
			return nil
		}
		p.readFor(how.after)
	}
	p.kill()
	return nil
}

func (r *run) countPosts() (map[int]int, error) {
	made := make(map[int]int)
	for id := 1; id <= r.cfg.Rows; id++ {
		n, err := r.keeper.posts.count(id)
		if err != nil {
			return nil, err
		}
		made[id] = n
	}
	return made, nil
}

// someJobs are jobs whose captions a careless reader or writer would change.
// There are a few more accounts than processes, so that workers now and then
// wait for each other.
func someJobs(rows, processes int) []jobs.PostJob {
	captions := []string{
		"plain", "", "two\r\nlines", "say \"hi\", twice", "a lone \r return", "ends in a break\n",
		"=1+1", " spaces ", "\ufeffmark", "línea 日本 👩‍👩‍👧", "tab\tand 'quote'", ",,", "\"",
	}
	all := make([]jobs.PostJob, rows)
	for i := range all {
		all[i] = jobs.PostJob{
			ID: i + 1, Account: fmt.Sprintf("account %d", i%(processes+processes/2+1)),
			Video: fmt.Sprintf("reel, %d.mp4", i+1), Caption: captions[i%len(captions)],
		}
	}
	return all
}
