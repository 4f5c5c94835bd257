// Package geelark plays the GeeLark cloud: its Open API over a set of simulated
// phones in this process, with its limits, codes and moods, and a control API
// that tells the truth about what ran, for how long and by whom it was used.
//
// It owns the account, the phones' being on and off, their addresses, the
// meter and the uploads. The phones themselves are package phonesim's. It
// shares no code with the client, so that the two do not share mistakes.
package geelark
