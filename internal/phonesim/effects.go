package phonesim

import (
	"context"
	"fmt"
	"sync"

	"postfleet/internal/phonesim/app"
)

// effects says what each kind of fault does to p.
func (p *Phone) effects() map[FaultKind]effect {
	table := map[FaultKind]effect{
		FaultDropLink:             {begin: p.beginDrop, end: p.link.join},
		FaultOffline:              {begin: func(Fault) error { return p.link.cut() }, end: p.link.join},
		FaultFreeze:               {begin: p.beginFreeze, end: p.endFreeze},
		FaultReboot:               {begin: p.beginReboot, end: p.endReboot},
		FaultCrashInstrumentation: {begin: p.beginCrash, end: p.endCrash},
		FaultGloginExpired:        {begin: p.beginExpiry, end: func() error { return nil }},
	}
	for kind, fault := range map[FaultKind]app.Fault{
		FaultLogout: app.FaultLogout, FaultSuspended: app.FaultSuspended, FaultVerificationAsked: app.FaultVerify,
		FaultActionBlocked: app.FaultActionBlocked, FaultPopup: app.FaultPopup,
		FaultPostThenDie: app.FaultPostThenDie, FaultShareFails: app.FaultShareFails,
		FaultVideoRejected: app.FaultVideoRejected, FaultStorageFull: app.FaultStorageFull,
		FaultAppCrash: app.FaultAppCrash, FaultNoNetwork: app.FaultNoNetwork, FaultPinnedPost: app.FaultPinnedPost,
	} {
		table[kind] = p.inApp(fault)
	}
	lag := p.inApp(app.FaultProfileLag)
	table[FaultProfileLag] = effect{begin: func(f Fault) error {
		p.app.SetProfileLag(f.For)
		return lag.begin(f)
	}, end: lag.end}
	table[FaultReskin] = p.updating(p.inApp(app.FaultReskin))
	slow := p.inApp(app.FaultSlowPost)
	table[FaultSlowPost] = effect{begin: func(f Fault) error {
		p.app.SetSlowUploadTime(f.For)
		return slow.begin(f)
	}, end: slow.end}
	return table
}

// updating lets the package manager know which version of the app there is.
func (p *Phone) updating(e effect) effect {
	var mu sync.Mutex // The last to ask for the skin is the last to tell it.
	told := func(err error) error {
		mu.Lock()
		defer mu.Unlock()
		p.device.UpdateApp(p.app.Skin().Version())
		return err
	}
	return effect{
		begin: func(f Fault) error { return told(e.begin(f)) },
		end:   func() error { return told(e.end()) },
	}
}

// inApp is trouble that the app makes.
func (p *Phone) inApp(fault app.Fault) effect {
	return effect{
		begin: func(f Fault) error { return p.app.Inject(fault, f.strikes()) },
		end: func() error {
			p.app.Clear(fault)
			return nil
		},
	}
}

func (p *Phone) beginDrop(Fault) error { return p.link.cut() }

func (p *Phone) beginFreeze(Fault) error {
	p.link.freeze()
	return nil
}

func (p *Phone) endFreeze() error {
	p.link.thaw()
	return nil
}

func (p *Phone) beginCrash(Fault) error {
	p.device.BreakInstrumentation(true)
	p.device.CrashInstrumentation()
	return nil
}

func (p *Phone) endCrash() error {
	p.device.BreakInstrumentation(false)
	return nil
}

func (p *Phone) beginReboot(Fault) error {
	err := p.link.cut()
	p.device.PowerOff()
	return err
}

func (p *Phone) endReboot() error {
	if !p.off.Load() {
		p.device.PowerOn()
	}
	return p.link.join()
}

func (p *Phone) beginExpiry(Fault) error {
	p.login.expire()
	return nil
}

// die is what post_then_die adds to a post.
func (p *Phone) die(app.Post) {
	p.link.drop()
	p.device.CrashInstrumentation()
	p.app.Stop()
}

// Inject makes trouble; see [Fault]. A fault without delay is in effect when
// it returns. What is wrong with f is told with ErrBadFault.
func (p *Phone) Inject(ctx context.Context, f Fault) error {
	if f.Kind == FaultReboot && f.For == 0 {
		f.For = p.cfg.BootTime
	}
	if f.Kind == FaultGloginExpired && p.cfg.ADBAddress != "" {
		return fmt.Errorf("%w: this phone asks for no glogin", ErrBadFault)
	}
	return p.faults.Inject(ctx, f)
}

// ClearFaults ends all trouble.
func (p *Phone) ClearFaults() {
	p.faults.Clear()
	p.app.ClearAll()
}
