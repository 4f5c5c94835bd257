package compose

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"postfleet/workerimage"
)

// Fleet is what a compose project is made of.
type Fleet struct {
	Name    string
	Network string
	// Containers are the workers and phones, in the order of their numbers.
	Containers []workerimage.Container
	// Notes are lines printed as comments at the top of the file.
	Notes []string
}

// networkKey is the network's name within the file.
const networkKey = "fleet"

// Render returns the project as a compose file. The same fleet always gives the
// same bytes.
func Render(f Fleet) ([]byte, error) {
	p := project{
		Name:     f.Name,
		Services: map[string]service{},
		Networks: map[string]network{networkKey: {
			Name: f.Network, Labels: map[string]string{workerimage.LabelFleet: f.Name},
		}},
	}
	phones := phonesByWorker(f.Containers)
	for _, c := range f.Containers {
		key := serviceKey(f.Name, c)
		if _, taken := p.Services[key]; taken {
			return nil, fmt.Errorf("render %s: two containers have the name %s", f.Name, c.Name)
		}
		s := convert(c)
		if phone, ok := phones[c.Labels[workerimage.LabelWorker]]; ok && phone != c.Name {
			s.DependsOn = map[string]dependency{
				strings.TrimPrefix(phone, f.Name+"-"): {Condition: "service_healthy"},
			}
		}
		p.Services[key] = s
	}
	return encode(p, f.Notes)
}

// serviceKey is the container's name without the fleet's, for example worker-0.
func serviceKey(fleet string, c workerimage.Container) string {
	return strings.TrimPrefix(c.Name, fleet+"-")
}

func phonesByWorker(containers []workerimage.Container) map[string]string {
	phones := map[string]string{}
	for _, c := range containers {
		if c.Labels[workerimage.LabelRole] == workerimage.RolePhone {
			phones[c.Labels[workerimage.LabelWorker]] = c.Name
		}
	}
	return phones
}

func encode(p project, notes []string) ([]byte, error) {
	var doc yaml.Node
	if err := doc.Encode(p); err != nil {
		return nil, fmt.Errorf("render %s: %w", p.Name, err)
	}
	escape(&doc)
	var b bytes.Buffer
	for line := range strings.SplitSeq(strings.Join(notes, "\n"), "\n") {
		b.WriteString(strings.TrimRight("# "+line, " ") + "\n")
	}
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(&doc); err != nil {
		return nil, fmt.Errorf("render %s: %w", p.Name, err)
	}
	if err := enc.Close(); err != nil {
		return nil, fmt.Errorf("render %s: %w", p.Name, err)
	}
	return b.Bytes(), nil
}

// escape doubles every dollar sign: compose would take it for a variable.
func escape(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode {
		n.Value = strings.ReplaceAll(n.Value, "$", "$$")
	}
	for _, child := range n.Content {
		escape(child)
	}
}
