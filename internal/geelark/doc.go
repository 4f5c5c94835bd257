// Package geelark speaks the GeeLark Open API (Client) and lives the life of
// one cloud phone: found, started, reached, stopped (Phone, Stopper).
//
// A phone bills by the minute while it runs. So the intent to start it is
// written before the call, whoever started it stops it, and only what this
// fleet started is ever stopped. Requests are rationed over all processes by
// the package budget; nothing here asks faster than that, or hot-loops.
//
// It must not touch adb: what is done with a phone's address is
// internal/device's. Credentials, and the phone's own password, appear in no
// error and no log.
package geelark
