package workerimage

// Exit codes, the same for the orchestrator and the worker. Tools rely on
// them; they never change meaning.
//
//	code  orchestrator                          worker
//	0     every job is success or skip          nothing left that this device may take, or drained
//	1     an error that has no code of its own  the same
//	2     usage or config                       the same
//	3     finished, with fail rows              -
//	4     ended with pending rows left          -
//	10    -                                     the Appium server would not start, or kept dying
//	11    -                                     the device is unreachable
//	12    -                                     the device needs a person, or all do: see LastWords
//	13    the tracker refused to work           the same
const (
	ExitDone    = 0
	ExitError   = 1
	ExitUsage   = 2
	ExitFailed  = 3
	ExitPending = 4
	ExitAppium  = 10
	ExitDevice  = 11
	ExitHuman   = 12
	ExitLedger  = 13
)
