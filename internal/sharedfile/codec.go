package sharedfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"go.yaml.in/yaml/v3"
)

// Codec is how a document is written: JSON or YAML.
type Codec struct {
	encodeFunc func(to io.Writer, doc any) error
	decodeFunc func(data []byte, doc any) error
}

// Both decoders are strict: a field that one dropped would be lost with the
// next change.

// JSON is for documents that programs read.
func JSON() Codec {
	return Codec{
		encodeFunc: func(w io.Writer, doc any) error {
			to := json.NewEncoder(w)
			to.SetIndent("", " ")
			return to.Encode(doc)
		},
		decodeFunc: func(data []byte, doc any) error {
			from := json.NewDecoder(bytes.NewReader(data))
			from.DisallowUnknownFields()
			if err := from.Decode(doc); err != nil {
				return err
			}
			_, err := from.Token()
			return last(err)
		},
	}
}

// YAML is for documents that people read, too.
func YAML() Codec {
	return Codec{
		encodeFunc: func(w io.Writer, doc any) error {
			to := yaml.NewEncoder(w)
			to.SetIndent(yamlIndent)
			return errors.Join(to.Encode(doc), to.Close())
		},
		decodeFunc: func(data []byte, doc any) error {
			from := yaml.NewDecoder(bytes.NewReader(data))
			from.KnownFields(true)
			if err := from.Decode(doc); err != nil {
				return err
			}
			return last(from.Decode(new(yaml.Node)))
		},
	}
}

const yamlIndent = 2

// last is what is wrong when a decoder that was asked for more says err.
func last(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return errors.New("something follows the document")
}
