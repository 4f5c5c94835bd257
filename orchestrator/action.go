package orchestrator

// action is what a slot does about the end of its worker.
type action int

const (
	// actDone: the slot has nothing more to do.
	actDone action = iota + 1
	// actRestart: make the worker again, as soon as restarts allows.
	actRestart
	// actPark: leave the slot empty until a person has looked.
	actPark
	// actGiveUp: a restart cannot mend it.
	actGiveUp
	// actStopFleet: no worker may go on.
	actStopFleet
)

// decide is the whole policy: what was observed, what is desired, what to do.
// That a worker was adopted changes nothing here.
//
//	observed                               wanted       draining
//	done                                   done         done
//	ledger refused, no image, engine away  stop fleet   stop fleet
//	no worker gets further by itself       stop fleet   stop fleet
//	device needs a person                  park         park
//	settings refused, name taken           give up      give up
//	Appium, device, error                  restart      done
//	memory, killed, container gone, sick   restart      done
//	engine would not                       restart      done
//
// restart turns into give up when the slot has used up its restarts, and into
// stop fleet when most slots fail for the same shared cause, see breaker.
func decide(end ending, draining bool) action {
	switch end {
	case endDone:
		return actDone
	case endLedger, endFleet, endNoImage, endAway:
		return actStopFleet
	case endHuman:
		return actPark
	case endUsage, endNameTaken:
		return actGiveUp
	default:
		if draining {
			return actDone
		}
		return actRestart
	}
}
