package geelark_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/geelark"
)

// documented is the reference's list of codes, and what each means here.
var documented = []struct {
	code    int
	verdict geelark.Verdict
	after   time.Duration
	class   fault.Class
	is      error
}{
	// Retry later.
	{40007, geelark.Later, time.Minute, fault.Infra, geelark.ErrLimited},
	{40017, geelark.Later, time.Minute, fault.Infra, geelark.ErrLimited},
	{43020, geelark.Later, time.Minute, fault.Infra, geelark.ErrUnavailable},
	{43029, geelark.Later, time.Minute, fault.Infra, geelark.ErrUnavailable},
	{47002, geelark.Later, 2 * time.Hour, fault.Infra, geelark.ErrLimited},
	{50000, geelark.Later, 10 * time.Second, fault.Infra, geelark.ErrUnavailable},
	{42002, geelark.Later, 3 * time.Second, fault.Device, geelark.ErrNotReady},
	{49001, geelark.Later, 3 * time.Second, fault.Device, geelark.ErrNotReady},
	// Give up on this phone.
	{42001, geelark.GiveUpPhone, 0, fault.Human, geelark.ErrNoPhone},
	{43004, geelark.GiveUpPhone, 0, fault.Human, geelark.ErrExpired},
	{43005, geelark.GiveUpPhone, 0, fault.Device, geelark.ErrInUse},
	{43006, geelark.GiveUpPhone, 0, fault.Device, geelark.ErrInUse},
	{43007, geelark.GiveUpPhone, 0, fault.Device, geelark.ErrInUse},
	{43021, geelark.GiveUpPhone, 0, fault.Device, geelark.ErrInUse},
	{45002, geelark.GiveUpPhone, 0, fault.Human, geelark.ErrProxyDown},
	{49002, geelark.GiveUpPhone, 0, fault.Human, geelark.ErrNoADB},
	// Give up altogether.
	{40003, geelark.GiveUpFleet, 0, fault.Human, geelark.ErrAccount},
	{40011, geelark.GiveUpFleet, 0, fault.Human, geelark.ErrAccount},
	{40015, geelark.GiveUpFleet, 0, fault.Human, geelark.ErrAccount},
	{40016, geelark.GiveUpFleet, 0, fault.Human, geelark.ErrAccount},
	{41001, geelark.GiveUpFleet, 0, fault.Human, geelark.ErrAccount},
	{43008, geelark.GiveUpFleet, 0, fault.Human, geelark.ErrAccount},
	{40014, geelark.GiveUpFleet, 0, fault.Human, geelark.ErrLimited},
	// One that nobody has documented.
	{40004, geelark.GiveUpPhone, 0, fault.Infra, geelark.ErrUnknown},
}

// A code means the same whether the answer has it for all or for one phone.
func TestCodes(t *testing.T) {
	t.Parallel()
	for _, tt := range documented {
		for place, answer := range map[string]string{
			"envelope":    `{"traceId":"T","code":%d,"msg":"why"}`,
			"failDetails": `{"code":40009,"data":{"failDetails":[{"id":"p1","code":%d,"msg":"why"}]}}`,
			"items":       `{"code":0,"data":{"items":[{"id":"p1","code":%d}]}}`,
		} {
			t.Run(fmt.Sprintf("%d in %s", tt.code, place), func(t *testing.T) {
				t.Parallel()
				c := client(t, geelark.Config{}, func(w http.ResponseWriter, _ *http.Request) {
					fmt.Fprintf(w, answer, tt.code)
				})
				_, err := c.ADBData(t.Context(), "p1").One("p1")
				verdict, after := geelark.VerdictOf(err)
				if verdict != tt.verdict || after != tt.after || !fault.Is(err, tt.class) || !errors.Is(err, tt.is) {
					t.Errorf("got %s after %s, class %s: %v", verdict, after, fault.Of(err), err)
				}
				if said := err.Error(); !strings.Contains(said, fmt.Sprint(tt.code)) {
					t.Errorf("the code is not in %q", said)
				}
			})
		}
	}
}

// After the service has locked an API, neither this process nor another, nor
// one that is started anew, asks for it until the lock is over; and asks for
// every other API as before.
func TestLocksAreKept(t *testing.T) {
	t.Parallel()
	for code, lock := range map[int]time.Duration{40007: time.Minute, 40014: 2 * time.Hour, 47002: 2 * time.Hour} {
		for place, first := range map[string]reply{
			"envelope":    {code: code},
			"failDetails": {body: fmt.Sprintf(`{"code":40009,"data":{"failDetails":[{"id":"p1","code":%d}]}}`, code)},
		} {
			t.Run(fmt.Sprintf("%d in %s", code, place), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					cloud, dir := newCloud("a"), t.TempDir()
					cloud.reply("phone/start", first)
					start := func() error {
						_, err := cloud.client(t, dir).Start(t.Context(), geelark.StartOptions{}, "p1").One("p1")
						return err
					}
					want, _ := geelark.VerdictOf(start())
					for waited := time.Duration(0); waited < lock; waited += lock / 100 {
						verdict, after := geelark.VerdictOf(start())
						if verdict != want || (after != 0 && after != lock-waited) {
							t.Fatalf("after %s: got %s in %s", waited, verdict, after)
						}
						time.Sleep(lock / 100) //nolint:forbidigo // the bubble's clock
					}
					if n := cloud.count("phone/start"); n != 1 {
						t.Errorf("got %d requests while it was locked", n)
					}
					if err := cloud.client(t, dir).Stop(t.Context(), "p1").Failed["p1"]; err != nil {
						t.Errorf("another API: %v", err)
					}
					if err := start(); err != nil || cloud.count("phone/start") != 2 {
						t.Errorf("after the lock: %v, %d requests", err, cloud.count("phone/start"))
					}
				})
			})
		}
	}
}
