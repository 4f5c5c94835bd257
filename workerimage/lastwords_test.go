package workerimage_test

import (
	"testing"

	"postfleet/workerimage"
)

func TestLastWords(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		output string
		want   workerimage.LastWords
		found  bool
	}{
		{"none", "{\"msg\":\"worker: not at the line's begin\"}\n", workerimage.LastWords{}, false},
		{"a line", "x\nworker: no phone\n", workerimage.LastWords{Why: "no phone"}, true},
		{
			"of the fleet", "worker: for the whole fleet: no credit",
			workerimage.LastWords{Why: "no credit", Fleet: true},
			true,
		},
		{"the last counts", "worker: for the whole fleet: a\nworker: b\n", workerimage.LastWords{Why: "b"}, true},
	} {
		if got, found := workerimage.ReadLastWords(tt.output); got != tt.want || found != tt.found {
			t.Errorf("%s: got %+v, %t", tt.name, got, found)
		}
	}
	for _, isFleet := range []bool{false, true} {
		words := workerimage.LastWords{Why: "a\nworker: b\r\nc", Fleet: isFleet}
		want := workerimage.LastWords{Why: "a; worker: b; c", Fleet: isFleet}
		if got, found := workerimage.ReadLastWords("before\n" + words.String() + "\n"); got != want || !found {
			t.Errorf("%+v came back as %+v, %t", words, got, found)
		}
	}
}
