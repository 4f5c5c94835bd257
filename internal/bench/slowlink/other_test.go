package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"postfleet/internal/appium"
	"postfleet/internal/phonesim/app"
	"postfleet/internal/phonesim/ui"
	"postfleet/internal/phonesim/uia2"
)

// rig is the sample app behind what Appium makes of its phone's UiAutomator2
// server, and what the app posts.
type rig struct {
	app   *app.App
	phone http.Handler

	mu     sync.Mutex
	posts  []app.Post
	videos []app.Video
	asked  []string
}

func newRig(t *testing.T) (*rig, *other) {
	t.Helper()
	r := &rig{}
	var err error
	r.app, err = app.New(app.Config{
		Accounts: accounts(), Store: r, Gallery: r, MediaGranted: true, UploadTime: time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.app.Close)
	renderer, err := ui.NewRenderer()
	if err != nil {
		t.Fatal(err)
	}
	r.phone = uia2.New(uia2.Config{}, r.app, renderer, nil)
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	client := appium.NewClient(server.URL, appium.Timeouts{})
	t.Cleanup(client.Close)
	return r, &other{client: client, caps: usual("127.0.0.1:5555", adbPort, otherSystem)}
}

// Add implements app.Store.
func (r *rig) Add(p app.Post) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.posts = append(r.posts, p)
	return nil
}

// Posts implements app.Store.
func (r *rig) Posts(account string) ([]app.Post, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := slices.DeleteFunc(slices.Clone(r.posts), func(p app.Post) bool { return p.Account != account })
	slices.Reverse(all)
	return all, nil
}

// Videos implements app.Gallery.
func (r *rig) Videos() []app.Video {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.videos)
}

// ServeHTTP passes commands on to the phone as the driver does.
func (r *rig) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	kind := kindOf(req.Method, req.URL.Path)
	r.mu.Lock()
	r.asked = append(r.asked, kind)
	r.mu.Unlock()
	switch kind {
	case "POST /session":
		r.app.Stop()
		r.app.Start()
	case "POST /execute/sync":
		r.push(body)
		_, _ = io.WriteString(w, `{"value":null}`)
		return
	case "POST /element":
		var in struct{ Using, Value string }
		_ = json.Unmarshal(body, &in)
		body, _ = json.Marshal(map[string]string{"strategy": in.Using, "selector": in.Value})
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	r.phone.ServeHTTP(w, req)
}

func (r *rig) push(body []byte) {
	var in struct {
		Args []struct{ RemotePath, Payload string }
	}
	_ = json.Unmarshal(body, &in)
	video, _ := base64.StdEncoding.DecodeString(in.Args[0].Payload)
	sum := sha256.Sum256(video)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.videos = slices.Insert(r.videos, 0, app.Video{
		Path: in.Args[0].RemotePath, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(video)),
	})
}

func (r *rig) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	asked := r.asked
	r.asked = nil
	return asked
}

// TestOtherPosts: the client that ours is held against does the work, each job
// in a session of its own, and no more than it must.
func TestOtherPosts(t *testing.T) {
	t.Parallel()
	r, o := newRig(t)
	var want []app.Post
	for n, account := range []string{accounts()[1], accounts()[0], accounts()[0]} {
		j := job{name: "reel", account: account, caption: "Caption 🎬 " + account, video: []byte{byte(n)}}
		want = append(want, j.post())
		if err := o.post(t.Context(), j); err != nil {
			t.Fatalf("post %d: %v", n, err)
		}
		asked := r.take()
		if asked[0] != "POST /session" || asked[len(asked)-1] != "DELETE /session" {
			t.Errorf("post %d: got %s first and %s last, want a session", n, asked[0], asked[len(asked)-1])
		}
		// One more find is one more look for what was not there yet.
		least := map[int]int{0: 42, 1: 42, 2: 37}[n]
		if got := len(asked); got < least || got > least+2 {
			t.Errorf("post %d: got %d commands, want %d: %s", n, got, least, strings.Join(asked, ", "))
		}
	}
	if diff := cmp.Diff(want, r.posts, cmpopts.IgnoreFields(app.Post{}, "At")); diff != "" {
		t.Errorf("posts (-want +got):\n%s", diff)
	}
}

// TestOtherLooksAtTheProfile: a post that is not there is no success, and the
// session ends all the same.
func TestOtherLooksAtTheProfile(t *testing.T) {
	t.Parallel()
	r, o := newRig(t)
	first := job{name: "a", account: accounts()[0], caption: "one", video: []byte("a")}
	if err := o.post(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	r.take()
	if err := r.app.Inject(app.FaultProfileLag, 1); err != nil {
		t.Fatal(err)
	}
	err := o.post(t.Context(), job{name: "b", account: accounts()[0], caption: "two", video: []byte("b")})
	if err == nil {
		t.Error("got no error for a post that the profile does not show")
	}
	if asked := r.take(); asked[len(asked)-1] != "DELETE /session" {
		t.Errorf("got %s last, want the session's end", asked[len(asked)-1])
	}
}
