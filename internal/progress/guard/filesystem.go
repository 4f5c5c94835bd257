// Package guard says whether a directory is fit to hold a ledger: the type of
// its file system, the room that is left on it, and whether a lock that one
// process holds keeps another out.
//
// It decides and mends nothing, and knows nothing of rows.
package guard

import "postfleet/internal/fault"

// The mends that a message ends in.
const (
	mendPlace = "use a local disk, or on macOS a named Docker volume"
	mendTrust = "if its locks are known to be sound, set ledger.trust_file_system: true " +
		"(POSTFLEET_LEDGER_TRUST_FILE_SYSTEM=true)"
)

// refuse refuses a file system by the name of its type.
func refuse(dir, name string) error {
	return fault.Errorf(fault.Ledger, "%s is on %s, where file locks and renames cannot be trusted: %s; %s",
		dir, name, mendPlace, mendTrust)
}
