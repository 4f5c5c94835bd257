package progress

import "os"

// SetFault makes fn run before every file operation of l.
func (l *CSV) SetFault(fn func(op string, f *os.File, data []byte) error) { l.disk.faultFunc = fn }

// SetJournalMax makes l begin its journal anew past this many bytes.
func (l *CSV) SetJournalMax(bytes int64) { l.disk.journalMax = bytes }

// ErrFlush is what a failed flush is.
var ErrFlush = errSync
