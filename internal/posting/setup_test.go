package posting_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"postfleet/internal/jobs"
	"postfleet/internal/navigator"
	"postfleet/internal/phonesim/app"
	"postfleet/internal/posting"
	"postfleet/internal/recipe"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// loadRecipe reads the recipe once: it is immutable.
var loadRecipe = sync.OnceValues(func() (*recipe.Recipe, error) {
	return recipe.Load("builtin:instagram-reel")
})

// bench is one attempt on one phone, and what it recorded.
type bench struct {
	*phone
	attempt posting.Attempt
	cfg     posting.Config
	rotate  posting.Rotator
	// phases are what was recorded, in order.
	phases []string
	// postingErr is what Attempt.Posting answers.
	postingErr error
}

func newBench(t *testing.T, caption string) *bench {
	t.Helper()
	return newBenchOn(t, newPhone(t, app.Config{}), caption)
}

func newBenchOn(t *testing.T, p *phone, caption string) *bench {
	t.Helper()
	dir := t.TempDir()
	video := filepath.Join(dir, "reel.MP4")
	if err := os.WriteFile(video, []byte("a reel"), 0o600); err != nil {
		t.Fatal(err)
	}
	b := &bench{phone: p}
	b.attempt = posting.Attempt{
		Job:       jobs.PostJob{ID: 7, Account: "shop_a", Video: "reel.MP4", Caption: caption},
		Number:    1,
		VideoPath: video,
		Artifacts: filepath.Join(dir, "artifacts", "job-7", "attempt-1"),
		Posting: func(context.Context) error {
			if b.postingErr == nil {
				b.phases = append(b.phases, "posting")
			}
			return b.postingErr
		},
		Posted: func(context.Context) error {
			b.phases = append(b.phases, "posted")
			return nil
		},
	}
	return b
}

func (b *bench) poster() *posting.Poster {
	b.t.Helper()
	written, err := loadRecipe()
	if err != nil {
		b.t.Fatal(err)
	}
	return posting.New(b.cfg, b.phone, navigator.New(written, navigator.Config{}, nil), b.rotate, nil)
}

func (b *bench) run(ctx context.Context) error { return b.poster().Run(ctx, b.attempt) }

func (b *bench) verify(ctx context.Context) (posting.Verdict, error) {
	return b.poster().Verify(ctx, b.attempt)
}

// tapped reports whether the ledger knows that the share tap may have happened.
func (b *bench) tapped() bool { return len(b.phases) > 0 }

func (b *bench) artifact(name string) string {
	content, err := os.ReadFile(filepath.Join(b.attempt.Artifacts, name))
	if err != nil {
		return ""
	}
	return string(content)
}

// says reports whether err has want in it, or is nil when want is empty.
func says(err error, want string) bool {
	if err == nil || want == "" {
		return err == nil && want == ""
	}
	return strings.Contains(err.Error(), want)
}
