package adbd_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"postfleet/internal/phonesim/adbd"
)

const tokenKind, signatureKind, keyKind = 1, 2, 3

// testKey is made once, since that takes a while.
var testKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func newKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := testKey()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// encode writes a key as adb does in adbkey.pub.
func encode(key *rsa.PublicKey, name string) []byte {
	const words = 64
	b := binary.LittleEndian.AppendUint32(nil, words)
	b = binary.LittleEndian.AppendUint32(b, 0) // n0inv, for machines that multiply by hand
	n := key.N.FillBytes(make([]byte, 4*words))
	slices.Reverse(n)
	b = append(b, n...)
	b = append(b, make([]byte, 4*words)...) // rr, likewise
	b = binary.LittleEndian.AppendUint32(b, uint32(key.E))
	return append([]byte(base64.StdEncoding.EncodeToString(b)+" "+name), 0)
}

func (h *host) hello() []byte {
	h.t.Helper()
	h.send(packet{"CNXN", hostVersion, adbd.MaxPayloadBytes, []byte("host::")})
	return h.want("AUTH", tokenKind, 0).data
}

func (h *host) sign(key *rsa.PrivateKey, token []byte) {
	h.t.Helper()
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA1, token)
	if err != nil {
		h.t.Fatal(err)
	}
	h.send(packet{"AUTH", signatureKind, 0, signature})
}

func TestAuthorization(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	server := serve(t, adbd.Config{Services: phone{}, Authorize: func(key adbd.PublicKey) bool {
		asked.Add(1)
		return key.Name == "me@here"
	}})
	key := newKey(t)

	h := dial(t, server)
	h.sign(key, h.hello())
	h.want("AUTH", tokenKind, 0) // unknown: try another
	h.send(packet{"AUTH", keyKind, 0, encode(&key.PublicKey, "me@here")})
	h.want("CNXN", hostVersion, adbd.MaxPayloadBytes)

	h = dial(t, server)
	h.sign(key, h.hello())
	h.want("CNXN", hostVersion, adbd.MaxPayloadBytes) // known by now
	if got := asked.Load(); got != 1 {
		t.Errorf("the phone's owner was asked %d times, want 1", got)
	}

	h = dial(t, server)
	token := h.hello()
	token[0]++
	h.sign(key, token)
	h.want("AUTH", tokenKind, 0) // a signature of something else
}

func TestRefusedKeyStaysOutside(t *testing.T) {
	t.Parallel()
	server := serve(t, adbd.Config{Services: phone{}, Authorize: func(adbd.PublicKey) bool { return false }})
	h := dial(t, server)
	h.hello()
	h.send(packet{"AUTH", keyKind, 0, encode(&newKey(t).PublicKey, "me@here")})
	if p, err := h.receive(timeoutShort); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("got %s, %v, want silence", p.command, err)
	}
	if list := server.Connections(); len(list) != 1 || list[0].Online {
		t.Errorf("got %+v, want one connection that is not online", list)
	}
	h.send(packet{"OPEN", 1, 0, []byte("shell:id\x00")})
	if p, err := h.receive(timeoutLong); err == nil {
		t.Errorf("got %s, want the connection closed", p.command)
	}
}

func TestMalformedKeys(t *testing.T) {
	t.Parallel()
	server := serve(t, adbd.Config{Services: phone{}, Authorize: func(adbd.PublicKey) bool { return true }})
	for _, key := range []string{"", "%%% me", base64.StdEncoding.EncodeToString([]byte("short")) + " me"} {
		h := dial(t, server)
		h.hello()
		h.send(packet{"AUTH", keyKind, 0, []byte(key)})
		if p, err := h.receive(timeoutLong); err == nil {
			t.Errorf("key %q: got %s, want the connection closed", key, p.command)
		}
	}
}
