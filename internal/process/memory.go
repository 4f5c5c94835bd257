package process

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// ErrEnded means that the program, whose memory was asked, is gone.
var ErrEnded = errors.New("process: has ended")

// Memory returns the resident bytes of all processes in the group. What they
// share is counted for each, so it is rather too much than too little.
func (p *Process) Memory() (int64, error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, fmt.Errorf("list processes: %w", err)
	}
	var pages int64
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it ended meanwhile
		}
		if group, rss, ok := parseStat(string(text)); ok && group == p.PID() {
			pages += rss
		}
	}
	if pages == 0 {
		return 0, ErrEnded
	}
	return pages * int64(os.Getpagesize()), nil
}

// parseStat reads the process group and the resident pages of proc(5)'s stat.
// The program's name, which may hold anything, ends at the last parenthesis.
func parseStat(text string) (group int, pages int64, ok bool) {
	const groupField, rssField = 2, 21 // counted from the field after the name
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	if len(fields) <= rssField {
		return 0, 0, false
	}
	group, groupErr := strconv.Atoi(fields[groupField])
	pages, pagesErr := strconv.ParseInt(fields[rssField], 10, 64)
	return group, pages, groupErr == nil && pagesErr == nil
}
