package crashdisk

import (
	"math/rand/v2"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// dataName is the only file of an inode's file system.
const dataName = "data"

// inode is a file without a name. Each has a file system of its own, because
// pebble's draws lots for its files in the order of a map, which no seed repeats.
type inode struct {
	id   uint64
	fs   *vfs.MemFS
	data vfs.File
	// lost is set by a failed flush, after which none flushes.
	lost bool
}

func newInode(id uint64) *inode {
	n := &inode{id: id, fs: vfs.NewCrashableMem()}
	n.open()
	return n
}

// open opens the data, and makes its name last: names are for Dir to lose.
// Nothing can fail in memory.
func (n *inode) open() {
	data, err := n.fs.OpenReadWrite(dataName, vfs.WriteCategoryUnspecified)
	must(err)
	dir, err := n.fs.OpenDir("")
	must(err)
	must(dir.Sync())
	must(dir.Close())
	n.data = data
}

// crash returns the inode as a power cut may leave it.
func (n *inode) crash(id uint64, rng *rand.Rand, percent int) *inode {
	c := &inode{id: id, fs: n.fs.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: percent, RNG: rng})}
	c.open()
	was, err := n.size()
	must(err)
	is, err := c.size()
	must(err)
	if is < was && percent > 0 && rng.IntN(100) < percent {
		_, err = c.data.WriteAt(make([]byte, was-is), is)
		must(err)
		must(c.data.Sync())
	}
	return c
}

func (n *inode) size() (int64, error) {
	info, err := n.data.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func must(err error) {
	if err != nil {
		panic("crashdisk: " + err.Error())
	}
}
