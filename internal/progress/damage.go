package progress

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"postfleet/internal/fault"
)

// damaged makes the error for a progress.csv that cannot be trusted. The file
// stays as it is. A copy of it is put aside, so that a person can mend it
// without losing what there was.
func (d disk) damaged(data []byte, why string) error {
	table, log := d.path(tableName), d.path(journalName)
	if data == nil {
		return fault.Errorf(fault.Ledger, "%s is gone: %s. Put it back; only when every job is to be "+
			"posted from the beginning, remove %s as well", table, why, log)
	}
	kept, err := d.putAside(data)
	if err != nil {
		kept = "not made: " + err.Error()
	}
	return fault.Errorf(fault.Ledger, "%s is damaged: %s. Nothing was changed (copy: %s). Put the right file "+
		"back; or, when you have made sure that every row in it is right, remove %s", table, why, kept, log)
}

func (d disk) unreadable(name string, err error) error {
	return classify(fmt.Errorf("read ledger %s: %w", d.path(name), err))
}

func mismatch(data []byte, want fingerprint) string {
	found := absent()
	if data != nil {
		rows := max(0, bytes.Count(data, []byte{'\n'})-1)
		if decoded, err := decodeTable(data); err == nil {
			rows = len(decoded)
		}
		found = fingerprintOf(data, rows)
	}
	return fmt.Sprintf("the journal says %s, found %s: the file was cut short, removed or edited by hand", want, found)
}

// putAside copies data, once, and returns the path of the copy.
func (d disk) putAside(data []byte) (string, error) {
	copies, err := filepath.Glob(d.path(damagedName + "*"))
	if err != nil {
		return "", err
	}
	for _, path := range copies {
		if have, err := os.ReadFile(path); err == nil && bytes.Equal(have, data) {
			return path, nil
		}
	}
	path := d.path(damagedName + time.Now().UTC().Format("20060102T150405.000000000Z"))
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, tableMode)
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, adopt(f), f.Sync(), f.Close()); err != nil {
		_ = os.Remove(path)
		return "", err
	}
	return path, nil
}
