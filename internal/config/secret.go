package config

import (
	"os"
	"strings"
)

// Secret is a text that prints as nothing but that it is one.
type Secret string

// String implements fmt.Stringer.
func (s Secret) String() string { return redacted }

// GoString implements fmt.GoStringer.
func (s Secret) GoString() string { return redacted }

// Secrets are what fleet.yaml must not hold. Each is the variable of its name,
// or the content of the file that NAME_FILE names.
type Secrets struct {
	GeelarkToken, GeelarkAppID, GeelarkAPIKey Secret
	// AnthropicKey is read only where a model is asked.
	AnthropicKey Secret
}

func (s *source) readSecrets(c Config, environ []string) Secrets {
	var secrets Secrets
	s.readGeelark(c, environ, &secrets)
	s.readAnthropic(c, environ, &secrets)
	return secrets
}

const environment = "environment"

func (s *source) secret(environ []string, name string) Secret {
	s.named[name] = environment
	if text := lookUp(environ, name); text != "" {
		return Secret(text)
	}
	path := lookUp(environ, name+"_FILE")
	if path == "" {
		return ""
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.TrimSpace(string(text)) == "" {
		s.named[name+"_FILE"] = environment
		s.found.add(name+"_FILE", path, "name a file that holds it", "is no file with a secret that can be read")
	}
	return Secret(strings.TrimSpace(string(text)))
}

func lookUp(environ []string, name string) string {
	for i := range environ {
		if key, text, _ := strings.Cut(environ[len(environ)-1-i], "="); key == name {
			return text
		}
	}
	return ""
}
