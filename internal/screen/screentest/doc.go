// Package screentest makes dumps of screens that do not exist, to measure what
// package screen makes of them: a corpus of different screens of one app, and
// each of them as it looks at different moments. It knows nothing of package
// screen, so that it cannot agree with it by construction.
//
// The corpus is the text screens.txt; its head says how it is written.
package screentest
