package phonesim

import (
	"context"
	"io"
	"strings"
	"sync"
	"sync/atomic"

	"postfleet/internal/phonesim/adbd"
)

// What a phone says that asks for glogin. The exit code is 0 all the same,
// as it is on the real ones.
const (
	gloginCommand = "glogin"
	gloginAsked   = "error: not logged in, run glogin <password> first\n"
	gloginWrong   = "error: glogin: wrong password\n"
	gloginDone    = "success\n"
)

// login is the password that hosts must tell a phone before its shell does
// anything for them. The zero login asks for none. It is safe for concurrent use.
type login struct {
	mu       sync.Mutex
	password string
	// granted counts on whenever grants end; a grant is its value at the time.
	granted int64
}

// set asks for another password from now on; "" asks for none.
func (l *login) set(password string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.password = password
	l.granted++
}

// expire ends all grants.
func (l *login) expire() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.granted++
}

func (l *login) asked() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.password != ""
}

// grant returns a grant for the right password.
func (l *login) grant(password string) (int64, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.granted, password == l.password
}

// allows reports whether a host with this grant may use the shell.
func (l *login) allows(grant int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.password == "" || grant == l.granted
}

// session is the phone as one connected host sees it: its shell is shut until
// glogin. Files and ports are open to all, as nothing is known of the contrary.
type session struct {
	adbd.Services
	login *login
	grant atomic.Int64
}

var _ adbd.Services = (*session)(nil)

// noGrant is none that a login gives.
const noGrant = -1

// openSession is asked by adbd for every host that connected.
func (p *Phone) openSession(remote string) (adbd.Services, func()) {
	gone := func() {}
	if p.cfg.HostFunc != nil {
		gone = p.cfg.HostFunc(remote)
	}
	s := &session{Services: p.device, login: &p.login}
	s.grant.Store(noGrant)
	return s, gone
}

// Shell implements [adbd.Services].
func (s *session) Shell(ctx context.Context, line string, std adbd.Stdio) uint8 {
	words := strings.Fields(line)
	switch {
	case s.login.asked() && len(words) > 0 && words[0] == gloginCommand:
		_, _ = io.WriteString(std.Out, s.glogin(words[1:])) // A host that left is not told.
	case !s.login.allows(s.grant.Load()):
		_, _ = io.WriteString(std.Out, gloginAsked)
	default:
		return s.Services.Shell(ctx, line, std)
	}
	return 0
}

func (s *session) glogin(arguments []string) string {
	if len(arguments) != 1 {
		return gloginWrong
	}
	grant, ok := s.login.grant(strings.Trim(arguments[0], `'"`))
	if !ok {
		return gloginWrong
	}
	s.grant.Store(grant)
	return gloginDone
}
