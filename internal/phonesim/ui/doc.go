// Package ui is the view tree of a simulated phone's screen: what is on it,
// where, what a touch hits, how the UiAutomator2 server writes it as XML, and
// how it looks as a picture. It knows no app: what a touch does is decided by
// package app. Trees are plain values, built anew for every question; nothing
// here is shared or changes behind a caller's back.
package ui
