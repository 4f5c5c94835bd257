package fileledger

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// slow is a progress.csv that takes a while to publish.
type slow struct {
	takes time.Duration

	mu           sync.Mutex
	busy         bool
	state, shown int
}

func (s *slow) publish(context.Context) (published, error) {
	s.mu.Lock()
	if s.busy {
		s.mu.Unlock()
		return busy, nil
	}
	s.busy = true
	state := s.state
	s.mu.Unlock()
	<-time.After(s.takes)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy, s.shown = false, state
	return written, nil
}

func (s *slow) change() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state++
}

// changes returns how many there were, and how many of them are shown.
func (s *slow) changes() (all, shown int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state, s.shown
}

// TestCloseShowsTheLast: a change that was made while an earlier one was being
// published is published too.
func TestCloseShowsTheLast(t *testing.T) {
	t.Parallel()
	for _, rows := range []int{1, smallTable + 1} {
		synctest.Test(t, func(t *testing.T) {
			s := &slow{takes: 10 * time.Millisecond}
			p := newPublisher(s.publish)
			s.change()
			go p.changed(t.Context(), 1)
			<-time.After(s.takes / 2)
			s.change()
			p.changed(t.Context(), rows)
			if err := p.close(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, shown := s.changes(); shown != 2 {
				t.Errorf("%d rows: %d changes are shown, want 2", rows, shown)
			}
		})
	}
}

// TestRest: publishing takes a twentieth of the time, and is made up for when
// the changes have ended.
func TestRest(t *testing.T) {
	t.Parallel()
	const publications = 10
	for takes, every := range map[time.Duration]time.Duration{
		time.Millisecond: time.Second, 200 * time.Millisecond: 4 * time.Second,
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &slow{takes: takes}
			p := newPublisher(s.publish)
			last, count, behind := 0, 0, time.Duration(0)
			const step = 10 * time.Millisecond
			for begun := time.Now(); time.Since(begun) < publications*(every+takes); <-time.After(step) {
				s.change()
				p.changed(t.Context(), smallTable+1)
				all, shown := s.changes()
				if shown > last {
					last = shown
					count++
				}
				behind = max(behind, time.Duration(all-shown)*step)
			}
			if count < publications-1 || count > publications+1 {
				t.Errorf("%v each: got %d publications, want about %d", takes, count, publications)
			}
			if limit := every + 2*takes + 2*step; behind > limit {
				t.Errorf("%v each: progress.csv was %v behind, want at most %v", takes, behind, limit)
			}
			<-time.After(every + 2*takes)
			if all, shown := s.changes(); shown != all {
				t.Errorf("%v each: idle, %d of %d changes are shown", takes, shown, all)
			}
			if err := p.close(t.Context()); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestFailedPublicationIsNotHurried: a full disk stays full for a while, and
// each try that fails is a line in somebody's log.
func TestFailedPublicationIsNotHurried(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tries, full := 0, true
		p := newPublisher(func(context.Context) (published, error) {
			tries++
			if full {
				return busy, errors.New("no space left on device")
			}
			return written, nil
		})
		p.changed(t.Context(), 1)
		<-time.After(time.Minute)
		synctest.Wait()
		if most := int(time.Minute/retryAfter) + 1; tries < 2 || tries > most {
			t.Errorf("got %d tries in a minute, want a few, and at most %d", tries, most)
		}
		full = false
		if err := p.close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
