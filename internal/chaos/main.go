// Command chaos is the judging half of a fault suite: it draws the faults of a
// seed, and holds a fleet's ledger against what its phones say was posted. It
// injects nothing.
//
//	go run ./internal/chaos -seed 7           the faults of a seed
//	go run ./internal/chaos -dir build/demo   the verdict on a fleet that is down
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"postfleet/internal/jobs"
	"postfleet/internal/progress/fileledger"
)

func main() {
	dir := flag.String("dir", "", "the data directory to judge; without it the schedule is shown")
	seed := flag.Uint64("seed", 1, "what the schedule is drawn from")
	minutes := flag.Int("minutes", 10, "how long the schedule is")
	workers := flag.Int("workers", 4, "how many workers it is for")
	faults := flag.Int("faults", 24, "how many faults it has")
	flag.Parse()
	if *dir == "" && *minutes > 0 && *workers > 0 && *faults >= 0 {
		for _, e := range schedule(*seed, time.Duration(*minutes)*time.Minute, *faults, *workers) {
			fmt.Fprintf(os.Stdout, "%8s  %-18s worker %d\n", e.At.Round(time.Second), e.Kind, e.Worker)
		}
		return
	}
	if err := judgeDir(context.Background(), os.Stdout, *dir); err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		os.Exit(1) //nolint:forbidigo // a program's main
	}
}

// judgeDir says what is wrong in a data directory; an error says that something is.
func judgeDir(ctx context.Context, w io.Writer, dir string) error {
	input, err := jobs.Read(filepath.Join(dir, "jobs.csv"), filepath.Join(dir, "media"))
	if err != nil {
		return err
	}
	b, err := os.ReadFile(filepath.Join(dir, "posts.json"))
	if err != nil {
		return fmt.Errorf("read posts: %w", err)
	}
	var posts []post
	if err := json.Unmarshal(b, &posts); err != nil {
		return fmt.Errorf("read posts: %w", err)
	}
	ledger, err := fileledger.Open(dir, fileledger.Options{})
	if err != nil {
		return err
	}
	rows, err := ledger.Snapshot(ctx)
	if err = errors.Join(err, ledger.Close()); err != nil {
		return err
	}
	f := judge(rows, posts, len(input.Jobs))
	for _, part := range []struct {
		name string
		rows []string
	}{
		{"posted twice", f.Twice},
		{"lost", f.Lost},
		{"contradicted by the phones", f.Contradictions},
		{"outcome unknown", f.Unknown},
	} {
		fmt.Fprintf(w, "%-28s %d\n", part.name, len(part.rows))
		for _, row := range part.rows {
			fmt.Fprintf(w, "    %s\n", row)
		}
	}
	if bad := len(f.Twice) + len(f.Lost) + len(f.Contradictions); bad > 0 {
		return fmt.Errorf("%d findings in %s", bad, dir)
	}
	return nil
}
