// Package e2e holds the tests of the whole: real containers, real Appium, real
// adb, simulated phones. They need a Docker engine and the worker image, which
// "make integration" provides, and fail without them. Everything is asked from
// outside, as an operator would: the command line, the files, the phones.
package e2e
