package device

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"postfleet/internal/fault"
)

const (
	// UploadPrefix begins the name of every file that Upload leaves on a phone,
	// and by it they are found and removed later.
	UploadPrefix = "postfleet-"
	uploadDir    = "/sdcard/Movies"
	// removedAtOnce keeps a command line short enough for every shell.
	removedAtOnce = 5
)

var uploadName = regexp.MustCompile(`^` + UploadPrefix + `[A-Za-z0-9._-]{1,100}$`)

// Upload puts the local video on the phone as name, which starts with
// UploadPrefix and has only letters, digits, dots, dashes and underscores, so
// that it is the newest in the phone's gallery, and returns its path there.
// Earlier uploads are removed first. The size on the phone is compared.
func (c *Controller) Upload(ctx context.Context, local, name string) (string, error) {
	if !uploadName.MatchString(name) {
		return "", fault.Errorf(fault.Input, "upload %q: not a name for an upload", name)
	}
	info, err := os.Stat(local)
	if err != nil {
		return "", fault.Errorf(fault.Input, "upload: %w", err)
	}
	if !info.Mode().IsRegular() {
		return "", fault.Errorf(fault.Input, "upload %s: %w", local, fs.ErrInvalid)
	}
	remote := path.Join(uploadDir, name)
	if err := c.place(ctx, local, remote, info.Size()); err != nil {
		return "", c.judge(ctx, "upload "+local, err)
	}
	return remote, nil
}

func (c *Controller) place(ctx context.Context, local, remote string, size int64) error {
	if err := c.removeUploads(ctx); err != nil {
		return err
	}
	if err := c.bring(ctx, local, remote, size); err != nil {
		return err
	}
	// A pushed file keeps its old time, and the gallery sorts by it: without
	// the touch another video of the phone would be the newest, and be posted.
	out, err := c.runAll(ctx, []string{"touch", remote}, scan(remote), []string{"stat", "-c", "%s", remote})
	if err != nil {
		return err
	}
	if err := compareSize(out, remote, size); err != nil {
		return joined(err, c.remove(ctx, remote)) // the gallery has seen it
	}
	return nil
}

// Remove deletes a file that Upload left on the phone. One that is gone is a
// success.
func (c *Controller) Remove(ctx context.Context, remote string) error {
	if path.Dir(remote) != uploadDir || !uploadName.MatchString(path.Base(remote)) {
		return fault.Errorf(fault.Input, "remove %q: not an upload", remote)
	}
	if err := c.remove(ctx, remote); err != nil {
		return c.judge(ctx, "remove "+remote, err)
	}
	return nil
}

// removeUploads deletes what earlier attempts left. The names come from the
// phone, so they are checked like any other.
func (c *Controller) removeUploads(ctx context.Context) error {
	out, err := c.runAll(ctx, []string{"mkdir", "-p", uploadDir}, []string{"ls", uploadDir})
	if err != nil {
		return err
	}
	var left []string
	for line := range strings.Lines(out) {
		if name := strings.TrimSpace(line); uploadName.MatchString(name) {
			left = append(left, path.Join(uploadDir, name))
		}
	}
	return c.remove(ctx, left...)
}

// remove deletes files, and scans so that the gallery forgets them too. What is
// last prints nothing, which saves a slow link a round trip.
func (c *Controller) remove(ctx context.Context, remotes ...string) error {
	for some := range slices.Chunk(remotes, removedAtOnce) {
		var commands [][]string
		for _, remote := range some {
			commands = append(commands, []string{"rm", "-f", remote}, scan(remote))
		}
		if _, err := c.runAll(ctx, append(commands, []string{"true"})...); err != nil {
			return err
		}
	}
	return nil
}

func compareSize(out, remote string, want int64) error {
	got, err := strconv.ParseInt(strings.TrimSpace(out), 10, 64)
	if err != nil {
		return fmt.Errorf("read size of %s: %w", remote, err)
	}
	if got != want {
		return fmt.Errorf("%w: %s has %d bytes, not %d", ErrUploadDiffers, remote, got, want)
	}
	return nil
}

// scan makes the gallery look at the file.
func scan(remote string) []string {
	return []string{"am", "broadcast", "-a", "android.intent.action.MEDIA_SCANNER_SCAN_FILE", "-d", "file://" + remote}
}

func (c *Controller) shell(ctx context.Context, args ...string) error {
	_, err := c.run(ctx, args...)
	return err
}
