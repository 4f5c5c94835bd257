package learned

import (
	"errors"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"postfleet/internal/screen"
)

// Print is a fingerprint as the file has it: with its signs as one text, a line
// each. They are most of the file, and every worker reads all of it.
type Print struct{ screen.Print }

type printText struct {
	Key   string `yaml:"key"`
	Signs string `yaml:"signs"`
}

// printNodes is how many nodes the two fields are in YAML.
const printNodes = 4

// MarshalYAML implements yaml.Marshaler.
func (p Print) MarshalYAML() (any, error) {
	return printText{Key: p.Key, Signs: strings.Join(p.Signs, "\n")}, nil
}

// UnmarshalYAML implements yaml.Unmarshaler. It is strict.
func (p *Print) UnmarshalYAML(node *yaml.Node) error {
	var text printText
	if err := node.Decode(&text); err != nil {
		return err
	}
	if text.Key == "" || len(node.Content) != printNodes {
		return errors.New("a screen is a key and signs, and nothing else")
	}
	p.Key = text.Key
	p.Signs = slices.DeleteFunc(strings.Split(text.Signs, "\n"), func(s string) bool { return s == "" })
	return nil
}

// same reports whether two screens are one. Mostly they are to the letter, and
// that is found out soonest.
func same(a, b screen.Print) bool {
	return a.Key != "" && a.Key == b.Key && slices.Equal(a.Signs, b.Signs) || a.Same(b)
}
