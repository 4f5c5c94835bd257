// Package handset is a phone in the hand of whoever drives it in the same
// process: its screen is the sample app's, its app's service and its gallery are
// in memory, and nothing is between, neither adb nor Appium. A Handset has the
// methods that a walk, an attempt and a guide ask of a phone.
//
// It must know none of them, nor anything else that drives it: it decides
// nothing, gives errors no class, and judges no touch. What makes a phone fail,
// or puts on its screen what is not the app's, is its user's, by CallFunc and
// Stage.
package handset
