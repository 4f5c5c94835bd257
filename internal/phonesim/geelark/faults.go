package geelark

import (
	"sync"
	"time"
)

// ArmedFault is a fault with what came of it.
type ArmedFault struct {
	Fault
	// Struck is how often it made a difference, Over whether it cannot again.
	Struck int  `json:"struck"`
	Over   bool `json:"over"`

	from, to time.Time // to is zero without an end
}

// live reports whether the fault can strike now.
func (a *ArmedFault) live(now time.Time) bool {
	spent := a.Count > 0 && a.Struck >= a.Count
	ended := !a.to.IsZero() && !now.Before(a.to)
	a.Over = spent || ended
	return !a.Over && !now.Before(a.from)
}

// faults are the troubles under way. It is safe for concurrent use.
type faults struct {
	mu    sync.Mutex
	armed []*ArmedFault
}

func (f *faults) add(fault Fault) {
	a := &ArmedFault{Fault: fault, from: time.Now().Add(milliseconds(fault.AfterMS))}
	if fault.ForMS > 0 {
		a.to = a.from.Add(milliseconds(fault.ForMS))
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed = append(f.armed, a)
}

func (f *faults) clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed = nil
}

// list tells all faults since the last clearing; it is never nil.
func (f *faults) list() []ArmedFault {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := []ArmedFault{}
	for _, a := range f.armed {
		a.live(time.Now())
		list = append(list, *a)
	}
	return list
}

// find returns the first live fault that fits; mu is held.
func (f *faults) find(fits func(Fault) bool) *ArmedFault {
	now := time.Now()
	for _, a := range f.armed {
		if a.live(now) && fits(a.Fault) {
			return a
		}
	}
	return nil
}

// take lets the first fault that fits strike.
func (f *faults) take(fits func(Fault) bool) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	a := f.find(fits)
	if a == nil {
		return Fault{}, false
	}
	a.Struck++
	return a.Fault, true
}

// happens lets a fault of the kind strike the phone.
func (f *faults) happens(kind, phone string) (Fault, bool) {
	return f.take(func(x Fault) bool { return x.Kind == kind && x.concerns(phone) })
}

// present reports whether the phone is in that kind of trouble, which does not
// count as a strike.
func (f *faults) present(kind, phone string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.find(func(x Fault) bool { return x.Kind == kind && x.concerns(phone) }) != nil
}

// ofCall returns the code that a call answers as a whole.
func (f *faults) ofCall(api string) code {
	x, _ := f.take(func(x Fault) bool { return x.Phone == "" && faultTable()[x.Kind].whole && x.strikes(api) })
	return x.code()
}

// ofPhone returns the code that a call answers for one phone.
func (f *faults) ofPhone(api, phone string) code {
	x, _ := f.take(func(x Fault) bool {
		whole := x.Phone == "" && faultTable()[x.Kind].whole
		return !whole && x.concerns(phone) && x.strikes(api)
	})
	return x.code()
}

// ofTransport returns the fault of that kind on the way of a call.
func (f *faults) ofTransport(kind, api string) (Fault, bool) {
	return f.take(func(x Fault) bool { return x.Kind == kind && (x.API == "" || x.API == api) })
}

func milliseconds(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }
