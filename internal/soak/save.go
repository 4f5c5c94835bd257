package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strconv"
)

// save writes all samples to a file, for those who want to see the curves.
func (w *watcher) save(path string) error {
	records := [][]string{{"kind", "slot", "pid", "at_s", "resident", "anonymous", "files", "threads"}}
	for _, s := range w.all {
		for _, one := range s.samples {
			records = append(records, []string{
				s.kind, strconv.Itoa(s.slot), strconv.Itoa(s.pid),
				strconv.FormatFloat(one.at.Seconds(), 'f', 1, 64),
				strconv.FormatInt(one.Resident, 10), strconv.FormatInt(one.Anonymous, 10),
				strconv.Itoa(one.Files), strconv.Itoa(one.Threads),
			})
		}
	}
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("save samples: %w", err)
	}
	if err := errors.Join(csv.NewWriter(f).WriteAll(records), f.Close()); err != nil {
		return fmt.Errorf("save samples: %w", err)
	}
	return nil
}
