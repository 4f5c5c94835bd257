// Command worker is what runs in a worker's container: one phone, one Appium
// server, one job after the other. It reads its settings from the environment,
// wires the parts together and turns errors into exit codes; everything else
// is in the packages it wires.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // the image has no zone files
)

// signalBacklog: three signals are told apart, and none of them may be lost.
const signalBacklog = 3

func main() {
	signals := make(chan os.Signal, signalBacklog)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGQUIT)
	a := &app{
		stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv,
		signals: signals, exit: os.Exit, places: imagePlaces(),
	}
	os.Exit(a.run(context.Background(), os.Args[1:]))
}
