package adbd

import (
	"encoding/binary"
	"errors"
	"io/fs"
)

// Bits of st_mode.
const (
	unixTypeMask  = 0o170000
	unixRegular   = 0o100000
	unixDirectory = 0o040000
)

// Values of errno on Android.
const (
	errnoNotExist   = 2
	errnoIO         = 5
	errnoPermission = 13
)

// Owner and group of everything the shell user sees.
const shellUID = 2000

func unixMode(info fs.FileInfo) uint32 {
	kind := uint32(unixRegular)
	if info.IsDir() {
		kind = unixDirectory
	}
	return kind | uint32(info.Mode().Perm())
}

// size32 is a size as the first version of the protocol can tell it.
func size32(info fs.FileInfo) uint32 { return uint32(info.Size()) }

func (y *syncer) stat(name string) error {
	var mode, size, modified uint32
	if info, err := y.files.Stat(name); err == nil {
		mode, size, modified = unixMode(info), size32(info), uint32(info.ModTime().Unix())
	}
	b := binary.LittleEndian.AppendUint32([]byte("STAT"), mode)
	b = binary.LittleEndian.AppendUint32(b, size)
	b = binary.LittleEndian.AppendUint32(b, modified)
	_, err := y.out.Write(b)
	return err
}

// stat2 answers STA2 and LST2, which are one where there are no links.
func (y *syncer) stat2(id, name string) error {
	info, err := y.files.Stat(name)
	b := binary.LittleEndian.AppendUint32([]byte(id), errno(err))
	if err != nil {
		const restBytes = 64
		_, err := y.out.Write(append(b, make([]byte, restBytes)...))
		return err
	}
	const device, inode, links = 1, 2, 1
	b = binary.LittleEndian.AppendUint64(b, device)
	b = binary.LittleEndian.AppendUint64(b, inode)
	b = binary.LittleEndian.AppendUint32(b, unixMode(info))
	b = binary.LittleEndian.AppendUint32(b, links)
	b = binary.LittleEndian.AppendUint32(b, shellUID)
	b = binary.LittleEndian.AppendUint32(b, shellUID)
	b = binary.LittleEndian.AppendUint64(b, uint64(info.Size()))
	for range 3 { // access, modification, change
		b = binary.LittleEndian.AppendUint64(b, uint64(info.ModTime().Unix()))
	}
	_, err = y.out.Write(b)
	return err
}

func errno(err error) uint32 {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, fs.ErrNotExist):
		return errnoNotExist
	case errors.Is(err, fs.ErrPermission):
		return errnoPermission
	default:
		return errnoIO
	}
}

// list answers LIST. A directory that is not there is an empty one, as on a phone.
func (y *syncer) list(name string) error {
	entries, err := y.files.List(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return y.fail(err)
	}
	for _, info := range entries {
		b := binary.LittleEndian.AppendUint32([]byte("DENT"), unixMode(info))
		b = binary.LittleEndian.AppendUint32(b, size32(info))
		b = binary.LittleEndian.AppendUint32(b, uint32(info.ModTime().Unix()))
		b = binary.LittleEndian.AppendUint32(b, uint32(len(info.Name())))
		if _, err := y.out.Write(append(b, info.Name()...)); err != nil {
			return err
		}
	}
	const entryRestBytes = 16
	_, err = y.out.Write(append([]byte("DONE"), make([]byte, entryRestBytes)...))
	return err
}
