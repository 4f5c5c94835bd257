// Package cloudphone is a worker's phone that is rented: it starts the cloud
// phone that a job needs, reaches it at the address that it has this time, logs
// adb in to its shell, keeps it logged in, and stops it.
//
// It does nothing on the screen but what internal/device does, and knows
// nothing of jobs but the account's name.
//
// Goroutines: one that renews the login, while a phone is on.
package cloudphone
