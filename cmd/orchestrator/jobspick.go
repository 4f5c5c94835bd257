package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"postfleet/internal/fault"
	"postfleet/internal/progress"
)

// kindUnknown is, beside the statuses of the ledger, what --status takes: the
// fail rows of which nobody could tell whether they were posted.
const kindUnknown = "unknown"

// jobPick is a choice of jobs as it is given on the command line. What is empty
// leaves nothing out.
type jobPick struct {
	ids      []string
	kinds    []string
	accounts []string
}

// parsedPick is a jobPick that was understood.
type parsedPick struct {
	spans    []idSpan
	kinds    []string
	accounts []string
}

// idSpan is the ids from first to last.
type idSpan struct{ first, last int }

func (s idSpan) String() string {
	if s.first == s.last {
		return strconv.Itoa(s.first)
	}
	return fmt.Sprintf("%d-%d", s.first, s.last)
}

// parse refuses what is no choice at all; allowed are the kinds that the command
// can choose by.
func (p jobPick) parse(allowed ...string) (parsedPick, error) {
	var errs []error
	parsed := parsedPick{accounts: p.accounts}
	for part := range splitAll(p.ids) {
		span, err := parseSpan(part)
		parsed.spans, errs = append(parsed.spans, span), append(errs, err)
	}
	for kind := range splitAll(p.kinds) {
		if !slices.Contains(allowed, kind) {
			errs = append(errs, fmt.Errorf("--status %q: it can be %s", kind, strings.Join(allowed, ", ")))
		}
		parsed.kinds = append(parsed.kinds, kind)
	}
	return parsed, fault.Mark(fault.Input, errors.Join(errs...))
}

// splitAll yields the parts, between commas, of all lists.
func splitAll(lists []string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, list := range lists {
			for part := range strings.SplitSeq(list, ",") {
				if !yield(strings.TrimSpace(part)) {
					return
				}
			}
		}
	}
}

func parseSpan(s string) (idSpan, error) {
	from, to, isSpan := strings.Cut(s, "-")
	first, err := strconv.Atoi(from)
	last, lastErr := first, error(nil)
	if isSpan {
		last, lastErr = strconv.Atoi(to)
	}
	if err != nil || lastErr != nil || first < 1 || last < first || last == math.MaxInt {
		return idSpan{}, fmt.Errorf("job %q: name jobs by their job_id, such as 3, 5-9 or 3,5-9", s)
	}
	return idSpan{first, last}, nil
}

// from returns the rows that are chosen, in file order. A job or an account that
// the ledger does not have is an error: it was mistyped.
func (p parsedPick) from(rows []progress.Row) ([]*progress.Row, error) {
	named, err := p.named(rows)
	if err != nil {
		return nil, err
	}
	var picked []*progress.Row
	seen := make(map[string]bool)
	for i := range rows {
		row := &rows[i]
		isAccount := len(p.accounts) == 0
		if slices.Contains(p.accounts, row.Account) {
			seen[row.Account], isAccount = true, true
		}
		if isAccount && (named == nil || named[row.ID]) && p.hasKind(row) {
			picked = append(picked, row)
		}
	}
	return picked, p.checkAccounts(seen)
}

// named returns which ids are named, by id, or nil when none was.
func (p parsedPick) named(rows []progress.Row) ([]bool, error) {
	if len(p.spans) == 0 {
		return nil, nil
	}
	last := 0
	if len(rows) > 0 {
		last = rows[len(rows)-1].ID
	}
	named := make([]bool, last+1)
	var missing []string
	for _, span := range p.spans {
		for id := span.first; id <= min(span.last, last); id++ {
			named[id] = true
		}
		if span.last > last {
			missing = append(missing, idSpan{max(span.first, last+1), span.last}.String())
		}
	}
	switch {
	case len(missing) > 0 && last == 0:
		return nil, errNoJobs()
	case len(missing) > 0:
		return nil, fault.Errorf(fault.Input, "there is no job %s: the ledger has the jobs %s",
			strings.Join(missing, ","), idSpan{1, last})
	}
	return named, nil
}

func errNoJobs() error {
	return fault.Errorf(fault.Input, "there are no jobs in the ledger: 'orchestrator seed' makes it from %s", jobsFile)
}

func (p parsedPick) checkAccounts(seen map[string]bool) error {
	var errs []error
	for _, account := range p.accounts {
		if !seen[account] {
			errs = append(errs, fmt.Errorf("there is no job of account %q: names are as in %s, "+
				"capitals and all", account, jobsFile))
		}
	}
	return fault.Mark(fault.Input, errors.Join(errs...))
}

func (p parsedPick) hasKind(row *progress.Row) bool {
	return len(p.kinds) == 0 || slices.Contains(p.kinds, string(row.Status)) ||
		row.Unknown() && slices.Contains(p.kinds, kindUnknown)
}

// idList writes ids, which are in order, as they can be given again: 1,4,7-9.
func idList(rows []*progress.Row) string {
	var spans []idSpan
	for _, row := range rows {
		if n := len(spans); n > 0 && spans[n-1].last == row.ID-1 {
			spans[n-1].last = row.ID
			continue
		}
		spans = append(spans, idSpan{row.ID, row.ID})
	}
	parts := make([]string, len(spans))
	for i, span := range spans {
		parts[i] = span.String()
	}
	return strings.Join(parts, ",")
}

// jobCount is n jobs in words.
func jobCount(n int) string {
	if n == 1 {
		return "1 job"
	}
	return strconv.Itoa(n) + " jobs"
}
