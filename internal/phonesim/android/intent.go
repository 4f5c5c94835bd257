package android

import "strings"

// intent is what "am" is told to start or to send.
type intent struct {
	component, action, data, category string
	extras                            map[string]string
	flags                             map[string]bool // of am itself: "-W", "-S"
}

// parseIntent reads the arguments of an am subcommand.
func parseIntent(args []string) intent {
	i := intent{extras: map[string]string{}, flags: map[string]bool{}}
	valued := map[string]*string{"-n": &i.component, "-a": &i.action, "-d": &i.data, "-c": &i.category}
	for len(args) > 0 {
		word, rest := args[0], args[1:]
		target, ok := valued[word]
		switch {
		case ok && len(rest) > 0:
			*target, rest = rest[0], rest[1:]
		case takesTwo(word) && len(rest) > 1:
			i.extras[rest[0]], rest = rest[1], rest[2:]
		case takesOne(word) && len(rest) > 0:
			rest = rest[1:]
		case strings.HasPrefix(word, "-"):
			i.flags[word] = true
		case i.component == "":
			i.component = word
		}
		args = rest
	}
	return i
}

func takesTwo(word string) bool {
	switch word {
	case "--es", "--ei", "--ez", "--el", "--ef", "-e":
		return true
	default:
		return false
	}
}

func takesOne(word string) bool {
	switch word {
	case "-f", "-t", "-p", "--user", "--receiver-permission", "--display":
		return true
	default:
		return false
	}
}

// target is the package of the component, and the full name of its class.
func (i intent) target() (pkg, class string) {
	pkg, class, _ = strings.Cut(i.component, "/")
	return pkg, activityClass(pkg, class)
}
