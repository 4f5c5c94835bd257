package phonesim

import (
	"context"
	"fmt"
	"io"
	"path"
	"strings"
	"sync"
	"time"

	"postfleet/internal/phonesim/adbd"
)

// downloads is the folder that a cloud's uploads land in.
const downloads = "/sdcard/Download"

// SwitchOn boots a phone that was off; adb stays shut until OpenADB.
func (p *Phone) SwitchOn() {
	if p.off.Swap(false) {
		p.device.PowerOn()
	}
}

// SwitchOff shuts adb, cutting those who are connected, and ends all that runs
// on the phone. Files, packages and posts stay. Switching off what is off does
// nothing.
func (p *Phone) SwitchOff() {
	p.CloseADB()
	if !p.off.Swap(true) {
		p.device.PowerOff()
	}
}

// OpenADB lets adb connect at address, host:port, and nowhere else. With a
// password the shell is of use only to hosts that ran glogin with it, each
// again after it reconnected. An error means that the address cannot be had.
func (p *Phone) OpenADB(address, password string) error {
	p.login.set(password)
	return p.link.open(address)
}

// CloseADB ends all adb connections and refuses new ones until OpenADB.
func (p *Phone) CloseADB() { p.link.shut() }

// Shell runs a line on the phone without adb, and returns what it wrote to
// either stream and its exit code.
func (p *Phone) Shell(ctx context.Context, line string) (string, uint8) {
	var out transcript
	code := p.device.Shell(ctx, line, adbd.Stdio{In: strings.NewReader(""), Out: &out, Err: &out})
	return out.text.String(), code
}

// transcript is what the programs of a pipeline write, side by side.
type transcript struct {
	mu   sync.Mutex
	text strings.Builder
}

func (t *transcript) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(p)
}

// Download puts a file into the phone's folder of downloads. The media scanner
// has not seen it yet.
func (p *Phone) Download(name string, contents io.Reader) error {
	const readable = 0o644
	upload, err := p.storage.Create(path.Join(downloads, path.Base(name)), readable)
	if err != nil {
		return fmt.Errorf("download %s: %w", name, err)
	}
	if _, err := io.Copy(upload, contents); err != nil {
		_ = upload.Abort() // The reason is the other one.
		return fmt.Errorf("download %s: %w", name, err)
	}
	return upload.Commit(time.Now())
}
