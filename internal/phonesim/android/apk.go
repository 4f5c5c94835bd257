package android

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// maxManifestBytes is far above any real manifest.
const maxManifestBytes = 4 << 20

// readAPK tells what package an APK holds.
func readAPK(r io.ReaderAt, size int64) (Package, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return Package{}, err
	}
	f, err := archive.Open("AndroidManifest.xml")
	if err != nil {
		return Package{}, err
	}
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(io.LimitReader(f, maxManifestBytes))
	if err != nil {
		return Package{}, fmt.Errorf("read manifest: %w", err)
	}
	elements, err := parseBinaryXML(b)
	if err != nil {
		return Package{}, fmt.Errorf("parse manifest: %w", err)
	}
	return manifestPackage(elements)
}

// manifestPackage picks from a manifest what the package manager is asked for.
func manifestPackage(elements []xmlElement) (Package, error) {
	var pkg Package
	activity := ""
	for _, e := range elements {
		switch e.name {
		case "manifest":
			pkg.Name, pkg.VersionName = e.attributes["package"], e.attributes["versionName"]
			// Test packages leave the version out.
			pkg.VersionCode, _ = strconv.Atoi(e.attributes["versionCode"])
		case "activity", "activity-alias":
			activity = e.attributes["name"]
		case "category":
			if pkg.Activity == "" && e.attributes["name"] == "android.intent.category.LAUNCHER" {
				pkg.Activity = activityClass(pkg.Name, activity)
			}
		case "instrumentation":
			pkg.Instrumentation = activityClass(pkg.Name, e.attributes["name"])
			pkg.Target = e.attributes["targetPackage"]
		}
	}
	if pkg.Name == "" {
		return Package{}, errors.New("the manifest names no package")
	}
	return pkg, nil
}
