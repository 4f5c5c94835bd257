package app

// Fault is a kind of trouble that the app can be told to have.
type Fault string

// Faults that hold until they are cleared. They strike the account that is
// current when they are injected.
const (
	// FaultLogout logs the account out; only logging in, or clearing the fault,
	// brings it back.
	FaultLogout Fault = "logout"
	// FaultSuspended shows that the account was suspended.
	FaultSuspended Fault = "suspended"
	// FaultVerify asks who is there.
	FaultVerify Fault = "verify"
	// FaultReskin is an update of the app that gave every view another
	// resource id and some of them another label.
	FaultReskin Fault = "reskin"
)

// Faults that strike a number of times.
const (
	// FaultActionBlocked refuses to share, with a dialog. Nothing is posted.
	FaultActionBlocked Fault = "action_blocked"
	// FaultPopup puts a dialog in the way, of two kinds in turn.
	FaultPopup Fault = "popup"
	// FaultSlowPost makes sharing take long, see App.SetSlowUploadTime.
	FaultSlowPost Fault = "slow_post"
	// FaultShareFails ends sharing with an error. Nothing is posted.
	FaultShareFails Fault = "share_fails"
	// FaultPostThenDie posts, then calls Config.PostThenDieFunc before
	// the confirmation shows.
	FaultPostThenDie Fault = "post_then_die"
)
