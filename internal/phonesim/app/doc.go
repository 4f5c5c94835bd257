// Package app is the sample app of a simulated phone: a look-alike of the
// screens that a reel goes through on its way to an account, with the
// interruptions real apps have, and the launcher and system dialogs around it.
//
// It is a state machine. Touches, typed text and keys come in; a ui.Screen can
// be asked for at any time. What was posted leaves through a Store, what is in
// the gallery comes from a Gallery. It knows neither adb nor Appium.
package app
