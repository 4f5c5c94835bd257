// Package archtest holds the import directions as a test.
package archtest

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "postfleet/"

// allowed lists, for each package, the in-module packages it may import. It is
// a statement of policy: do not change it to mend a build. A new edge needs its
// reason in the commit message.
func allowed() map[string][]string {
	return map[string][]string{
		"cmd/orchestrator": {
			"compose", "orchestrator", "workerimage",
			"internal/claude/budget",
			"internal/config", "internal/dockerengine", "internal/doctor", "internal/fault",
			"internal/geelark", "internal/geelark/budget", "internal/geelark/custody",
			"internal/geelark/phonebook", "internal/jobs", "internal/learned", "internal/logging", "internal/navigator",
			"internal/progress",
			"internal/progress/fileledger", "internal/progress/filelock", "internal/progress/guard",
			"internal/phonesim/app", "internal/phonesim/handset", "internal/recipe", "internal/sharedfile",
			"internal/usb",
		},
		"cmd/worker": {
			"workerimage",
			"internal/adb", "internal/appium", "internal/claude", "internal/claude/budget", "internal/claude/price",
			"internal/cloudphone", "internal/device", "internal/fault",
			"internal/geelark", "internal/geelark/custody", "internal/guide", "internal/jobs",
			"internal/logging", "internal/navigator", "internal/posting", "internal/progress",
			"internal/progress/fileledger", "internal/proxy", "internal/recipe", "internal/worker",
		},
		"cmd/phonesim": {"internal/logging", "internal/phonesim", "internal/phonesim/geelark"},

		"orchestrator": {
			"workerimage", "internal/fault", "internal/jobs", "internal/logging", "internal/progress",
			"internal/progress/filelock", "internal/usb",
		},
		"orchestrator/enginetest": {"orchestrator", "workerimage"},
		"compose":                 {"workerimage"},
		"workerimage":             {},

		"internal/dockerengine": {"orchestrator", "workerimage", "internal/fault"},
		"internal/cloudphone": {
			"internal/adb", "internal/device", "internal/fault", "internal/geelark", "internal/geelark/phonebook",
			"internal/logging", "internal/posting", "internal/worker",
		},
		"internal/worker": {
			"workerimage", "internal/fault", "internal/jobs", "internal/logging", "internal/posting",
			"internal/progress",
		},
		"internal/posting": {
			"internal/fault", "internal/jobs", "internal/logging", "internal/navigator", "internal/recipe",
		},
		"internal/navigator": {
			"internal/fault", "internal/learned", "internal/logging", "internal/navigator/permit", "internal/recipe",
			"internal/screen",
		},
		"internal/guide": {
			"internal/claude", "internal/claude/budget", "internal/learned", "internal/logging", "internal/navigator",
		},
		"internal/navigator/permit": {},
		"internal/recipe":           {"internal/fault", "internal/screen"},
		"internal/device":           {"internal/adb", "internal/appium", "internal/fault", "internal/logging"},
		"internal/appium":           {"internal/fault", "internal/logging", "internal/process"},
		"internal/adb":              {"internal/fault", "internal/logging", "internal/process"},
		"internal/claude": {
			"internal/claude/budget", "internal/claude/price", "internal/fault", "internal/logging", "internal/screen",
		},
		"internal/claude/budget":     {"internal/claude/price", "internal/fault", "internal/sharedfile"},
		"internal/claude/price":      {},
		"internal/claudesim":         {},
		"internal/claudesim/insider": {"internal/claudesim", "internal/phonesim/app"},
		"internal/geelark":           {"internal/fault", "internal/geelark/budget", "internal/logging"},
		"internal/geelark/budget":    {"internal/sharedfile"},
		"internal/geelark/custody": {
			"internal/geelark", "internal/geelark/budget", "internal/geelark/phonebook", "internal/logging",
			"internal/progress", "internal/progress/filelock",
		},
		"internal/geelark/phonebook": {"internal/fault", "internal/sharedfile"},
		"internal/sharedfile": {
			"internal/fault", "internal/jobs", "internal/progress/disk", "internal/progress/filelock",
		},
		"internal/learned": {
			"internal/fault", "internal/logging", "internal/screen", "internal/sharedfile",
		},
		"internal/progress":      {"internal/fault", "internal/jobs"},
		"internal/progress/book": {"internal/progress"},
		"internal/progress/disk/crashdisk": {
			"internal/progress/disk",
		},
		"internal/progress/disk": {"internal/fault"},
		"internal/progress/fileledger": {
			"internal/fault", "internal/jobs", "internal/logging", "internal/progress",
			"internal/progress/book", "internal/progress/disk", "internal/progress/filelock",
			"internal/progress/guard", "internal/progress/journal", "internal/progress/table",
		},
		"internal/progress/filelock": {
			"internal/fault", "internal/progress", "internal/progress/disk",
		},
		"internal/progress/guard": {
			"internal/fault", "internal/progress", "internal/progress/disk", "internal/progress/filelock",
		},
		"internal/progress/journal": {"internal/progress", "internal/progress/table"},
		"internal/progress/table":   {"internal/jobs", "internal/progress"},
		"internal/progress/progresstest": {
			"internal/fault", "internal/jobs", "internal/progress",
		},
		"internal/jobs":    {"internal/fault"},
		"internal/proxy":   {"internal/fault", "internal/logging"},
		"internal/config":  {"internal/claude/price", "internal/fault"},
		"internal/doctor":  {},
		"internal/process": {},
		"internal/logging": {},
		"internal/fault":   {},
		"internal/usb":     {},

		"internal/phonesim": {
			"internal/logging", "internal/phonesim/adbd", "internal/phonesim/android",
			"internal/phonesim/app", "internal/phonesim/ui", "internal/phonesim/uia2",
		},
		"internal/phonesim/adbd":    {"internal/logging"},
		"internal/phonesim/android": {"internal/logging", "internal/phonesim/adbd"},
		"internal/phonesim/app":     {"internal/logging", "internal/phonesim/ui"},
		"internal/phonesim/geelark": {"internal/logging", "internal/phonesim", "internal/phonesim/app"},
		"internal/phonesim/handset": {"internal/phonesim/app", "internal/phonesim/ui"},
		"internal/phonesim/ui":      {},
		"internal/phonesim/uia2":    {"internal/logging", "internal/phonesim/ui"},

		"internal/progress/ledgerproof": {
			"internal/jobs", "internal/progress", "internal/progress/fileledger",
		},
		"internal/progress/ledgerproof/killtest": {"internal/evidence", "internal/progress/ledgerproof"},
		"internal/bench/tracker": {
			"internal/evidence", "internal/jobs", "internal/progress", "internal/progress/fileledger",
		},
		"internal/bench/navigator": {
			"internal/claude", "internal/claude/budget", "internal/claude/price", "internal/claudesim",
			"internal/claudesim/insider", "internal/evidence", "internal/fault", "internal/guide", "internal/jobs",
			"internal/navigator",
			"internal/phonesim/app", "internal/phonesim/handset", "internal/phonesim/ui", "internal/posting",
			"internal/recipe", "internal/screen", "internal/screen/screentest",
		},
		"internal/bench/slowlink": {
			"internal/adb", "internal/appium", "internal/device", "internal/evidence", "internal/jobs",
			"internal/logging", "internal/navigator", "internal/phonesim", "internal/phonesim/app",
			"internal/posting", "internal/recipe",
		},
		"internal/bench/watch": {
			"orchestrator", "orchestrator/enginetest", "workerimage",
			"internal/evidence", "internal/jobs", "internal/logging", "internal/progress",
			"internal/progress/fileledger", "internal/testbed",
		},
		"internal/evidence": {},
		"internal/testbed": {
			"internal/jobs", "internal/phonesim/geelark", "internal/progress", "internal/progress/fileledger",
			"internal/progress/journal",
		},
		"internal/demo":        {"internal/evidence", "internal/testbed"},
		"internal/demogeelark": {"internal/evidence", "internal/phonesim/geelark", "internal/testbed"},
		"internal/chaos":       {"internal/evidence", "internal/progress", "internal/testbed", "workerimage"},
		"internal/soak": {
			"internal/evidence", "internal/logging", "internal/progress", "internal/testbed", "workerimage",
		},
	}
}

