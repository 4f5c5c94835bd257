package enginetest

import (
	"context"
	"strconv"

	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// Programs are the commands that the conformance suite needs of an image.
type Programs struct {
	Image string
	// Exit prints "bye" and ends with the code.
	Exit func(code int) []string
	// Term runs until SIGTERM and ends with the code.
	Term func(code int) []string
	// Run runs until it is killed.
	Run []string
}

// FakeImage is the image that FakePrograms are in.
const FakeImage = "fake"

// FakePrograms are those that Command understands.
func FakePrograms() Programs {
	return Programs{
		Image: FakeImage,
		Exit:  func(code int) []string { return []string{"exit", strconv.Itoa(code)} },
		Term:  func(code int) []string { return []string{"term", strconv.Itoa(code)} },
		Run:   []string{"run"},
	}
}

// Command is the Program of FakePrograms.
func Command(ctx context.Context, spec workerimage.Container, signals <-chan orchestrator.Signal) orchestrator.Exit {
	code := 0
	if len(spec.Command) > 1 {
		code, _ = strconv.Atoi(spec.Command[1])
	}
	exit := orchestrator.Exit{Code: code}
	switch spec.Command[0] {
	case "exit":
		if code != 0 {
			exit.Tail = "bye"
		}
		return exit
	case "term":
		for {
			select {
			case <-ctx.Done():
				return exit
			case s := <-signals:
				if s == orchestrator.SignalDrain {
					return exit
				}
			}
		}
	default:
		<-ctx.Done()
		return exit
	}
}
