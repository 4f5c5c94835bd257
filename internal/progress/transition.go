package progress

import "time"

func (r *Row) verify() bool { return r.Verify() }

func (r *Row) claim(w string, now time.Time) Claim {
	next, c := r.Claimed(w, now)
	*r = next
	return c
}

func (r *Row) holds(c Claim) bool { return r.HeldBy(c) }

func (r *Row) free(now time.Time) Rescued {
	next, freed := r.Freed(now)
	*r = next
	return freed
}

func (r *Row) finish(c Claim, o Outcome, now time.Time) error {
	next, err := r.Finished(c, o, now)
	if err == nil {
		*r = next
	}
	return err
}
