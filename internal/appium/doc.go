// Package appium runs an Appium server as a child process and speaks its HTTP
// API (W3C WebDriver and the few Appium endpoints we need).
//
// It knows nothing of adb, of phones or of what is on a screen. Which error
// means that a phone's link is gone is known here, because only Appium's texts
// tell; what to do about it is internal/device's.
package appium
