package testbed

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"postfleet/internal/jobs"
)

// Post is what tells posts apart: no two jobs of a fleet that is judged agree
// in it. A phone that speaks of one twice has posted it twice.
type Post struct {
	Account string `json:"account"`
	Caption string `json:"caption"`
	SHA256  string `json:"video_sha256"`
}

// Posted reads what the phones of a data directory said at the end of a launch.
func Posted(dir string) ([]Post, error) {
	path := filepath.Join(dir, "posts.json")
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read posts: %w", err)
	}
	var posts []Post
	if err := json.Unmarshal(b, &posts); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return posts, nil
}

// Asked is what the jobs.csv of a data directory asks for, by job.
func Asked(dir string) ([]Post, error) {
	media := filepath.Join(dir, "media")
	input, err := jobs.Read(filepath.Join(dir, "jobs.csv"), media)
	if err != nil {
		return nil, err
	}
	posts := make([]Post, 0, len(input.Jobs))
	for _, job := range input.Jobs {
		video, err := os.ReadFile(filepath.Join(media, job.Video))
		if err != nil {
			return nil, fmt.Errorf("read the video of job %d: %w", job.ID, err)
		}
		sum := sha256.Sum256(video)
		posts = append(posts, Post{Account: job.Account, Caption: job.Caption, SHA256: hex.EncodeToString(sum[:])})
	}
	return posts, nil
}
