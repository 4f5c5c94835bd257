package adbd

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"sync"
)

// Kinds of AUTH messages.
const (
	authToken     = 1
	authSignature = 2
	authPublicKey = 3
)

const (
	tokenBytes = 20 // as long as a SHA-1 digest, which it is signed as
	keyWords   = 64 // 2048 bits
)

// PublicKey is the RSA key that a host offers.
type PublicKey struct {
	// Name is the comment beside the key, as a rule user@host.
	Name string
	RSA  *rsa.PublicKey
}

// authState is where one connection stands in proving who it is.
type authState struct{ token []byte }

// keyring remembers the keys that were let in, for the server's life.
type keyring struct {
	mu   sync.Mutex
	keys []*rsa.PublicKey
}

func (k *keyring) add(key *rsa.PublicKey) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys = append(k.keys, key)
}

// signed reports whether one of the keys signed token.
func (k *keyring) signed(token, signature []byte) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.ContainsFunc(k.keys, func(key *rsa.PublicKey) bool {
		return rsa.VerifyPKCS1v15(key, crypto.SHA1, token, signature) == nil
	})
}

// challenge asks the host to sign a fresh token.
func (c *conn) challenge() error {
	c.auth.token = make([]byte, tokenBytes)
	if _, err := rand.Read(c.auth.token); err != nil {
		return fmt.Errorf("make token: %w", err)
	}
	return c.send(message{command: cmdAuth, arg0: authToken, payload: c.auth.token})
}

// authenticate judges a signature or an offered key. A host that is not let
// in gets no answer, which adb shows as "unauthorized".
func (c *conn) authenticate(m message) error {
	if c.auth.token == nil {
		return errors.New("no token was given out")
	}
	switch m.arg0 {
	case authSignature:
		if c.server.keys.signed(c.auth.token, m.payload) {
			return c.welcome()
		}
		return c.challenge()
	case authPublicKey:
		key, err := parsePublicKey(m.payload)
		if err != nil {
			return err
		}
		if c.server.cfg.Authorize(key) {
			c.server.keys.add(key.RSA)
			return c.welcome()
		}
		return nil
	default:
		return fmt.Errorf("unknown kind %d", m.arg0)
	}
}

// parsePublicKey reads the form in which adb keeps its public key: base64 of
// little-endian words (length, n0inv, modulus, rr, exponent), a space, a name.
func parsePublicKey(payload []byte) (PublicKey, error) {
	encoded, name, _ := strings.Cut(strings.TrimRight(string(payload), "\x00\n"), " ")
	b, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return PublicKey{}, fmt.Errorf("decode public key: %w", err)
	}
	const modulus = 8 // after length and n0inv
	if len(b) != 4*(2*keyWords+3) || binary.LittleEndian.Uint32(b) != keyWords {
		return PublicKey{}, errors.New("decode public key: not an RSA key of 2048 bits")
	}
	n := slices.Clone(b[modulus : modulus+4*keyWords])
	slices.Reverse(n)
	e := binary.LittleEndian.Uint32(b[len(b)-4:])
	return PublicKey{Name: name, RSA: &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(e)}}, nil
}
