package app

// Fault is a kind of trouble that the app can be told to have.
type Fault string

// Faults that hold until they are cleared. The first three strike the account
// that is current when they are injected.
const (
	// FaultLogout logs the account out; only logging in, or clearing the fault,
	// brings it back.
	FaultLogout Fault = "logout"
	// FaultSuspended shows that the account was suspended.
	FaultSuspended Fault = "suspended"
	// FaultVerify asks who is there.
	FaultVerify Fault = "verify"
	// FaultReskin is an update of the app: it puts on the Skin whose number is
	// the count. The next one replaces it.
	FaultReskin Fault = "reskin"
	// FaultNoNetwork cuts the app off: a banner on its pages says so, profiles
	// do not load, and sharing fails.
	FaultNoNetwork Fault = "no_network"
	// FaultPinnedPost pins the oldest post of every account to the front of its
	// profile.
	FaultPinnedPost Fault = "pinned_post"
	// FaultProfileLag keeps posts off the profile while they are new, see
	// App.SetProfileLag.
	FaultProfileLag Fault = "profile_lag"
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
	// FaultVideoRejected ends sharing because of the video. Nothing is posted.
	FaultVideoRejected Fault = "video_rejected"
	// FaultStorageFull keeps a video from being edited, with a dialog.
	FaultStorageFull Fault = "storage_full"
	// FaultAppCrash ends the app while it is in front, with a dialog of the
	// system. What it was sharing is never posted.
	FaultAppCrash Fault = "app_crash"
	// FaultPostThenDie posts, then calls Config.PostThenDieFunc before
	// the confirmation shows.
	FaultPostThenDie Fault = "post_then_die"
)
