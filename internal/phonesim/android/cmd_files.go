package android

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

func fileCommands() map[string]command {
	return map[string]command{
		"ls": listFiles, "rm": removeFiles, "mkdir": makeDirs, "rmdir": removeDirs, "mv": moveFile, "cp": copyFile,
		"touch": touchFiles, "stat": statFiles, "chmod": quiet, "sync": quiet, "df": diskFree,
		"sha256sum": digestFiles(sha256Of), "md5sum": digestFiles(md5Of),
	}
}

// reason is the text that the phone's programs have for an error.
func reason(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "No such file or directory"
	case errors.Is(err, fs.ErrPermission):
		return "Permission denied"
	case errors.Is(err, errIsDirectory):
		return "Is a directory"
	case errors.Is(err, fs.ErrInvalid):
		return "Not a directory"
	default:
		return err.Error()
	}
}

func listFiles(_ context.Context, c *call) uint8 {
	o := parseOptions(c.args[1:])
	if len(o.rest) == 0 {
		o.rest = []string{c.dir}
	}
	var code uint8
	for _, name := range o.rest {
		infos, err := c.listed(name, o.letters("d"))
		if err != nil {
			code = c.fail("%s: %s", name, reason(err))
			continue
		}
		if o.letters("t") {
			slices.SortStableFunc(infos, func(a, b fs.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
		}
		for _, info := range infos {
			c.print(listLine(info, o.letters("l")))
		}
	}
	return code
}

// listed is what ls shows of name: the files of a directory, or the name itself.
func (c *call) listed(name string, itself bool) ([]fs.FileInfo, error) {
	info, err := c.device.cfg.Storage.Stat(c.path(name))
	if err != nil {
		return nil, err
	}
	if info.IsDir() && !itself {
		return c.device.cfg.Storage.List(c.path(name))
	}
	named := info.(fileInfo) //nolint:forcetypeassert // Storage makes no others
	named.name = name
	return []fs.FileInfo{named}, nil
}

func listLine(info fs.FileInfo, long bool) string {
	if !long {
		return info.Name() + "\n"
	}
	return fmt.Sprintf("%s 1 shell shell %d %s %s\n",
		info.Mode(), info.Size(), info.ModTime().Format("2006-01-02 15:04"), info.Name())
}

func removeFiles(_ context.Context, c *call) uint8 {
	o := parseOptions(c.args[1:])
	var code uint8
	for _, name := range o.rest {
		err := c.device.cfg.Storage.Remove(c.path(name), o.letters("rR"))
		if err != nil && (!o.letters("f") || !errors.Is(err, fs.ErrNotExist)) {
			code = c.fail("%s: %s", name, reason(err))
		}
	}
	return code
}

func makeDirs(_ context.Context, c *call) uint8 {
	o := parseOptions(c.args[1:], "-m")
	var code uint8
	for _, name := range o.rest {
		if _, err := c.device.cfg.Storage.Stat(c.path(name)); err == nil && !o.letters("p") {
			code = c.fail("'%s': File exists", name)
			continue
		}
		if err := c.device.cfg.Storage.Mkdir(c.path(name)); err != nil {
			code = c.fail("'%s': %s", name, reason(err))
		}
	}
	return code
}

func removeDirs(_ context.Context, c *call) uint8 {
	var code uint8
	for _, name := range parseOptions(c.args[1:]).rest {
		infos, err := c.device.cfg.Storage.List(c.path(name))
		if err == nil && len(infos) > 0 {
			err = errors.New("Directory not empty") //nolint:staticcheck // as the phone writes it
		}
		if err == nil {
			err = c.device.cfg.Storage.Remove(c.path(name), true)
		}
		if err != nil {
			code = c.fail("%s: %s", name, reason(err))
		}
	}
	return code
}

func moveFile(_ context.Context, c *call) uint8 {
	o := parseOptions(c.args[1:])
	if len(o.rest) != 2 {
		return c.fail("needs 2 names")
	}
	if err := c.device.cfg.Storage.Rename(c.path(o.rest[0]), c.path(o.rest[1])); err != nil {
		return c.fail("bad '%s': %s", o.rest[0], reason(err))
	}
	return 0
}

func copyFile(_ context.Context, c *call) uint8 {
	o := parseOptions(c.args[1:])
	if len(o.rest) != 2 {
		return c.fail("needs 2 names")
	}
	from, to := c.path(o.rest[0]), c.path(o.rest[1])
	if info, err := c.device.cfg.Storage.Stat(to); err == nil && info.IsDir() {
		to = path.Join(to, path.Base(from))
	}
	source, err := c.device.cfg.Storage.open(from)
	if err != nil {
		return c.fail("bad '%s': %s", o.rest[0], reason(err))
	}
	defer func() { _ = source.Close() }()
	if err := c.save(to, source); err != nil {
		return c.fail("bad '%s': %s", o.rest[1], reason(err))
	}
	return 0
}

// save writes all of r to a file.
func (c *call) save(name string, r io.Reader) error {
	upload, err := c.device.cfg.Storage.Create(name, fileMode)
	if err != nil {
		return err
	}
	if _, err := io.Copy(upload, r); err != nil {
		return errors.Join(err, upload.Abort())
	}
	return upload.Commit(time.Now())
}

func touchFiles(_ context.Context, c *call) uint8 {
	o := parseOptions(c.args[1:], "-d", "-t")
	var code uint8
	for _, name := range o.rest {
		if _, err := c.device.cfg.Storage.Stat(c.path(name)); err == nil {
			continue
		}
		if err := c.save(c.path(name), strings.NewReader("")); err != nil {
			code = c.fail("'%s': %s", name, reason(err))
		}
	}
	return code
}

func statFiles(_ context.Context, c *call) uint8 {
	o := parseOptions(c.args[1:], "-c")
	format, ok := o.values["-c"]
	if !ok {
		format = "  File: %n\n  Size: %s\t%F\nAccess: (%a)\nModify: %y"
	}
	var code uint8
	for _, name := range o.rest {
		info, err := c.device.cfg.Storage.Stat(c.path(name))
		if err != nil {
			code = c.fail("'%s': %s", name, reason(err))
			continue
		}
		kind := "regular file"
		if info.IsDir() {
			kind = "directory"
		}
		c.print(strings.NewReplacer(
			"%%", "%", "%n", name, "%s", strconv.FormatInt(info.Size(), 10), "%F", kind,
			"%a", strconv.FormatUint(uint64(info.Mode().Perm()), 8),
			"%y", info.ModTime().Format("2006-01-02 15:04:05.000000000 -0700"),
			"%Y", strconv.FormatInt(info.ModTime().Unix(), 10),
		).Replace(format) + "\n")
	}
	return code
}

func diskFree(_ context.Context, c *call) uint8 {
	c.print("Filesystem     1K-blocks     Used Available Use% Mounted on\n" +
		"/dev/fuse       52428800 10485760  41943040  20% /storage/emulated\n")
	return 0
}

func sha256Of(s *Storage, name string) (string, error) { return s.SHA256(name) }

func md5Of(s *Storage, name string) (string, error) {
	f, err := s.open(name)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	digest := md5.New()
	if _, err := io.Copy(digest, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(digest.Sum(nil)), nil
}

func digestFiles(digest func(*Storage, string) (string, error)) command {
	return func(_ context.Context, c *call) uint8 {
		o := parseOptions(c.args[1:])
		var code uint8
		for _, name := range o.rest {
			sum, err := digest(c.device.cfg.Storage, c.path(name))
			switch {
			case err != nil:
				code = c.fail("%s: %s", name, reason(err))
			case o.letters("b"):
				c.printf("%s\n", sum)
			default:
				c.printf("%s  %s\n", sum, name)
			}
		}
		return code
	}
}
