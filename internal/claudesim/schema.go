package claudesim

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// What strict schemas of one request may have together.
const (
	maxStrict  = 20
	maxOptions = 24
	maxUnions  = 16
)

// schema is what was found in a tool's.
type schema struct {
	options, unions int
	strict          bool
}

// readSchema checks a tool's schema against the subset that strict tools have.
func readSchema(raw json.RawMessage, strict bool) (schema, error) {
	var root map[string]any
	if err := json.Unmarshal(raw, &root); err != nil {
		return schema{}, err
	}
	if root["type"] != "object" {
		return schema{}, errors.New("type: must be object")
	}
	s := schema{strict: strict}
	return s, s.visit("", root)
}

// keywords are those of a strict schema.
func keywords() []string {
	return []string{
		"type", "properties", "required", "additionalProperties", "items", "enum", "const", "description", "title",
		"anyOf", "allOf", "$ref", "$defs", "definitions", "default", "format", "minItems",
	}
}

func (s *schema) visit(at string, node map[string]any) error {
	var found []error
	for _, word := range slices.Sorted(maps.Keys(node)) {
		if s.strict && !slices.Contains(keywords(), word) {
			found = append(found, fmt.Errorf("%s: %s is not supported with strict", at, word))
		}
	}
	if _, ok := node["anyOf"]; ok {
		s.unions++
	}
	if n, ok := node["minItems"].(float64); ok && n > 1 && s.strict {
		found = append(found, fmt.Errorf("%s: minItems above 1 is not supported with strict", at))
	}
	if values, ok := node["enum"].([]any); ok && len(values) == 0 {
		found = append(found, fmt.Errorf("%s: enum is empty", at))
	}
	if node["type"] == "object" {
		found = append(found, s.object(at, node))
	}
	if items, ok := node["items"].(map[string]any); ok {
		found = append(found, s.visit(at+".items", items))
	}
	return errors.Join(found...)
}

func (s *schema) object(at string, node map[string]any) error {
	var found []error
	if s.strict && node["additionalProperties"] != false {
		found = append(found, fmt.Errorf("%s: additionalProperties must be false with strict", at))
	}
	properties, _ := node["properties"].(map[string]any)
	required, _ := node["required"].([]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		property, ok := properties[name].(map[string]any)
		if !ok {
			found = append(found, fmt.Errorf("%s.%s: is no schema", at, name))
			continue
		}
		if !slices.Contains(required, any(name)) {
			s.options++
		}
		found = append(found, s.visit(at+"."+name, property))
	}
	for _, name := range required {
		if text, ok := name.(string); !ok || properties[text] == nil {
			found = append(found, fmt.Errorf("%s: required names %v, which is no property", at, name))
		}
	}
	return errors.Join(found...)
}
