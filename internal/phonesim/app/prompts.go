package app

// newMediaPermission is the system's question before the first gallery visit.
func newMediaPermission() *prompt {
	return newPermission("Allow Instagram to access photos and videos?", func(a *App) {
		a.granted = true
		a.closeDialog()
	})
}

func newPermission(question string, allow func(*App)) *prompt {
	return &prompt{
		word: "permission", pkg: permissionPackage, activity: permissionActivity,
		text:    label{"permission_message", question},
		accept:  choice{label{"permission_allow_button", "Allow"}, allow},
		dismiss: choice{label{"permission_deny_button", "Don't allow"}, (*App).closeDialog},
	}
}

// newNotificationNag is one of the two popups.
func newNotificationNag() *prompt {
	return &prompt{
		word: "notification_nag", pkg: Package, activity: Activity,
		title: label{"dialog_title", "Turn on notifications?"},
		accept: choice{label{"dialog_positive", "Turn on"}, func(a *App) {
			a.open(newPermission("Allow Instagram to send you notifications?", (*App).closeDialog))
		}},
		dismiss: choice{label{"dialog_negative", "Not now"}, (*App).closeDialog},
	}
}

// newUpdateNag is the other popup. Agreeing leaves the app.
func newUpdateNag() *prompt {
	return &prompt{
		word: "update_nag", pkg: Package, activity: Activity,
		title: label{"dialog_title", "Update Instagram"},
		text:  label{"dialog_text", "A new version is available."},
		accept: choice{label{"dialog_positive", "Update"}, func(a *App) {
			a.closeDialog()
			a.leave(&playStore{})
		}},
		dismiss: choice{label{"dialog_negative", "Not now"}, (*App).closeDialog},
	}
}

// newActionBlocked refuses to share.
func newActionBlocked() *prompt {
	return notice("action_blocked", "Action blocked", "You can't use this feature right now", goHome)
}

// newVideoRejected ends a share of something that the service will not have.
func newVideoRejected() *prompt {
	return notice("video_rejected", "Your video can't be posted", "It goes against our Community Guidelines.", goHome)
}

// newStorageFull keeps a video from being worked on.
func newStorageFull() *prompt {
	return notice("storage_full", "Not enough storage",
		"Free up some space on your phone and try again.", (*App).closeDialog)
}

// notice is bad news that one can only take note of.
func notice(word, title, text string, do func(*App)) *prompt {
	return &prompt{
		word: word, pkg: Package, activity: Activity,
		title: label{"dialog_title", title}, text: label{"dialog_text", text},
		accept: choice{label{"dialog_positive", "OK"}, do},
	}
}

// newShareFailed ends a share that did not work.
func newShareFailed() *prompt {
	return &prompt{
		word: "share_failed", pkg: Package, activity: Activity,
		title:  label{"dialog_title", "Couldn't share your reel"},
		accept: choice{label{"dialog_dismiss", "Try again later"}, goHome},
	}
}
