package orchestrator

import (
	"errors"
	"fmt"

	"postfleet/internal/usb"
	"postfleet/workerimage"
)

// ending is what the end of a worker means, or why there was none.
type ending int

const (
	endDone ending = iota + 1
	endError
	endUsage
	endAppium
	endDevice
	endHuman
	endLedger
	// endFleet: no worker gets any further without a person, its last words say.
	endFleet
	// endMemory: the kernel killed it, or a child of it, for memory.
	endMemory
	// endKilled: it was killed from outside.
	endKilled
	// endGone: its container was removed from outside.
	endGone
	// endSick: it was up but dead, and its slot stopped it.
	endSick
	// endEngine: the engine would not make it, or lost sight of it.
	endEngine
	// endAway: the engine did not answer for longer than enginePatience.
	endAway
	endNoImage
	endNameTaken
)

// signalled is where exit codes begin that stand for a signal.
const signalled = 128

// ending reads how a worker fared.
func (l life) ending() ending {
	switch {
	case l.err == nil:
		return l.exitEnding()
	case l.sick != "":
		return endSick // its slot removed it: that it is gone says nothing
	case errors.Is(l.err, ErrNotFound):
		return endGone
	case errors.Is(l.err, ErrNoImage):
		return endNoImage
	case errors.Is(l.err, ErrNameTaken):
		return endNameTaken
	case errors.Is(l.err, ErrUnreachable):
		return endAway
	case errors.Is(l.err, usb.ErrAbsent):
		return endDevice
	case errors.Is(l.err, usb.ErrTwice), errors.Is(l.err, usb.ErrNoBus):
		return endHuman
	default:
		return endEngine
	}
}

// exitEnding reads an exit. What the slot did to a sick worker explains every
// code but those by which the worker asks not to be made again.
func (l life) exitEnding() ending {
	end := classify(l.exit)
	switch end {
	case endUsage, endHuman, endLedger, endFleet:
		return end
	default:
		if l.sick != "" {
			return endSick
		}
		return end
	}
}

// classify reads an exit. Codes by which the worker speaks come first: a child
// that ran out of memory does not turn its "done" into a failure.
func classify(e Exit) ending {
	switch e.Code {
	case workerimage.ExitDone:
		return endDone
	case workerimage.ExitUsage:
		return endUsage
	case workerimage.ExitHuman:
		if words, _ := workerimage.ReadLastWords(e.Tail); words.Fleet {
			return endFleet
		}
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

// reason says it in words for a person; "" when there is nothing to explain.
func (l life) reason(end ending) string {
	if l.err != nil && (end == endDevice || end == endHuman) { // there was no worker to say it
		return l.err.Error()
	}
	switch end {
	case endDone:
		return ""
	case endUsage:
		return "the worker refused its settings: are orchestrator and image of one version?"
	case endAppium:
		return "Appium would not start or kept dying"
	case endDevice:
		return withTail("the device is unreachable", lastWords(l.exit.Tail))
	case endHuman:
		return withTail("the device needs a person", lastWords(l.exit.Tail))
	case endLedger:
		return "the ledger refused to work"
	case endFleet:
		return "no worker gets any further without a person"
	case endMemory:
		return "out of memory: raise docker.memory"
	case endKilled:
		return fmt.Sprintf("killed from outside (exit code %d)", l.exit.Code)
	case endGone:
		return "its container is gone"
	case endSick:
		return l.sick
	case endEngine, endAway, endNoImage, endNameTaken:
		return l.err.Error()
	default:
		return fmt.Sprintf("exit code %d", l.exit.Code)
	}
}

// shared reports whether an ending is of the kind that has one cause for many
// slots: not the phone, not a hand from outside, but what all workers stand on.
func (e ending) shared() bool {
	switch e {
	case endAppium, endMemory, endEngine:
		return true
	default:
		return false
	}
}
