// Package uia2 is the HTTP server that appium-uiautomator2-driver talks to on
// a phone (device port 6790), and the MJPEG stream beside it (7810). It speaks
// the protocol of appium-uiautomator2-server: its own routes, its own find
// body, its own error shape. What is on the screen and what a touch does is
// the Phone's business.
package uia2
