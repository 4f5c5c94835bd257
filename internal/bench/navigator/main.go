// Command navigator shows what the navigator makes of an app that has changed:
// with the recipe alone, with what workers learned, and with a model.
//
//	go run ./internal/bench/navigator
//
// All of it is real but two things. The phone is the sample app, called instead
// of driven through adb and Appium; and the model's endpoint is
// internal/claudesim, over HTTP, with a mind that knows where everything is.
// Model calls are counted as requests that reach that endpoint.
//
// An update of the app is one of the sample app's skins: other ids and texts,
// moved elements, and two interruptions that nobody has told the recipe of.
// Each skin has a data directory of its own. In it one worker with the recipe
// alone fails; one with recipe and model posts, which is called cold; and
// further workers, each with its own view of that directory, post, which is
// called warm. Then twenty workers meet one skin at once.
//
// Besides, outlines are measured on the sample app's screens, and fingerprints
// on internal/screen/screentest.
//
// It leaves build/bench-navigator/report.json and exits 1 when a check does not
// hold.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"postfleet/internal/navigator"
	sample "postfleet/internal/phonesim/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	cfg := full()
	cfg.stdout, cfg.stderr = os.Stdout, os.Stderr
	flag.StringVar(&cfg.report, "report", "build/bench-navigator/report.json", "where the report goes")
	flag.StringVar(&cfg.dir, "dir", "build/bench-navigator", "a folder; what is made in it is removed afterwards")
	short := flag.Bool("short", false, "a minute to see that it works: one skin, and less of all else")
	flag.Parse()
	if *short {
		cfg.shorten()
	}
	if err := run(ctx, cfg); err != nil {
		fmt.Fprintln(os.Stderr, "bench-navigator:", err)
		stop()
		os.Exit(1)
	}
}

// config is what the command line says, and how much is done.
type config struct {
	report, dir string
	// skins are how many updates of the app there are, warm how many posts follow
	// the first one in each, a multiple of crew, which are the further workers.
	skins, warm, crew int
	// fleet is how many workers meet one update at once.
	fleet int
	// paced is how many updates are timed, one after the other.
	paced int
	// outlined is how many skins' screens are outlined, in so many languages.
	outlined, languages int
	// dumps is how many perturbed dumps there are of each kind, moments how many
	// of each screen are held against those of all others.
	dumps, moments int
	// poll and upload are the navigator's and the app's.
	poll, upload time.Duration
	// blank has the phones' screenshots show nothing, in next to no time.
	blank bool
	// serveFunc makes an endpoint of a handler; a test has its own.
	serveFunc      serveFunc
	stdout, stderr io.Writer
}

// full is all that is shown.
func full() config {
	return config{
		skins: 10, warm: 10, crew: 5, fleet: 20, paced: 3, outlined: 10, languages: len(sample.Languages()),
		dumps: 1000, moments: 3,
		poll: navigator.DefaultPoll, upload: sample.DefaultUploadTime, serveFunc: serve,
	}
}

// shorten makes the run one that only shows that it works.
func (c *config) shorten() {
	c.skins, c.warm, c.crew, c.fleet, c.paced = 1, 2, 2, 3, 1
	c.outlined, c.languages, c.dumps, c.moments = 2, 2, 100, 1
}
