package geelark

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Kinds of trouble that a phone of the cloud can be in. They strike the calls
// named in faultTable.
const (
	// kindBusy is a phone that somebody else runs: its status is 0.
	kindBusy       = "busy"
	kindProxyDown  = "proxy_down"
	kindExpired    = "expired"
	kindNoBalance  = "no_balance"
	kindDailyLimit = "daily_limit"
	kindNoADB      = "no_adb"
	// kindCode answers any call with any code.
	kindCode = "code"
	// kindHTTPError answers with the HTTP status in code, or 502.
	kindHTTPError = "http_error"
	// kindLostAnswer does what is asked and hangs up without an answer.
	kindLostAnswer = "lost_answer"
	// kindSlowAnswer answers delay_ms late.
	kindSlowAnswer = "slow_answer"
	// kindSlowStart makes a start take delay_ms, unscaled.
	kindSlowStart = "slow_start"
	// kindStartFails lets a start be accepted and end with the phone shut down.
	kindStartFails = "start_fails"
	// kindADBStuck keeps ADB from coming up until it is set off and on again.
	kindADBStuck = "adb_stuck"
	// kindUploadFails ends an upload to a phone with status 3.
	kindUploadFails = "upload_fails"
	// kindShutdown shuts a phone down as if by itself.
	kindShutdown = "shutdown"
)

// faultInfo says what a kind of fault strikes.
type faultInfo struct {
	apis  []string // nil for any, or none at all
	codes []code   // the first is the standard; nil for none
	// whole is set for kinds that, when they name no phone, fail a batch as a
	// whole, not each of its phones.
	whole bool
}

func faultTable() map[string]faultInfo {
	return map[string]faultInfo{
		kindBusy: {
			apis:  []string{apiStart, apiStop, apiADBStatus},
			codes: []code{codeUsedByOther, codeRunningTask, codeRemoteControl, codeInUse},
		},
		kindProxyDown:   {apis: []string{apiStart}, codes: []code{codeProxyDown}},
		kindExpired:     {apis: []string{apiStart}, codes: []code{codePhoneExpired}},
		kindNoBalance:   {apis: []string{apiStart}, codes: []code{codeNoBalance}, whole: true},
		kindDailyLimit:  {apis: []string{apiStart}, codes: []code{codeDailyLimit}, whole: true},
		kindNoADB:       {apis: []string{apiADBStatus, apiADBData}, codes: []code{codeADBUnsupported}},
		kindCode:        {whole: true},
		kindHTTPError:   {},
		kindLostAnswer:  {},
		kindSlowAnswer:  {},
		kindSlowStart:   {},
		kindStartFails:  {},
		kindADBStuck:    {},
		kindUploadFails: {},
		kindShutdown:    {},
	}
}

// Fault asks for trouble with the cloud. It begins after AfterMS, and is over
// after ForMS or when it struck Count times, or for 0 of both when faults are
// cleared.
type Fault struct {
	Kind string `json:"kind"`
	// Phone names the phone; "" is all of them, or with some kinds the account.
	Phone string `json:"phone"`
	// API is the path of the one call it strikes; "" leaves that to the kind.
	API string `json:"api"`
	// Code is what is answered; 0 is the kind's own.
	Code    int   `json:"code"`
	Count   int   `json:"count"`
	AfterMS int64 `json:"after_ms"`
	ForMS   int64 `json:"for_ms"`
	DelayMS int64 `json:"delay_ms"`
}

// errBadFault is in the chain of what is wrong with a Fault.
var errBadFault = errors.New("geelark: bad fault")

// maxFaultMS is the longest time in a fault.
const maxFaultMS = int64(24 * time.Hour / time.Millisecond)

func (f Fault) validate() error {
	var problems []string
	info, known := faultTable()[f.Kind]
	switch {
	case !known:
		problems = append(problems, fmt.Sprintf("kind %q is unknown", f.Kind))
	case f.Kind == kindCode && f.Code == 0:
		problems = append(problems, "code is missing")
	case info.codes != nil && f.Code != 0 && !slices.Contains(info.codes, code(f.Code)):
		problems = append(problems, fmt.Sprintf("code %d is none of %v", f.Code, info.codes))
	}
	if f.API != "" && !slices.Contains(apiPaths(), f.API) {
		problems = append(problems, fmt.Sprintf("api %q is none of %v", f.API, apiPaths()))
	}
	if f.Count < 0 {
		problems = append(problems, "count must not be negative")
	}
	if len(problems) > 0 {
		return fmt.Errorf("%w: %s", errBadFault, strings.Join(problems, "; "))
	}
	return nil
}

// validateTimes makes sure that durations hold the times.
func (f Fault) validateTimes() error {
	for _, ms := range []int64{f.AfterMS, f.ForMS, f.DelayMS} {
		if ms < 0 || ms > maxFaultMS {
			return fmt.Errorf("%w: times must be from 0 to %d ms", errBadFault, maxFaultMS)
		}
	}
	return nil
}

func (f Fault) concerns(phone string) bool { return f.Phone == "" || f.Phone == phone }

// strikes reports whether the fault makes that call answer a code.
func (f Fault) strikes(api string) bool {
	apis := faultTable()[f.Kind].apis
	if f.Kind != kindCode && !slices.Contains(apis, api) {
		return false
	}
	return f.API == "" || f.API == api
}

func (f Fault) code() code {
	if codes := faultTable()[f.Kind].codes; f.Code == 0 && len(codes) > 0 {
		return codes[0]
	}
	return code(f.Code)
}
