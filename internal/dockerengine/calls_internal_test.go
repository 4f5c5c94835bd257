package dockerengine

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/docker/docker/client"
)

const securityDoc = "../../docs/security.md"

// TestDocumentedCalls has the real client make every call of our api, and holds
// what a proxy in front of the engine would see to the list that the document
// tells operators to let through: none is missing, none is too many.
func TestDocumentedCalls(t *testing.T) {
	t.Parallel()
	allowed := documentedCalls(t)
	used := make([]bool, len(allowed))
	for _, call := range allCalls(t) {
		matches := 0
		for i, pattern := range allowed {
			if pattern.MatchString(call) {
				used[i] = true
				matches++
			}
		}
		if matches != 1 {
			t.Errorf("%s: got %d lines of %s that let it through, want 1", call, matches, securityDoc)
		}
	}
	for i, pattern := range allowed {
		if !used[i] {
			t.Errorf("%s lets %s through, which nobody calls", securityDoc, pattern)
		}
	}
}

func TestDocumentedCallsRefuseTheRest(t *testing.T) {
	t.Parallel()
	allowed := documentedCalls(t)
	for _, call := range []string{
		"POST /v1.41/containers/id/exec", "POST /v1.41/exec/id/start", "POST /v1.41/build",
		"POST /v1.41/images/create", "DELETE /v1.41/images/id", "POST /v1.41/images/load",
		"GET /v1.41/containers/id/archive", "PUT /v1.41/containers/id/archive", "GET /v1.41/containers/id/export",
		"POST /v1.41/containers/id/attach", "POST /v1.41/containers/id/update", "POST /v1.41/commit",
		"POST /v1.41/volumes/create", "GET /v1.41/secrets", "POST /v1.41/swarm/init", "POST /v1.41/plugins/pull",
		"GET /v1.41/events", "POST /v1.41/containers/prune", "POST /v1.41/networks/prune",
		"POST /v1.41/containers/create/../../build", "GET /v1.41/containers/json/x", "DELETE /v1.41/containers/a/b",
	} {
		for _, pattern := range allowed {
			if pattern.MatchString(call) {
				t.Errorf("%s lets %s through", pattern, call)
			}
		}
	}
}

// documentedCalls returns the patterns of the document's nginx map.
func documentedCalls(t *testing.T) []*regexp.Regexp {
	t.Helper()
	text, err := os.ReadFile(securityDoc)
	if err != nil {
		t.Fatal(err)
	}
	var all []*regexp.Regexp
	for _, m := range regexp.MustCompile(`(?m)^ +"~(\^[^"]+\$)" +1;`).FindAllStringSubmatch(string(text), -1) {
		all = append(all, regexp.MustCompile(m[1]))
	}
	if len(all) == 0 {
		t.Fatalf("no calls in %s", securityDoc)
	}
	return all
}

// allCalls makes each call of the interface, and returns what arrived.
func allCalls(t *testing.T) []string {
	t.Helper()
	d := newDaemon(t)
	engine := d.engine(outside(t))
	c := reflect.ValueOf(engine.api.(*client.Client))
	for m := range reflect.TypeFor[api]().Methods() {
		if m.Name == "DaemonHost" || m.Name == "Close" { // these say nothing to the engine
			continue
		}
		before := len(d.paths)
		for _, result := range c.MethodByName(m.Name).Call(arguments(t, m.Type)) {
			if errs, ok := reflect.TypeAssert[<-chan error](result); ok && <-errs == nil {
				t.Errorf("%s: got no error of an engine that knows nothing", m.Name)
			}
		}
		if len(d.paths) == before {
			t.Errorf("%s did not reach the engine", m.Name)
		}
	}
	var calls []string
	for i, asked := range d.asked {
		method, _, _ := strings.Cut(asked, " ")
		calls = append(calls, method+" "+d.paths[i])
	}
	return calls
}

// arguments are plain ones, for a function that is not variadic or can do
// without.
func arguments(t *testing.T, f reflect.Type) []reflect.Value {
	t.Helper()
	var args []reflect.Value
	for i := range f.NumIn() {
		in := f.In(i)
		switch {
		case f.IsVariadic() && i == f.NumIn()-1:
		case in.Kind() == reflect.Interface:
			args = append(args, reflect.ValueOf(t.Context()))
		case in.Kind() == reflect.Pointer:
			args = append(args, reflect.New(in.Elem()))
		case in == reflect.TypeFor[string]():
			args = append(args, reflect.ValueOf("some-name"))
		default:
			args = append(args, reflect.Zero(in))
		}
	}
	return args
}
