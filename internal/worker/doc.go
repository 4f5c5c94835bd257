// Package worker is the life of one worker in its container: liveness lock,
// adb server, Appium server, device, job loop, and all of it taken down in
// reverse. It decides what an attempt's error means for the job (by class, see
// decide.go) and for the worker, and it owns the drain.
//
// It must not know how a server is started, how a phone is driven, or what is
// on a screen: those are handed to it.
//
// Goroutines, all waited for before Run returns:
//
//	Run           the life and the job loop
//	keeper (2)    one for each server: waits for its end, starts it again
//	health        serves the unix socket; one more for each question
//	drain timer   cancels the job when a drain takes too long
package worker
