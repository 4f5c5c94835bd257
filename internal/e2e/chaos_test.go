//go:build integration

package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"postfleet/internal/evidence"
)

// The fault suite in short: one storm of half a minute on an engine of its own.
// Which faults still strike before the jobs are done is a matter of luck; what
// the phones say of the ledger afterwards is not.
func TestIntegrationChaos(t *testing.T) {
	dir := t.TempDir()
	chaos := filepath.Join(dir, "chaos")
	if out, err := exec.Command("go", "build", "-o", chaos, "postfleet/internal/chaos").CombinedOutput(); err != nil {
		t.Fatalf("build the fault suite: %v: %s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), "../setup/apart.sh", chaos, "-orchestrator", program,
		"-dir", filepath.Join(dir, "run"), "-minutes", "0.5", "-every", "3s", "-kills", "0",
		"-jobs", "30", "-workers", "3", "-live-restore",
		"-kinds", "kill_worker,kill_appium,kill_adb,kill_orchestrator,kill_engine,post_then_die",
	).CombinedOutput()
	t.Logf("%v\n%s", err, out)
	text, err := os.ReadFile(filepath.Join(dir, "run", "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	var report evidence.Report
	if err := json.Unmarshal(text, &report); err != nil {
		t.Fatal(err)
	}
	luck := []string{"kinds of faults that never struck"}
	for _, c := range report.Failed() {
		if !slices.Contains(luck, c.Name) {
			t.Errorf("%s", c)
		}
	}
	done := 0.0
	for _, f := range report.Figures {
		if f.Name == "rows success" {
			done = f.Value
		}
	}
	if len(report.Checks) < 10 || done == 0 {
		t.Errorf("got %d checks and %v rows posted: it proves nothing", len(report.Checks), done)
	}
}
