package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"postfleet/internal/config"
	"postfleet/workerimage"
)

// secretsName is the folder of the data directory that holds the secrets, as
// files, while a fleet runs.
const secretsName = ".secrets"

func secretsDir(r config.Resolved) string { return filepath.Join(r.Derived.DataDir, secretsName) }

// secretFiles are the contents of the files in the folder of secrets, by name:
// what this fleet has of them, and needs.
func secretFiles(r config.Resolved) map[string]string {
	all := map[string]string{workerimage.SecretProxyURL: r.Proxy.RotateURL}
	for _, d := range r.Devices[:min(r.Derived.Workers, len(r.Devices))] {
		all[workerimage.SecretProxyURLOf(d.Name)] = d.RotateURL
	}
	if r.HasCloudPhones() {
		all[workerimage.SecretGeelarkToken] = string(r.Secrets.GeelarkToken)
		all[workerimage.SecretGeelarkAppID] = string(r.Secrets.GeelarkAppID)
		all[workerimage.SecretGeelarkAPIKey] = string(r.Secrets.GeelarkAPIKey)
	}
	all[workerimage.SecretAnthropicKey] = string(r.Secrets.AnthropicKey)
	maps.DeleteFunc(all, func(_, text string) bool { return text == "" })
	return all
}

// writeSecrets puts the fleet's secrets where its workers, who run as user, and
// nobody else can read them. A folder that is there stays: workers that are
// taken over have it mounted.
func writeSecrets(r config.Resolved, user string) error {
	all := secretFiles(r)
	if len(all) == 0 {
		return removeSecrets(r)
	}
	uid, gid, err := parseUser(user)
	if err != nil {
		return err
	}
	dir := secretsDir(r)
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("make the folder of secrets: %w", err)
	}
	err = own(dir, uid, gid)
	for name, text := range all {
		err = errors.Join(err, writeSecret(filepath.Join(dir, name), text, uid, gid))
	}
	if err != nil {
		return fmt.Errorf("write secrets: %w", errors.Join(err, removeSecrets(r)))
	}
	return nil
}

// writeSecret replaces the file at path at once or not at all.
func writeSecret(path, text string, uid, gid int) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	_, err = tmp.WriteString(text)
	err = errors.Join(err, tmp.Chmod(0o400), own(tmp.Name(), uid, gid), tmp.Close())
	if err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// own gives path to the workers' user. Only root can give away what is not that
// user's already.
func own(path string, uid, gid int) error {
	if os.Geteuid() == uid {
		return nil
	}
	if err := os.Lchown(path, uid, gid); err != nil {
		return fmt.Errorf("%w: run as root or as the owner of the data directory", err)
	}
	return nil
}

// removeSecrets leaves none of them behind. None there is no error.
func removeSecrets(r config.Resolved) error {
	if err := os.RemoveAll(secretsDir(r)); err != nil {
		return fmt.Errorf("remove secrets: %w", err)
	}
	return nil
}

func parseUser(user string) (uid, gid int, err error) {
	u, g, _ := strings.Cut(user, ":")
	uid, uerr := strconv.Atoi(u)
	gid, gerr := strconv.Atoi(g)
	if err := errors.Join(uerr, gerr); err != nil {
		return 0, 0, fmt.Errorf("user %q of the workers: %w", user, err)
	}
	return uid, gid, nil
}
