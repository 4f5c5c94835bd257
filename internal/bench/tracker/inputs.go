package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// seedAccounts and seedVideos are how many the seeded jobs have in all.
const seedAccounts, seedVideos = 200, 5

// makeInputs makes dir anew with jobs.csv, about 85 bytes a row, and the videos.
func makeInputs(dir string, rows int) error {
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("make inputs: %w", err)
	}
	media := filepath.Join(dir, "media", "reels")
	if err := os.MkdirAll(media, 0o755); err != nil {
		return fmt.Errorf("make inputs: %w", err)
	}
	for i := range seedVideos {
		name := filepath.Join(media, fmt.Sprintf("video-%03d.mp4", i))
		if err := os.WriteFile(name, fmt.Appendf(nil, "video %d\n", i), 0o644); err != nil {
			return fmt.Errorf("make inputs: %w", err)
		}
	}
	// Flushed, so that the disk does not write it while seeding is measured.
	err := writeFlushed(filepath.Join(dir, "jobs.csv"), func(w io.Writer) error { return writeJobs(w, rows) })
	if err != nil {
		return fmt.Errorf("make inputs: %w", err)
	}
	return nil
}

func writeJobs(out io.Writer, rows int) error {
	buffered := bufio.NewWriter(out)
	w := csv.NewWriter(buffered)
	if err := w.Write([]string{"account_name", "video_path", "caption"}); err != nil {
		return err
	}
	for i := range rows {
		err := w.Write([]string{
			fmt.Sprintf("account_%03d", i%seedAccounts),
			fmt.Sprintf("reels/video-%03d.mp4", i%seedVideos),
			fmt.Sprintf("Caption of post %07d, with a #hashtag and more", i+1),
		})
		if err != nil {
			return err
		}
	}
	w.Flush()
	return errors.Join(w.Error(), buffered.Flush())
}
