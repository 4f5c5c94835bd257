package recipe

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"

	"postfleet/internal/fault"
)

// builtinPrefix marks the name of a recipe that is part of the program.
const builtinPrefix = "builtin:"

//go:embed builtin/*.yaml
var builtin embed.FS

// Load reads and checks the recipe of that name: builtin:NAME or the path of a
// YAML file. The error, of class fault.Input, lists every mistake as
// file:line: where: what.
func Load(name string) (*Recipe, error) {
	source, err := open(name)
	if err != nil {
		return nil, fault.Errorf(fault.Input, "load recipe: %w", err)
	}
	r, err := parse(name, source)
	if err != nil {
		return nil, fault.Errorf(fault.Input, "load recipe %s:\n%w", name, err)
	}
	return r, nil
}

func open(name string) ([]byte, error) {
	own, ok := strings.CutPrefix(name, builtinPrefix)
	if !ok {
		return os.ReadFile(name)
	}
	source, err := builtin.ReadFile(path.Join("builtin", own+".yaml"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: there is no such recipe in the program", name)
	}
	return source, err
}

func parse(name string, source []byte) (*Recipe, error) {
	r := &Recipe{name: name}
	l := &linter{name: name, doc: &r.doc}
	dec := yaml.NewDecoder(bytes.NewReader(source))
	dec.KnownFields(true)
	// Whoever wrote a key wrong wants to hear of everything else as well.
	if err := dec.Decode(&r.doc); err != nil && !l.unknown(err) {
		return nil, l.readable(err)
	}
	var more yaml.Node
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s:%d: more than one YAML document: keep one", name, max(more.Line, 1))
	}
	if err := yaml.Unmarshal(source, &l.lines); err != nil {
		return nil, l.readable(err)
	}
	if err := l.run(); err != nil {
		return nil, err
	}
	r.publish, r.ids = l.publish, l.ids
	return r, nil
}
