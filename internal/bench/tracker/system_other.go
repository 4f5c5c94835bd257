//go:build !linux

package main

import (
	"errors"
	"os"
	"time"
)

var errLinuxOnly = errors.New("the tracker's benchmark runs on Linux only")

func monotonic() time.Duration { return time.Duration(time.Now().UnixNano()) }

func flushData(*os.File) error { return errLinuxOnly }

func inMemory(string) (bool, error) { return false, errLinuxOnly }

func peakMemory(*os.ProcessState) (int64, error) { return 0, errLinuxOnly }

func ownCPU() time.Duration { return 0 }

func hostCPU() (time.Duration, error) { return 0, errLinuxOnly }
