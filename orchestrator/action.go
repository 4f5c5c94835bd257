package orchestrator

import (
	"fmt"

	"postfleet/workerimage"
)

// ending is what a worker's exit means.
type ending int

const (
	endDone ending = iota + 1
	endError
	endUsage
	endAppium
	endDevice
	endHuman
	endLedger
	// endMemory: the kernel killed it, or a child of it, for memory.
	endMemory
	// endKilled: it was killed from outside, or its container is gone.
	endKilled
)

// signalled is where exit codes begin that stand for a signal.
const signalled = 128

// classify reads an exit. Codes by which the worker speaks come first: a child
// that ran out of memory does not turn its "done" into a failure.
func classify(e Exit) ending {
	switch e.Code {
	case workerimage.ExitDone:
		return endDone
	case workerimage.ExitUsage:
		return endUsage
	case workerimage.ExitHuman:
		return endHuman
	case workerimage.ExitLedger:
		return endLedger
	}
	switch {
	case e.OOMKilled:
		return endMemory
	case e.Code > signalled:
		return endKilled
	case e.Code == workerimage.ExitAppium:
		return endAppium
	case e.Code == workerimage.ExitDevice:
		return endDevice
	default:
		return endError
	}
}

// reason says it in words for a person.
func (e ending) reason(code int) string {
	switch e {
	case endDone:
		return ""
	case endUsage:
		return "the worker refused its settings: are orchestrator and image of one version?"
	case endAppium:
		return "Appium would not start or kept dying"
	case endDevice:
		return "the device is unreachable"
	case endHuman:
		return "the device needs a person"
	case endLedger:
		return "the ledger refused to work"
	case endMemory:
		return "out of memory: raise docker.memory"
	case endKilled:
		return fmt.Sprintf("killed from outside (exit code %d)", code)
	default:
		return fmt.Sprintf("exit code %d", code)
	}
}

// action is what a slot does about the end of its worker.
type action int

const (
	// actDone: the slot has nothing more to do.
	actDone action = iota + 1
	// actRestart: make the worker again, after a wait.
	actRestart
	// actPark: leave the slot empty until a person has looked.
	actPark
	// actGiveUp: a restart cannot mend it.
	actGiveUp
	// actStopFleet: no worker may go on.
	actStopFleet
)

// decide is the whole policy.
//
//	ending                          running      draining
//	done                            done         done
//	ledger                          stop fleet   stop fleet
//	human                           park         park
//	usage                           give up      give up
//	error appium device             restart      done
//	memory killed                   restart      done
func decide(end ending, draining bool) action {
	switch end {
	case endDone:
		return actDone
	case endLedger:
		return actStopFleet
	case endHuman:
		return actPark
	case endUsage:
		return actGiveUp
	default:
		if draining {
			return actDone
		}
		return actRestart
	}
}
