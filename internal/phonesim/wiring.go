package phonesim

import (
	"log/slog"
	"strings"

	"postfleet/internal/phonesim/adbd"
	"postfleet/internal/phonesim/android"
	"postfleet/internal/phonesim/app"
	"postfleet/internal/phonesim/ui"
	"postfleet/internal/phonesim/uia2"
)

// gallery shows the app what the media scanner has seen.
type gallery struct{ storage *android.Storage }

var _ app.Gallery = gallery{}

// Videos implements [app.Gallery].
func (g gallery) Videos() []app.Video {
	items := g.storage.Media()
	videos := make([]app.Video, 0, len(items))
	for _, m := range items {
		videos = append(videos, app.Video{Path: m.Path, SHA256: m.SHA256, Bytes: m.Bytes, Created: m.Added})
	}
	return videos
}

func (p *Phone) deviceConfig() android.Config {
	version, code := p.app.Skin().Version()
	cfg := android.Config{
		Product: adbd.Product{Name: "simphone", Model: "SimPhone_1", Device: "simphone"},
		Serial:  p.cfg.Serial, APIVersion: apiVersion, PlatformVersion: platformVersion, Manufacturer: manufacturer,
		Locale: p.cfg.Language.Locale(),
		Width:  ui.Width, Height: ui.Height, Density: displayDensity,
		Storage: p.storage, App: p.app, Input: p.app,
		AppPackage: android.Package{
			Name: app.Package, Activity: app.Activity, VersionName: version, VersionCode: code,
		},
		ScreencapFunc:        p.Picture,
		AutomationFunc:       p.newAutomation,
		InstrumentationDelay: p.cfg.InstrumentationDelay,
		Logger:               p.cfg.Logger,
	}
	if p.cfg.Preinstalled {
		cfg.Preinstalled = appiumPackages()
	}
	return cfg
}

func (p *Phone) newAutomation(ended func()) android.Automation {
	server := uia2.New(uia2.Config{
		Info: uia2.Info{
			Manufacturer: manufacturer, Model: model, APIVersion: apiVersion, PlatformVersion: platformVersion,
			Density: displayDensity, Locale: strings.ReplaceAll(p.cfg.Language.Locale(), "-", "_"),
		},
		Version: automationVersion, VersionCode: automationVersionCode,
		SessionDeletedFunc: ended,
	}, p.app, p.renderer, p.cfg.Logger)
	p.automation.Store(server)
	return server
}

func (p *Phone) adbdConfig() adbd.Config {
	cfg := adbd.Config{Address: p.cfg.ADBAddress, Services: p.device, SessionFunc: p.openSession}
	if p.cfg.Auth != AuthNone {
		cfg.Authorize = func(key adbd.PublicKey) bool {
			p.cfg.Logger.Info("adb key offered", slog.String("name", key.Name), slog.String("auth", string(p.cfg.Auth)))
			return p.cfg.Auth == AuthAccept
		}
	}
	return cfg
}

// Picture draws the screen as a PNG.
func (p *Phone) Picture() ([]byte, error) { return p.renderer.PNG(p.app.Screen()) }

// Posts lists what this phone published, oldest first.
func (p *Phone) Posts() []app.Post { return p.posts.own() }
