package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"postfleet/internal/adb"
	"postfleet/internal/appium"
	"postfleet/internal/device"
	"postfleet/internal/phonesim"
	"postfleet/internal/phonesim/app"
)

// roundTrips are those of the links.
func roundTrips() []time.Duration {
	return []time.Duration{0, 50 * time.Millisecond, targetRTT}
}

// bench measures both clients, one link at a time.
type bench struct {
	cfg  config
	gate *gate
	dir  string
	jobs int
}

// job is a video to be posted.
type job struct {
	name, account, caption, path string
	video                        []byte
}

// post is the job as a phone's record has it.
func (j job) post() app.Post {
	sum := sha256.Sum256(j.video)
	return app.Post{
		Account: j.account, Caption: j.caption,
		VideoSHA256: hex.EncodeToString(sum[:]), VideoBytes: int64(len(j.video)),
	}
}

func accounts() []string { return []string{"shop_a", "shop_b"} }

// newJob is the n-th of a client. The first account is in front before its
// first.
func (b *bench) newJob(client string, n int) (job, error) {
	b.jobs++
	names := accounts()
	j := job{
		name: fmt.Sprintf("reel-%d", b.jobs), account: names[(n+1)%len(names)],
		caption: fmt.Sprintf("Reel %d of %s 🎬", b.jobs, client), video: make([]byte, b.cfg.videoBytes),
	}
	if _, err := rand.Read(j.video); err != nil {
		return job{}, err
	}
	j.path = filepath.Join(b.dir, j.name+".mp4")
	return j, os.WriteFile(j.path, j.video, 0o600)
}

// handset is a phone behind a link.
type handset struct {
	*phonesim.Phone
	link *link
}

func (b *bench) newHandset(ctx context.Context, group *errgroup.Group, rtt time.Duration) (*handset, error) {
	phone, err := phonesim.New(phonesim.Config{
		ADBAddress: "127.0.0.1:0", Accounts: accounts(), Preinstalled: true, ScratchDir: b.dir,
	})
	if err != nil {
		return nil, err
	}
	group.Go(func() error { return phone.Run(ctx) })
	l, err := openLink(ctx, phone.ADBAddress(), rtt/2)
	if err != nil {
		return nil, err
	}
	group.Go(func() error { return l.run(ctx) })
	return &handset{phone, l}, nil
}

// grant gives the app its permission to see videos, so that it asks nobody.
func (h *handset) grant(ctx context.Context, client *adb.Client) error {
	_, err := client.Shell(ctx, h.link.address(), "pm", "grant", app.Package, "android.permission.READ_MEDIA_VIDEO")
	return err
}

// measure has each client post so often on links of that round trip.
func (b *bench) measure(ctx context.Context, rtt time.Duration, posts int) (f figures, err error) {
	ctx, end := context.WithCancel(ctx)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer end()
		f, err = b.race(ctx, group, rtt, posts)
		return err
	})
	err = group.Wait()
	return f, err
}

func (b *bench) race(ctx context.Context, group *errgroup.Group, rtt time.Duration, posts int) (figures, error) {
	f := figures{RTT: rtt, Clients: map[string][]measured{}}
	bridge := adb.NewClient(adb.ClientConfig{Port: adbPort})
	mine, err := b.newHandset(ctx, group, rtt)
	if err != nil {
		return f, err
	}
	theirs, err := b.newHandset(ctx, group, rtt)
	if err != nil {
		return f, err
	}
	us, err := newOurs(device.Config{
		Address: mine.link.address(), ADBPort: adbPort, AppiumURL: b.gate.url(),
		SystemPort: ourSystem, MJPEGPort: ourPictures,
	}, b.dir)
	if err != nil {
		return f, err
	}
	them := &other{
		client: appium.NewClient(b.gate.url(), appium.Timeouts{}),
		caps:   usual(theirs.link.address(), adbPort, otherSystem),
	}
	defer them.client.Close()
	if b.cfg.lean {
		them.caps = leaner(them.caps)
	}
	if err := bridge.Connect(ctx, theirs.link.address()); err != nil {
		return f, err
	}
	if f.Opening, err = b.time(func() error { return us.open(ctx) }); err != nil {
		return f, fmt.Errorf("open our session: %w", err)
	}
	for _, h := range []*handset{mine, theirs} {
		if err := h.grant(ctx, bridge); err != nil {
			return f, fmt.Errorf("grant: %w", err)
		}
	}
	us.phone.tally.take()
	racers := []racer{
		{clientOurs, mine, us.post, us.phone.tally.take},
		{clientOther, theirs, them.post, func() map[string]spent { return nil }},
	}
	for n := range posts {
		for _, r := range racers {
			m, right, err := b.run(ctx, r, n)
			if err != nil {
				return f, fmt.Errorf("%s, post %d: %w", r.name, n+1, err)
			}
			f.Clients[r.name] = append(f.Clients[r.name], m)
			f.Right += right
		}
		slices.Reverse(racers) // neither is always the first
	}
	f.Closing, err = b.time(func() error { return us.close(ctx) })
	return f, err
}

// racer is a client at its phone.
type racer struct {
	name  string
	phone *handset
	post  func(context.Context, job) error
	calls func() map[string]spent
}

// run has a client post its n-th job and asks its phone what came of it.
func (b *bench) run(ctx context.Context, r racer, n int) (m measured, right int, err error) {
	j, err := b.newJob(r.name, n)
	if err != nil {
		return m, 0, err
	}
	if m, err = b.time(func() error { return r.post(ctx, j) }); err != nil {
		return m, 0, err
	}
	m.Calls = r.calls()
	if made := r.phone.Posts(); len(made) == n+1 && same(made[n], j.post()) {
		right = 1
	}
	return m, right, nil
}

func same(made, want app.Post) bool {
	made.At = want.At
	return made == want
}

// time takes the time of do and the commands that it gave.
func (b *bench) time(do func() error) (measured, error) {
	b.gate.take()
	began := time.Now()
	err := do()
	return measured{Took: time.Since(began), Commands: b.gate.take()}, err
}
