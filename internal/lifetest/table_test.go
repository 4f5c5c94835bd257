package lifetest

import (
	"postfleet/internal/fault"
	"postfleet/internal/phonesim/app"
)

// accountFailures are screens that say that the account cannot post. Before the
// share tap, and after one that is proved to have come to nothing, the job
// fails and the account's pending jobs are skipped for the same reason. Where
// the screen is in the way of the proof, the outcome is unknown, and the
// account's next job meets the screen itself.
func accountFailures() []failure {
	var all []failure
	for _, kind := range []struct {
		fault  app.Fault
		id     string
		reason string
	}{
		{app.FaultLogout, "logged_out", "the account is logged out (screen logged_out)"},
		{app.FaultSuspended, "suspended", "the account is suspended (screen suspended)"},
		{
			app.FaultVerify, "verification_asked",
			"the service asks this account to verify itself (screen verification_asked)",
		},
	} {
		all = append(all,
			failure{
				screen: kind.id, at: early, strike: struck(kind.fault), screens: []string{"1"},
				results: []string{"1 fail account", "3 success"},
				ledger:  []string{"fail " + kind.reason, "skip " + kind.reason, "success"},
			},
			failure{
				screen: kind.id, at: shared, strike: struck(kind.fault), screens: []string{"1"},
				results: []string{"1 fail outcome_unknown", "2 fail account", "3 success"},
				ledger:  []string{"fail outcome unknown: post/share", "fail " + kind.reason, "success"},
			},
			failure{
				screen: kind.id, at: shared, how: "landed", strike: landed(struck(kind.fault)), screens: []string{"1"},
				results: []string{"1 fail outcome_unknown", "2 fail account", "3 success"},
				ledger:  []string{"fail outcome unknown: post/share", "fail " + kind.reason, "success"},
			},
			failure{
				screen: kind.id, at: looked, strike: struck(kind.fault), screens: []string{"1 look"},
				results: []string{"1 fail outcome_unknown", "2 fail account", "3 success"},
				ledger:  []string{"fail outcome unknown: switch_account", "fail " + kind.reason, "success"},
			})
	}
	const reason = "the service blocked the action for this account (screen action_blocked)"
	return append(all,
		failure{
			screen: "action_blocked", at: early, strike: covered("Action blocked"), screens: []string{"1"},
			results: []string{"1 fail account", "3 success"},
			ledger:  []string{"fail " + reason, "skip " + reason, "success"},
		},
		failure{
			screen: "action_blocked", at: shared, trap: strikes(app.FaultActionBlocked, 1), screens: []string{"1"},
			results: []string{"1 fail account", "3 success"},
			ledger:  []string{"fail posting: proved not to be on the profile", "skip " + reason, "success"},
		},
		failure{
			screen: "action_blocked", at: looked, strike: covered("Action blocked"), screens: []string{"1 look"},
			results: []string{"1 fail outcome_unknown", "2 success", "3 success"},
			ledger:  []string{"fail outcome unknown: switch_account", "success", "success"},
		})
}

// contentFailures are screens that say that the service will not have this
// post: it is not tried again, and nothing follows for the account.
func contentFailures() []failure {
	const reason = "the service refuses this video (screen video_rejected)"
	return []failure{
		{
			screen: "video_rejected", at: early, strike: covered("Your video can't be posted"), screens: []string{"1"},
			results: []string{"1 fail content", "2 success", "3 success"},
			ledger:  []string{"fail " + reason, "success", "success"},
		},
		{
			screen: "video_rejected", at: shared, trap: strikes(app.FaultVideoRejected, 1), screens: []string{"1"},
			results: []string{"1 fail content", "2 success", "3 success"},
			ledger:  []string{"fail posting: proved not to be on the profile", "success", "success"},
		},
		{
			screen: "video_rejected", at: looked, strike: covered("Your video can't be posted"),
			screens: []string{"1 look"},
			results: []string{"1 fail outcome_unknown", "2 success", "3 success"},
			ledger:  []string{"fail outcome unknown: switch_account", "success", "success"},
		},
	}
}

