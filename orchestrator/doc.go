// Package orchestrator keeps one worker running for every slot of a fleet until
// nothing is left to do. It owns the plan (ports, devices, container specs),
// the slots' loops with their restarts, the sweep that adopts what an earlier
// orchestrator left running, drain and cancel, the gathering of what simulated
// phones posted, and the status.
//
// It declares Engine, the little it asks of a container engine, and knows no
// Docker. It never touches a phone's screen, never runs a job and never claims
// one: workers do, through the ledger. What it knows about a running fleet it
// reads from containers' labels and from the ledger, so it may be killed at any
// instant and its successor carries on.
package orchestrator
