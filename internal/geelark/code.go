package geelark

import (
	"errors"
	"time"

	"postfleet/internal/fault"
)

// Verdict is what an answer of the service means for whoever asked.
type Verdict int

// The verdicts.
const (
	_ Verdict = iota
	// Later: the same request may succeed, but not before Error.RetryAfter.
	Later
	// GiveUpPhone: not with this phone. Others may do.
	GiveUpPhone
	// GiveUpFleet: nobody on this account gets any further without a person.
	GiveUpFleet
)

// String returns the verdict in words.
func (v Verdict) String() string {
	switch v {
	case Later:
		return "retry later"
	case GiveUpPhone:
		return "give up on this phone"
	case GiveUpFleet:
		return "give up for the fleet"
	default:
		return "no verdict"
	}
}

// What the service may answer, where somebody has to tell it apart. Ask with
// errors.Is.
var (
	// ErrNoPhone: there is no such phone. fault.Human.
	ErrNoPhone = errors.New("geelark: no such phone")
	// ErrExpired: the phone's rent has ended. fault.Human.
	ErrExpired = errors.New("geelark: phone has expired")
	// ErrInUse: somebody else uses the phone, who must not be disturbed: it is
	// neither started nor stopped. fault.Device.
	ErrInUse = errors.New("geelark: phone is in use elsewhere")
	// ErrNoADB: the phone's model has no adb. fault.Human.
	ErrNoADB = errors.New("geelark: phone has no adb")
	// ErrProxyDown: the phone's own proxy does not work. fault.Human.
	ErrProxyDown = errors.New("geelark: the phone's proxy is down")
	// ErrNotReady: the phone has not started, or its adb is not on. fault.Device.
	ErrNotReady = errors.New("geelark: phone is not ready")
	// ErrLimited: the account asked too often. fault.Infra, or fault.Human when
	// the whole account is locked.
	ErrLimited = errors.New("geelark: too many requests")
	// ErrUnavailable: the service cannot do it now. fault.Infra.
	ErrUnavailable = errors.New("geelark: service cannot do it now")
	// ErrAccount: the account, its key or its money must be seen to. fault.Human.
	ErrAccount = errors.New("geelark: account needs a person")
	// ErrUnknown: an answer that the reference does not know. fault.Infra.
	ErrUnknown = errors.New("geelark: unexpected answer")
)

// The codes that the code itself must know.
const (
	codeOK          = 0
	codeMinuteLimit = 40007
	codePartly      = 40006
	codeAllFailed   = 40009
	codeNotRunning  = 42002
)

// meaning is one row of the table of codes.
type meaning struct {
	verdict Verdict
	// after is how long to wait before the next try, when the verdict is Later.
	after time.Duration
	class fault.Class
	is    error
	// lock is for how long the service has locked the API for everybody on the
	// account; 0 when it has not.
	lock time.Duration
}

const (
	soon      = 3 * time.Second // what adb needs to come on
	aWhile    = 10 * time.Second
	nextRound = time.Minute
	longLock  = 2 * time.Hour
)

// meanings is the reference's list of codes. A minute after a 40007 the next
// minute has come, whatever the clocks say.
func meanings() map[int]meaning {
	var (
		minute = meaning{verdict: Later, after: nextRound, class: fault.Infra, is: ErrLimited, lock: nextRound}
		hours  = meaning{verdict: Later, after: longLock, class: fault.Infra, is: ErrLimited, lock: longLock}
		locked = meaning{verdict: GiveUpFleet, class: fault.Human, is: ErrLimited, lock: longLock}
		crowd  = meaning{verdict: Later, after: nextRound, class: fault.Infra, is: ErrLimited}
		busy   = meaning{verdict: Later, after: nextRound, class: fault.Infra, is: ErrUnavailable}
		hiccup = meaning{verdict: Later, after: aWhile, class: fault.Infra, is: ErrUnavailable}
		early  = meaning{verdict: Later, after: soon, class: fault.Device, is: ErrNotReady}
		inUse  = meaning{verdict: GiveUpPhone, class: fault.Device, is: ErrInUse}
		acct   = meaning{verdict: GiveUpFleet, class: fault.Human, is: ErrAccount}
	)
	return map[int]meaning{
		codeMinuteLimit: minute,
		40017:           crowd,
		43020:           busy,
		43029:           busy,
		47002:           hours,
		50000:           hiccup,
		codeNotRunning:  early,
		49001:           early,

		42001: {verdict: GiveUpPhone, class: fault.Human, is: ErrNoPhone},
		43004: {verdict: GiveUpPhone, class: fault.Human, is: ErrExpired},
		43005: inUse,
		43006: inUse,
		43007: inUse,
		43021: inUse,
		45002: {verdict: GiveUpPhone, class: fault.Human, is: ErrProxyDown},
		49002: {verdict: GiveUpPhone, class: fault.Human, is: ErrNoADB},

		40003: acct,
		40011: acct,
		40015: acct,
		40016: acct,
		41001: acct,
		43008: acct,
		40014: locked,
	}
}

// meaningOf returns the code's row. A code that is in no list is taken for the
// phone's: a parameter it does not understand, as a rule.
func meaningOf(code int) meaning {
	if m, ok := meanings()[code]; ok {
		return m
	}
	return meaning{verdict: GiveUpPhone, class: fault.Infra, is: ErrUnknown}
}