// infraFailures are screens that say nothing about the job: it is tried again
// retryDelay later, three times in all. What was shared is looked for first, as
// long as it takes, and then three times more; only when it was never to be
// seen is the outcome unknown.
func infraFailures() []failure {
	again := []string{"1 pending infra", "2 success", "3 success", "1 success"}
	done := []string{"success", "success", "success"}
	const last = "fail attempt 3 of 3: "
	thrice := []string{"1 pending infra", "1 pending infra", "1 fail infra"}
	return []failure{
		{
			screen: "share_failed", at: early, strike: covered("Couldn't share your reel"), screens: []string{"1"},
			results: again, ledger: done,
		},
		{
			screen: "share_failed", at: looked, strike: covered("Couldn't share your reel"), passes: true,
			results: again, ledger: done,
		},
		{
			// Whatever a screen says, it is the profile that counts.
			screen: "storage_full", at: shared, strike: landed(covered("Not enough storage")), passes: true,
			screens: []string{"1"},
			results: []string{"1 success", "2 success", "3 success"}, ledger: done,
		},
		{
			screen: "storage_full", at: looked, strike: covered("Not enough storage"), passes: true,
			results: again, ledger: done,
		},
		{
			screen: "share_failed", at: shared, how: "once", trap: strikes(app.FaultShareFails, 1),
			screens: []string{"1"}, results: again, ledger: done,
		},
		{
			screen: "share_failed", at: shared, how: "always", trap: strikes(app.FaultShareFails, -1), alone: true,
			screens: []string{"1", "2", "3"}, results: thrice,
			ledger: []string{last + "posting: proved not to be on the profile"},
		},
		{
			screen: "storage_full", at: early, how: "once", trap: strikes(app.FaultStorageFull, 1),
			screens: []string{"1"}, results: again, ledger: done,
		},
		{
			screen: "storage_full", at: early, how: "always", trap: strikes(app.FaultStorageFull, -1), alone: true,
			screens: []string{"1", "2", "3"}, results: thrice, ledger: []string{last + "post/leave_gallery"},
		},
		{
			screen: "app_crashed", at: early, how: "once", strike: strikes(app.FaultAppCrash, 1),
			screens: []string{"1"}, results: again, ledger: done,
		},
		{
			screen: "app_crashed", at: early, how: "always", strike: strikes(app.FaultAppCrash, -1), alone: true,
			screens: []string{"1", "2", "3"}, results: thrice, ledger: []string{last + "switch_account/own_profile"},
		},
		{
			// The crash ends what the app was sharing.
			screen: "app_crashed", at: shared, how: "once", strike: strikes(app.FaultAppCrash, 1),
			screens: []string{"1"}, results: again, ledger: done,
		},
		{
			screen: "app_crashed", at: looked, how: "once", strike: strikes(app.FaultAppCrash, 1), passes: true,
			results: again, ledger: done,
		},
		{
			screen: "offline", at: early, how: "for a while", strike: strikes(app.FaultNoNetwork, 1), over: "pending",
			screens: []string{"1"}, results: again, ledger: done,
		},
		{
			screen: "offline", at: early, how: "for ever", strike: strikes(app.FaultNoNetwork, 1), alone: true,
			screens: []string{"1", "2", "3"}, results: thrice, ledger: []string{last + "switch_account/own_profile"},
		},
		{
			screen: "offline", at: shared, how: "for a while", strike: strikes(app.FaultNoNetwork, 1), over: "pending",
			screens: []string{"1"},
			results: []string{
				"1 pending outcome_unknown", "3 success", "1 pending infra", "2 success", "1 success",
			},
			ledger: done,
		},
		{
			screen: "offline", at: shared, how: "for ever", strike: strikes(app.FaultNoNetwork, 1), alone: true,
			screens: []string{"1", "1 look"},
			results: []string{
				"1 pending outcome_unknown", "1 pending infra", "1 pending infra", "1 pending infra",
				"1 pending infra", "1 fail outcome_unknown",
			},
			ledger: []string{"fail outcome unknown: switch_account"},
		},
		{
			screen: "offline", at: looked, how: "for a while", strike: strikes(app.FaultNoNetwork, 1), over: "pending",
			screens: []string{"1 look"},
			results: []string{"1 pending infra", "3 success", "1 pending infra", "2 success", "1 success"},
			ledger:  done,
		},
		{
			screen: "offline", at: looked, how: "for ever", strike: strikes(app.FaultNoNetwork, 1), alone: true,
			screens: []string{"1 look"},
			results: []string{
				"1 pending infra", "1 pending infra", "1 pending infra", "1 pending infra", "1 pending infra",
				"1 fail outcome_unknown",
			},
			ledger: []string{"fail outcome unknown: switch_account"},
		},
	}
}

// otherFailures are those that no failure screen tells.
func otherFailures() []failure {
	again := []string{"1 pending infra", "2 success", "3 success", "1 success"}
	done := []string{"success", "success", "success"}
	return []failure{
		{
			screen: "unknown screens", at: early, strike: strikes(app.FaultReskin, 3), over: "pending",
			screens: []string{"1"}, results: again, ledger: done,
		},
		{
			screen: "unknown screens", at: shared, how: "for a while", strike: strikes(app.FaultReskin, 3),
			over: "pending", screens: []string{"1"},
			results: []string{"1 pending outcome_unknown", "3 success", "1 success", "2 success"}, ledger: done,
		},
		{
			screen: "unknown screens", at: looked, how: "for a while", strike: strikes(app.FaultReskin, 3),
			over: "pending", screens: []string{"1 look"},
			results: []string{"1 pending infra", "3 success", "1 pending infra", "2 success", "1 success"},
			ledger:  done,
		},
		{
			screen: "no video in the gallery", at: early, strike: empty, over: "pending", screens: []string{"1"},
			results: again, ledger: done,
		},
		{
			screen: "account not on the phone", account: "nobody", alone: true, screens: []string{"1", "2", "3"},
			results: []string{"1 pending infra", "1 pending infra", "1 fail infra"},
			ledger:  []string{"fail attempt 3 of 3: switch_account/pick_account"},
		},
		{
			screen: "no video", noVideo: true,
			results: []string{"1 skip input", "2 success", "3 success"}, ledger: []string{"skip", "success", "success"},
		},
		{
			screen: "phone needs a person", at: early, strike: missing, ends: fault.Human,
			ledger: []string{"pending", "pending", "pending"}, screens: []string{"1"},
		},
		{
			screen: "phone needs a person", at: shared, strike: refused, ends: fault.Human,
			results: []string{"1 pending outcome_unknown"}, ledger: []string{"pending", "pending", "pending"},
		},
		{
			screen: "phone needs a person", at: looked, strike: refused, ends: fault.Human,
			ledger: []string{"pending", "pending", "pending"},
		},
	}
}