// onlyIn lists third-party imports that are confined to named packages.
func onlyIn() map[string][]string {
	return map[string][]string{
		"github.com/anishathalye/porcu": {"internal/progress/ledgerproof"},
		"github.com/anthropics/":        {"internal/claude"},
		"github.com/docker/docker":      {"internal/dockerengine"},
		"github.com/cockroachdb/pebble": {"internal/progress/disk/crashdisk"},
		"github.com/gofrs/flock":        {"internal/progress/filelock"},
		"github.com/lmittmann/tint":     {"internal/logging"},
		"github.com/spf13/viper":        {"internal/config"},
		"github.com/antchfx/xmlquery":   {"internal/phonesim/uia2"},
		"github.com/spf13/cobra":        {"cmd/orchestrator", "cmd/worker", "cmd/phonesim"},
		"github.com/testcontainers/":    {},
		"modernc.org/sqlite":            {"internal/bench/tracker"},
		"testing":                       {"orchestrator/enginetest", "internal/progress/progresstest"},
		"github.com/schollz/progressba": {"cmd/orchestrator"},
	}
}

// TestImportDirections parses files rather than calling "go list": the test
// cache tracks files a test opens, not those a subprocess reads.
func TestImportDirections(t *testing.T) {
	t.Parallel()
	const root = "../.."
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skipDir(path, d)
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		return checkFile(t, root, path)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func skipDir(path string, d fs.DirEntry) error {
	switch name := d.Name(); {
	case name == "build", name == "data", name == "node_modules", name == "testdata",
		strings.HasSuffix(filepath.ToSlash(path), "internal/tools"):
		return fs.SkipDir
	case strings.HasPrefix(name, ".") && !strings.HasPrefix(name, ".."):
		return fs.SkipDir
	}
	return nil
}

func checkFile(t *testing.T, root, path string) error {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		return err
	}
	rel, err := filepath.Rel(root, filepath.Dir(path))
	if err != nil {
		return err
	}
	pkg := filepath.ToSlash(rel)
	for _, spec := range f.Imports {
		imp, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		checkImport(t, pkg, imp)
	}
	return nil
}

func checkImport(t *testing.T, pkg, imp string) {
	t.Helper()
	if dep, ok := strings.CutPrefix(imp, module); ok {
		edges, known := allowed()[pkg]
		if !known {
			t.Errorf("%s is not in the table of packages: say what it may import", pkg)
		} else if !slices.Contains(edges, dep) {
			t.Errorf("%s imports %s: not in the table of allowed imports", pkg, dep)
		}
	}
	for prefix, owners := range onlyIn() {
		if strings.HasPrefix(imp, prefix) && !slices.Contains(owners, pkg) {
			t.Errorf("%s imports %s: only %v may", pkg, imp, owners)
		}
	}
}
