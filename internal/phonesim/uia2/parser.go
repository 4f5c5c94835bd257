package uia2

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Problems with a UiSelector expression.
var (
	errSyntax = errors.New("a method call is expected")
	errMethod = errors.New("no such method")
)

// parseSelector reads "new UiSelector().method(argument)…"; the constructor
// may be left out, as the real server allows.
func parseSelector(expression string) (*uiSelector, error) {
	p := &parser{rest: strings.TrimSuffix(strings.TrimSpace(expression), ";")}
	sel, err := p.selector()
	if err != nil {
		return nil, err
	}
	if p.rest != "" {
		return nil, fmt.Errorf("unexpected %q", p.rest)
	}
	return sel, nil
}

type parser struct{ rest string }

func (p *parser) skip(prefix string) bool {
	p.rest = strings.TrimLeft(p.rest, " \t\r\n")
	rest, ok := strings.CutPrefix(p.rest, prefix)
	if ok {
		p.rest = rest
	}
	return ok
}

func (p *parser) selector() (*uiSelector, error) {
	p.skip("new ")
	if p.skip("UiSelector") && (!p.skip("(") || !p.skip(")")) {
		return nil, errors.New("the constructor takes no arguments")
	}
	if p.skip("UiScrollable") {
		return nil, errors.New("only UiSelector is supported")
	}
	sel := &uiSelector{instance: -1}
	for p.skip(".") {
		if err := p.method(sel); err != nil {
			return nil, err
		}
	}
	return sel, nil
}

func (p *parser) method(sel *uiSelector) error {
	end := strings.IndexByte(p.rest, '(')
	if end < 0 {
		return errSyntax
	}
	name := strings.TrimSpace(p.rest[:end])
	p.rest = p.rest[end+1:]
	if name == "childSelector" {
		child, err := p.selector()
		if err != nil {
			return err
		}
		sel.child = child
	} else if err := p.argument(sel, name); err != nil {
		return fmt.Errorf("method %s: %w", name, err)
	}
	if !p.skip(")") {
		return fmt.Errorf("method %s: no closing parenthesis", name)
	}
	return nil
}

// argument reads the one argument of a method and adds what it asks for.
func (p *parser) argument(sel *uiSelector, name string) error {
	p.skip("") // leading blanks
	if strings.HasPrefix(p.rest, `"`) {
		quoted, err := strconv.QuotedPrefix(p.rest)
		if err != nil {
			return errors.New("a string does not end")
		}
		p.rest = p.rest[len(quoted):]
		text, err := strconv.Unquote(quoted)
		if err != nil {
			return fmt.Errorf("read string %s: %w", quoted, err)
		}
		return sel.addText(name, text)
	}
	end := strings.IndexByte(p.rest, ')')
	if end < 0 {
		return errSyntax
	}
	word := strings.TrimSpace(p.rest[:end])
	p.rest = p.rest[end:]
	if n, err := strconv.Atoi(word); err == nil {
		return sel.addNumber(name, n)
	}
	if v, err := strconv.ParseBool(word); err == nil {
		return sel.addBool(name, v)
	}
	return fmt.Errorf("cannot read the argument %q", word)
}
