package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"postfleet/internal/config"
)

const (
	// keyName is the folder of the data directory that holds the fleet's adb key,
	// and the file in it.
	keyName = "adbkey"
	keyBits = 2048 // what adb itself makes
)

func keyDir(r config.Resolved) string { return filepath.Join(r.Derived.DataDir, keyName) }

// needsKey reports whether a worker's own adb server has to be known to a phone
// that asks people about keys. A simulated one does not, and with an adb server
// of another host it is that one's key.
func needsKey(r config.Resolved) bool {
	for _, d := range r.Devices[:min(r.Derived.Workers, len(r.Devices))] {
		if kind, _ := d.Connection(); kind == config.KindTCP || kind == config.KindUSB {
			return true
		}
	}
	return false
}

// ensureKey makes the adb key that all workers of the data directory share,
// unless there is one: phones are asked to accept it once, and not by every new
// container. A person may put another there, such as ~/.android/adbkey, which
// the phones know already. It is for the workers' user alone.
func ensureKey(r config.Resolved, user string) error {
	if !needsKey(r) {
		return nil
	}
	uid, gid, err := parseUser(user)
	if err != nil {
		return err
	}
	dir := keyDir(r)
	path := filepath.Join(dir, keyName)
	err = os.Mkdir(dir, 0o700)
	if err == nil || errors.Is(err, fs.ErrExist) {
		err = own(dir, uid, gid)
	}
	if _, missing := os.Stat(path); err == nil && errors.Is(missing, fs.ErrNotExist) {
		err = makeKey(path, uid, gid)
	}
	if err == nil {
		err = own(path, uid, gid)
	}
	if err != nil {
		return fmt.Errorf("make the fleet's adb key: %w", err)
	}
	return nil
}

// makeKey writes a new private key as adb reads it. The public one follows from
// it.
func makeKey(path string, uid, gid int) error {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	return writeSecret(path, string(text), uid, gid)
}
