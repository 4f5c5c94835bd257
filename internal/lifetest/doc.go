// Package lifetest holds the tests of a worker's life, from the claim to what
// the ledger and the phone say in the end: the real worker, poster, navigator,
// built-in recipe and ledger on disk, on the sample app. There is no adb and no
// Appium between; internal/e2e has those.
//
// The phone outlives the workers. For the kill matrix it is served on a socket,
// and workers are processes that kill themselves; for the table of failures,
// which docs/errors.md has for people, all is in one process on made-up time.
package lifetest
