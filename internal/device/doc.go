// Package device is what a posting flow may do to one phone: connect, launch an
// app, look, tap, type, upload a video. It is built from internal/adb and
// internal/appium and decides what their errors mean for the flow; what is on
// the screen, and what to do about it, it does not know.
package device
