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
	"regexp"
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
	dec := yaml.NewDecoder(bytes.NewReader(source))
	dec.KnownFields(true)
	if err := dec.Decode(&r.doc); err != nil {
		return nil, readable(name, err)
	}
	var more yaml.Node
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: more than one YAML document in it", name)
	}
	var lines yaml.Node
	if err := yaml.Unmarshal(source, &lines); err != nil {
		return nil, readable(name, err)
	}
	l := &linter{name: name, lines: &lines, doc: &r.doc}
	if err := l.run(); err != nil {
		return nil, err
	}
	r.publish = l.publish
	return r, nil
}

// readable puts the library's messages (which speak of Go types) into ours.
func readable(name string, err error) error {
	unknown := regexp.MustCompile(`^line (\d+): field (\S+) not found in type \S+$`)
	wrong := regexp.MustCompile(`^line (\d+): (.*)$`)
	typed, ok := errors.AsType[*yaml.TypeError](err)
	if !ok {
		text := strings.TrimPrefix(err.Error(), "yaml: ")
		return errors.New(wrong.ReplaceAllString(text, name+":$1: $2"))
	}
	errs := make([]error, 0, len(typed.Errors))
	for _, text := range typed.Errors {
		text = unknown.ReplaceAllString(text, `line $1: unknown key "$2"`)
		errs = append(errs, errors.New(wrong.ReplaceAllString(text, name+":$1: $2")))
	}
	return errors.Join(errs...)
}
