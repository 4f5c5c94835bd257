// Command slowlink measures what a slow link to the phone costs a post, beside
// another client on the same link, and holds it to its target.
//
//	go run ./internal/bench/slowlink
//
// Everything runs in one container of the worker's image that has no network:
// adb, Appium and its UiAutomator2 driver as a worker starts them, and two
// simulated phones of the same kind. Between adb and each phone is a relay that
// holds every byte back for half of the round trip, each way, at any bandwidth.
//
// Both clients post the same videos to the same accounts, in turns, each on its
// phone, and each begins where the other account is in front:
//
//   - ours is what a worker runs: internal/device, internal/navigator and
//     internal/posting, with one session for all jobs of the phone;
//   - the other opens a session for each job, with the capabilities that people
//     use, finds each element by a call of its own, asks again every 500 ms for
//     one that is not there yet, and touches and reads by element. It looks only
//     at what it needs: no dialogs, no failure screens. Like ours it reads the
//     profile before and after, and the caption back that it typed.
//
// Commands are counted in front of Appium, over HTTP. Wall time of a post
// of ours is that of a job of an open session; what opening it costs once is a
// figure of its own. The other's has its session's, since each job has one.
//
// It leaves build/bench-navigator/slowlink.json and exits 1 when a check does
// not hold.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	cfg := config{stdout: os.Stdout, stderr: os.Stderr}
	flag.StringVar(&cfg.report, "report", "build/bench-navigator/slowlink.json", "where the report goes")
	flag.StringVar(&cfg.image, "image", "postfleet-worker:dev", "the workers' image")
	flag.IntVar(&cfg.posts, "posts", targetPosts, "how many posts of each client are measured on each link")
	flag.IntVar(&cfg.videoBytes, "video", 2<<20, "the size of a video in bytes")
	flag.BoolVar(&cfg.lean, "lean", false, "have the other client ask for a session with our capabilities")
	flag.BoolVar(&cfg.inside, "inside", false, "measure here, in the workers' image, and print the figures")
	flag.Parse()
	if cfg.inside {
		exit(stop, inside(ctx, cfg))
		return
	}
	exit(stop, run(ctx, cfg))
}

func exit(stop func(), err error) {
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "bench-slowlink:", err)
	stop()
	os.Exit(1)
}

// config is what the command line says.
type config struct {
	report, image     string
	posts, videoBytes int
	lean, inside      bool
	stdout, stderr    io.Writer
}
