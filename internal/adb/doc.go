// Package adb runs one adb server as a child process and asks it through the
// adb command line: connect, state, push, shell, forwards.
//
// It never lets the command line start a server of its own (a daemon nobody
// would stop), it gives every call a deadline, and nothing it is handed
// reaches the phone's shell unquoted. What is done with a phone is
// internal/device's.
package adb
