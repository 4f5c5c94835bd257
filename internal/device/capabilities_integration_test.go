//go:build integration

package device

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// constraintsProgram prints what the driver in the image knows of capabilities,
// Appium's own among them.
const constraintsProgram = `
const driver = await import("/opt/appium/node_modules/appium-uiautomator2-driver/build/lib/index.js");
const all = new driver.AndroidUiautomator2Driver({})._desiredCapConstraints;
console.log(JSON.stringify(all));
`

// constraint is what a value must be.
type constraint struct {
	IsString, IsNumber, IsBoolean bool
}

// TestIntegrationCapabilitiesAreTheDrivers: Appium takes a capability that its
// driver does not know, and does nothing about it. So each one that we send must
// be in the driver's own list, spelled as there, with a value of its kind.
func TestIntegrationCapabilitiesAreTheDrivers(t *testing.T) {
	t.Parallel()
	known := driverConstraints(t)
	for _, name := range []string{"systemPort", "suppressKillServer", "remoteAdbHost", "adbPort"} {
		if _, ok := known[name]; !ok {
			t.Errorf("the driver does not know %s: is this its list?", name)
		}
	}
	sent := capabilities(Config{
		Address: "R5CT20", ADBHost: "host.docker.internal", ADBPort: 5037,
		SystemPort: 8200, MJPEGPort: 8201, ChromedriverPort: 8202, Timeouts: Timeouts{}.withDefaults(),
	}, true)
	for name, value := range sent {
		bare, prefixed := strings.CutPrefix(name, "appium:")
		if bare != "platformName" && !prefixed {
			t.Errorf("%s lacks its vendor's prefix", name)
		}
		if strings.HasPrefix(bare, "settings[") { // Appium's own way to name a setting
			continue
		}
		c, ok := known[bare]
		if !ok {
			t.Errorf("%s is not among the driver's capabilities", bare)
			continue
		}
		if !c.allows(value) {
			t.Errorf("%s: got %v (%T), which the driver refuses: %+v", bare, value, value, c)
		}
	}
	for _, always := range []string{"appium:systemPort", "appium:suppressKillServer", "appium:remoteAdbHost"} {
		for _, provisioned := range []bool{false, true} {
			if _, ok := capabilities(Config{SystemPort: 8200}, provisioned)[always]; !ok {
				t.Errorf("%s is not always sent", always)
			}
		}
	}
}

func (c constraint) allows(value any) bool {
	switch value.(type) {
	case string:
		return !c.IsNumber && !c.IsBoolean
	case bool:
		return !c.IsNumber && !c.IsString
	default:
		return !c.IsString && !c.IsBoolean
	}
}

func driverConstraints(t *testing.T) map[string]constraint {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "docker", "run", "--rm", "--network", "none", "-i", "postfleet-worker:dev",
		"node", "--input-type=module", "-")
	cmd.Stdin, cmd.WaitDelay = strings.NewReader(constraintsProgram), 10*time.Second
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("ask the driver in postfleet-worker:dev (make image builds it): %v: %s", err, out)
	}
	known := map[string]constraint{}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &known); err != nil {
		t.Fatalf("read the driver's constraints: %v: %s", err, out)
	}
	return known
}
