package crashdisk_test

import (
	"errors"
	"io/fs"
	"sync"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/progress/disk"
	"postfleet/internal/progress/disk/crashdisk"
)

func TestBeforeEveryOperation(t *testing.T) {
	t.Parallel()
	d := crashdisk.New()
	var got []crashdisk.Op
	var lengths []int
	d.Before(func(op crashdisk.Op) error {
		got = append(got, op)
		for _, text := range files(t, d.Crash(seed(1), 100)) {
			lengths = append(lengths, len(text))
		}
		return nil
	})
	f := create(t, d, "a", "0123456789")
	if err := errors.Join(f.Sync(), d.Replace("a", "b"), d.Sync(), d.Remove("b")); err != nil {
		t.Fatal(err)
	}
	want := []crashdisk.Op{
		{N: 1, Kind: crashdisk.Create, Name: "a"},
		{N: 2, Kind: crashdisk.Write, Name: "a"},
		{N: 3, Kind: crashdisk.WriteRest, Name: "a"},
		{N: 4, Kind: crashdisk.Sync, Name: "a"},
		{N: 5, Kind: crashdisk.Replace, Name: "b"},
		{N: 6, Kind: crashdisk.SyncDir, Name: "."},
		{N: 7, Kind: crashdisk.Remove, Name: "b"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("operations: -want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]int{0, 5, 10, 10, 10, 10}, lengths); diff != "" {
		t.Errorf("length of the file before each: -want +got:\n%s", diff)
	}
	if got := d.Ops(); got != len(want) {
		t.Errorf("count: got %d, want %d", got, len(want))
	}
	if names, err := d.Names(); err != nil || len(names) != 0 {
		t.Errorf("in the end: got %v, %v, want nothing", names, err)
	}
}

func TestBeforeFailsAnOperation(t *testing.T) {
	t.Parallel()
	tests := map[crashdisk.Kind]struct {
		errno syscall.Errno
		do    func(d *crashdisk.Dir, f disk.File) error
		want  map[string]string
	}{
		crashdisk.Create: {syscall.ENOSPC, func(d *crashdisk.Dir, _ disk.File) error {
			_, err := d.Create("b")
			return err
		}, map[string]string{"a": "text"}},
		crashdisk.Write: {syscall.ENOSPC, func(_ *crashdisk.Dir, f disk.File) error {
			_, err := f.WriteAt([]byte("0123"), 4)
			return err
		}, map[string]string{"a": "text"}},
		crashdisk.WriteRest: {syscall.ENOSPC, func(_ *crashdisk.Dir, f disk.File) error {
			n, err := f.WriteAt([]byte("0123"), 4)
			if n != 2 {
				t.Errorf("half written: got %d bytes, want 2", n)
			}
			return err
		}, map[string]string{"a": "text01"}},
		crashdisk.Replace: {syscall.EROFS, func(d *crashdisk.Dir, _ disk.File) error {
			return d.Replace("a", "b")
		}, map[string]string{"a": "text"}},
		crashdisk.Remove: {syscall.EROFS, func(d *crashdisk.Dir, _ disk.File) error {
			return d.Remove("a")
		}, map[string]string{"a": "text"}},
	}
	for kind, test := range tests {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			d := crashdisk.New()
			f := create(t, d, "a", "text")
			d.Before(fail(kind, test.errno))
			if err := test.do(d, f); !errors.Is(err, test.errno) {
				t.Errorf("got %v, want %v", err, test.errno)
			}
			if diff := cmp.Diff(test.want, files(t, d)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// After a failed flush the kernel takes the pages for clean.
func TestFailedSyncIsFinal(t *testing.T) {
	t.Parallel()
	d := crashdisk.New()
	f := flushed(t, d, "a", "one")
	write(t, f, "two", 3)
	d.Before(fail(crashdisk.Sync, syscall.EIO))
	if err := f.Sync(); !errors.Is(err, disk.ErrSync) || !errors.Is(err, syscall.EIO) {
		t.Errorf("got %v, want ErrSync and EIO", err)
	}
	d.Before(nil)
	if err := f.Sync(); err != nil {
		t.Errorf("the second one: %v", err)
	}
	if got := files(t, d)["a"]; got != "onetwo" {
		t.Errorf("processes see %q", got)
	}
	if got := files(t, d.Crash(nil, 0))["a"]; got != "one" {
		t.Errorf("the disk holds %q, want one", got)
	}
}

func TestFailedSyncOfTheDirectory(t *testing.T) {
	t.Parallel()
	d := crashdisk.New()
	flushed(t, d, "a", "one")
	d.Before(fail(crashdisk.SyncDir, syscall.EIO))
	if err := d.Replace("a", "b"); err != nil {
		t.Fatal(err)
	}
	if err := d.Sync(); !errors.Is(err, disk.ErrSync) || !errors.Is(err, syscall.EIO) {
		t.Errorf("got %v, want ErrSync and EIO", err)
	}
	if diff := cmp.Diff(map[string]string{"a": "one"}, files(t, d.Crash(nil, 0))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestIDsAreNotUsedAgain(t *testing.T) {
	t.Parallel()
	d := crashdisk.New()
	seen := make(map[uint64]bool)
	for range 3 {
		f := flushed(t, d, "a", "text")
		id, err := f.ID()
		if err != nil || seen[id] {
			t.Errorf("id %d again, %v", id, err)
		}
		seen[id] = true
		d = d.Crash(nil, 0)
		id, err = d.ID("a")
		if err != nil || seen[id] {
			t.Errorf("id %d again after a crash, %v", id, err)
		}
		seen[id] = true
		if err := d.Remove("a"); err != nil {
			t.Fatal(err)
		}
	}
}

// Nothing is asserted but what the race detector does.
func TestManyProcesses(t *testing.T) {
	t.Parallel()
	d := crashdisk.New()
	create(t, d, "a", "")
	d.Before(func(op crashdisk.Op) error {
		if op.N%7 == 0 {
			d.Crash(seed(uint64(op.N)), 50)
		}
		return nil
	})
	var group sync.WaitGroup
	for n := range 4 {
		group.Go(func() {
			f, err := d.Open("a")
			if err != nil {
				t.Error(err)
				return
			}
			name := string(rune('b' + n))
			for i := range 50 {
				_, werr := f.WriteAt([]byte("0123456789"), int64(10*(50*n+i)))
				_, cerr := d.Create(name)
				_, serr := f.Size()
				if err := errors.Join(werr, cerr, serr, f.Sync(), d.Sync(), d.Remove(name)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if got := len(files(t, d)["a"]); got != 2000 {
		t.Errorf("got %d bytes, want 2000", got)
	}
}

func TestFree(t *testing.T) {
	t.Parallel()
	d := crashdisk.New()
	d.SetFree(3)
	got, err := d.Crash(nil, 0).Free()
	if got != 3 || err != nil {
		t.Errorf("got %d, %v, want 3", got, err)
	}
	if _, err := d.Create("a/b"); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("got %v, want fs.ErrInvalid", err)
	}
}

func fail(kind crashdisk.Kind, errno syscall.Errno) func(crashdisk.Op) error {
	return func(op crashdisk.Op) error {
		if op.Kind == kind {
			return errno
		}
		return nil
	}
}
