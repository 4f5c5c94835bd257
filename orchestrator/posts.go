package orchestrator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

const phonePostsTimeout = 10 * time.Second

// gatherPosts writes PostsFile: what all simulated phones say was posted, each
// post with its device. A phone that is down is started again, since the file
// is the ground truth and must not leave one out; when one cannot be asked the
// file stays as it was.
func (o *Orchestrator) gatherPosts(ctx context.Context) error {
	slots := o.phonesToAsk()
	if len(slots) == 0 {
		return nil
	}
	perSlot, problems := make([][]map[string]json.RawMessage, len(slots)), make([]error, len(slots))
	var asked sync.WaitGroup
	for i, s := range slots {
		asked.Go(func() { perSlot[i], problems[i] = s.posts(ctx) })
	}
	asked.Wait()
	if err := errors.Join(problems...); err != nil {
		return fmt.Errorf("gather posts: %w", err)
	}
	all := []map[string]json.RawMessage{}
	for _, posts := range perSlot {
		all = append(all, posts...)
	}
	body, err := marshal(all)
	if err != nil {
		return fmt.Errorf("gather posts: %w", err)
	}
	o.logger.InfoContext(ctx, "posts gathered", "posts", len(all))
	return writeFileAtomic(filepath.Join(o.opts.DataDir, PostsFile), body)
}

// phonesToAsk are the slots whose phone was used, now or in an earlier run.
func (o *Orchestrator) phonesToAsk() []*slot {
	if errors.Is(o.fatalError(), ErrNoImage) {
		return nil
	}
	var slots []*slot
	for _, s := range o.slots {
		if s.Phone != nil && (s.phone != nil || s.hasPosted()) {
			slots = append(slots, s)
		}
	}
	return slots
}

// hasPosted reports whether the slot's simulated phone has left a state file.
func (s *slot) hasPosted() bool {
	_, err := os.Stat(filepath.Join(s.fleet.opts.DataDir, simFolder, s.Device.Name+".json"))
	return err == nil
}

// postsMissing reports whether an earlier run ended before it could gather.
func (o *Orchestrator) postsMissing() bool {
	_, err := os.Stat(filepath.Join(o.opts.DataDir, PostsFile))
	return err != nil && len(o.phonesToAsk()) > 0
}

func (s *slot) posts(ctx context.Context) ([]map[string]json.RawMessage, error) {
	if err := s.ensurePhone(ctx); err != nil {
		return nil, err
	}
	body, err := s.askPhone(ctx, "/posts", phonePostsTimeout)
	if err != nil {
		return nil, err
	}
	var posts []map[string]json.RawMessage
	if err := json.Unmarshal(body, &posts); err != nil {
		return nil, fmt.Errorf("posts of %s: %w", s.Device.Name, err)
	}
	device, err := json.Marshal(s.Device.Name)
	if err != nil {
		return nil, err
	}
	for _, p := range posts {
		p["device"] = device
	}
	return posts, nil
}

// marshal is json.Marshal for people: indented, captions as they are.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(v)
	return b.Bytes(), err
}

// writeFileAtomic replaces path at once or not at all.
func writeFileAtomic(path string, body []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(body)
	if err = errors.Join(err, f.Chmod(filePerm), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
