package dockerengine

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/docker/docker/client"
	"go.uber.org/goleak"

	"postfleet/workerimage"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// daemon is the API side of a Docker engine: it answers as told and remembers
// what was asked. The client in front of it is the real one.
type daemon struct {
	t       *testing.T
	version string
	// answers by "METHOD /path", the version prefix cut off. A path that is not
	// there is 404.
	answers map[string]answer

	mu    sync.Mutex
	asked []string
	paths []string // as sent
}

type answer struct {
	status int
	body   string
	// then, when not nil, runs before the answer goes out.
	then func()
}

const minOld = "1.41"

func newDaemon(t *testing.T) *daemon {
	t.Helper()
	return &daemon{t: t, version: minOld, answers: map[string]answer{}}
}

func (d *daemon) engine(p procFiles) *Engine {
	d.t.Helper()
	server := httptest.NewServer(d)
	d.t.Cleanup(server.Close)
	return d.engineAt(strings.Replace(server.URL, "http", "tcp", 1), p)
}

func (d *daemon) engineAt(host string, p procFiles) *Engine {
	d.t.Helper()
	c, err := client.NewClientWithOpts(client.WithHost(host), client.WithAPIVersionNegotiation())
	if err != nil {
		d.t.Fatal(err)
	}
	e := newEngine(c, p)
	d.t.Cleanup(func() {
		if err := e.Close(); err != nil {
			d.t.Error(err)
		}
	})
	return e
}

func (d *daemon) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	if _, rest, ok := strings.Cut(strings.TrimPrefix(path, "/v"), "/"); ok && strings.HasPrefix(path, "/v") {
		path = "/" + rest
	}
	call := r.Method + " " + path
	d.mu.Lock()
	d.asked, d.paths = append(d.asked, call), append(d.paths, r.URL.Path)
	a, known := d.answers[call]
	d.mu.Unlock()
	w.Header().Set("Api-Version", d.version)
	switch {
	case path == "/_ping":
		_, _ = fmt.Fprint(w, "OK")
	case !known:
		http.Error(w, `{"message":"no such thing"}`, http.StatusNotFound)
	default:
		if a.then != nil {
			a.then()
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(a.status)
		_, _ = fmt.Fprint(w, a.body)
	}
}

func (d *daemon) was(call string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Contains(d.asked, call)
}

// outside is a process that is in no container.
func outside(t *testing.T) procFiles {
	t.Helper()
	return proc(t, "", "", "laptop")
}

// inspect is a container as the API describes it.
func inspect(id, name, state string, labels map[string]string) string {
	b, _ := json.Marshal(map[string]any{
		"Id": id, "Name": "/" + name, "State": map[string]any{"Status": state, "Running": state == "running"},
		"Config": map[string]any{"Labels": labels}, "NetworkSettings": map[string]any{},
	})
	return string(b)
}

func spec() workerimage.Container {
	return workerimage.Container{
		Name: "f-worker-0", Image: "img", Network: "net",
		Labels: map[string]string{workerimage.LabelFleet: "f", workerimage.LabelSpec: "s"},
	}
}
