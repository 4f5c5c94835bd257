// Package ledgerproof proves the ledger with real processes: nothing in it is
// simulated, processes are killed by the kernel, and what they did is read
// from their own records.
//
// The kill proof, Run, lets worker processes share one ledger and kills them,
// while another program reads progress.csv. It has two lengths: the package's
// tests run a short one, the program killtest a long one. The linearizability
// proof is in the tests alone: it records what processes called and were
// answered, and asks porcupine whether one ledger, one call at a time, could
// have answered so.
//
// It is test support: no program that users see may import it.
package ledgerproof
