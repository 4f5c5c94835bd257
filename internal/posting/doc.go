// Package posting runs one job end to end: rotate the proxy, connect, upload,
// walk the recipe, commit, and find out on a fresh screen whether the post is
// there. It owns that judgement (posted, absent, cannot tell), the baseline it
// rests on, and the artifacts of a failed attempt.
//
// It must not touch the ledger: phases are recorded through the attempt's
// functions, and what follows from an error is decided by internal/worker.
package posting
