package main

import "postfleet/internal/evidence"

// targetTable is what the fault suite claims.
type targetTable struct {
	kinds, ended, twice, lost, contradictions, unknown, forgotten,
	containers, networks, forwards, processes, claimAgain evidence.Target
}

// targets are the suite's claims, each with the sentence it comes from, in the
// issue "Nothing gets lost".
func targets() targetTable {
	none := func(name, source string) evidence.Target {
		return evidence.Target{Name: name, Op: evidence.Exactly, Source: source}
	}
	const left = "containers, networks, adb forwards or processes left (0)"
	return targetTable{
		kinds: none("kinds of faults that never struck", "faults by kind"),
		ended: none("rounds that did not end", "jobs lost (0)"),
		twice: none("posts twice", "posts twice (must be 0)"),
		lost:  none("jobs lost", "jobs lost (0)"),
		contradictions: none("rows the phones contradict",
			"rows whose ledger status contradicts the phone's /posts (0)"),
		unknown: none("outcomes unknown although a verification could be made",
			"outcome unknown allowed only where a verification could not be made"),
		forgotten:  none("posts that were seen and are in no record", "the phones' own /posts as the judge"),
		containers: none("containers left", left),
		networks:   none("networks left", left),
		processes:  none("processes left", left),
		forwards: evidence.Target{
			Name: "adb forwards of a worker at any time", Op: evidence.AtMost, Value: maxForwards, Source: left,
		},
		claimAgain: evidence.Target{
			Name: "SIGKILL of a worker to its next claim, p95, s", Op: evidence.AtMost, Value: 3,
			Source: "SIGKILL of a worker: replaced and claiming again in ≤ 3 s (p95, simulated phone, image present)",
		},
	}
}

// maxForwards is what one session has: the way to the UiAutomator2 server, and
// that to its pictures.
const maxForwards = 2
