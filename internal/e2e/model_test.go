//go:build integration

package e2e

import (
	"context"
	"encoding/csv"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"postfleet/internal/claudesim"
	"postfleet/internal/claudesim/insider"
	"postfleet/internal/recipe"
)

// The app was updated over night: ids, words and places are others. The model is
// asked about what nobody knows yet; the fleet that comes after asks nothing.
func TestIntegrationModel(t *testing.T) {
	const skin = 7
	all := manyJobs(8, 4)
	first, later := all[:4], all[4:]
	f := newFleet(t, "model", first)
	sim := f.model(skin)

	f.post(skin)
	f.mustBePostedOnce(first)
	calls, cost := f.asked()
	if asked := len(sim.Requests()); calls == 0 || calls != asked || cost <= 0 {
		t.Errorf("results.csv has %d calls for %f dollars, the model was asked %d times", calls, cost, asked)
	}
	if most := 12 * len(first); calls > most {
		t.Errorf("got %d calls for %d posts, want at most %d", calls, len(first), most)
	}

	sim.Forget()
	f.append(later)
	f.post(skin)
	f.mustBePostedOnce(all)
	if asked := len(sim.Requests()); asked > 0 {
		t.Errorf("the model was asked %d times about what is known", asked)
	}
	t.Logf("%d posts took %d calls and $%f, %d more took none", len(first), calls, cost, len(later))
}

// model has the fleet ask a stand-in, which knows this skin of the app.
func (f *fleet) model(skin int) *claudesim.Server {
	f.t.Helper()
	const key = "sk-ant-stand-in"
	written, err := recipe.Load("builtin:instagram-reel")
	if err != nil {
		f.t.Fatal(err)
	}
	mind, err := insider.New(written.Elements(), skin)
	if err != nil {
		f.t.Fatal(err)
	}
	// The host, as every container of this engine can reach it.
	host := strings.TrimSpace(docker(f.t, "network", "inspect", "bridge", "-f", "{{(index .IPAM.Config 0).Gateway}}"))
	listener, err := (&net.ListenConfig{}).Listen(f.t.Context(), "tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		f.t.Fatal(err)
	}
	sim := claudesim.New(claudesim.Config{Key: key, Mind: mind})
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- sim.Serve(ctx, listener) }()
	f.t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			f.t.Errorf("serve the model: %v", err)
		}
	})
	f.env = append(f.env, "POSTFLEET_NAVIGATOR_MODE=recipe+claude", "ANTHROPIC_API_KEY="+key,
		"POSTFLEET_NAVIGATOR_BASE_URL=http://"+listener.Addr().String())
	return sim
}

// post runs two workers on phones whose app has this skin.
func (f *fleet) post(skin int) {
	f.t.Helper()
	run := f.launch(2)
	for n := range 2 {
		fault(f.t, n, `{"kind":"reskin","count":`+strconv.Itoa(skin)+`}`)
	}
	if code := run.exit(); code != 0 {
		f.t.Errorf("exit code: got %d, want 0", code)
	}
}

// append adds jobs at the end of jobs.csv.
func (f *fleet) append(jobs []job) {
	f.t.Helper()
	file, err := os.OpenFile(filepath.Join(f.dir, "jobs.csv"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		f.t.Fatal(err)
	}
	w := csv.NewWriter(file)
	for _, j := range jobs {
		_ = w.Write([]string{j.account, j.video, j.caption}) // Flush has its error
	}
	w.Flush()
	if err := w.Error(); err != nil {
		f.t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		f.t.Fatal(err)
	}
}

// asked is what results.csv has of the model.
func (f *fleet) asked() (calls int, dollars float64) {
	f.t.Helper()
	for _, row := range f.table("results.csv") {
		n, err := strconv.Atoi(row["model_calls"])
		if err != nil {
			f.t.Fatal(err)
		}
		d, err := strconv.ParseFloat(row["model_cost_usd"], 64)
		if err != nil {
			f.t.Fatal(err)
		}
		calls, dollars = calls+n, dollars+d
	}
	return calls, dollars
}
