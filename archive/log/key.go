package log

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// maxOrigin is the greatest length of an origin in bytes; the longest name that
// is derived from one must still be short.
const maxOrigin = 200

// maxKeyLine bounds a key line in bytes.
const maxKeyLine = maxOrigin + 128

const (
	privatePrefix = "PRIVATE+KEY+"
	algorithm     = 1 // Ed25519, of signed-note
)

// NewOrigin returns a name for a new log: "ibid.invalid/" and 16 random hex
// digits. An origin needn't be reachable, only unique (C2SP tlog-checkpoint), and
// an archive in a directory has no address of its own; .invalid (RFC 2606) can
// never be anybody's. Who publishes the log should name it by its address.
func NewOrigin() string {
	var b [8]byte
	rand.Read(b[:]) // never fails
	return "ibid.invalid/" + hex.EncodeToString(b[:])
}

// ValidOrigin returns nil for 1 to 200 printable ASCII characters without space
// and plus, and else an error that wraps [ErrKey].
func ValidOrigin(origin string) error {
	if origin == "" || len(origin) > maxOrigin {
		return fmt.Errorf("%w: an origin has 1 to %d characters, not %d", ErrKey, maxOrigin, len(origin))
	}
	for i := range len(origin) {
		if c := origin[i]; c <= ' ' || c > '~' || c == '+' {
			return fmt.Errorf("%w: the origin %q has the character %q", ErrKey, origin, c)
		}
	}
	return nil
}

// Verifier is a public key of a log. Its name is the log's origin.
type Verifier struct {
	origin string
	public ed25519.PublicKey
	id     uint32
}

// ParseVerifier reads a vkey line (C2SP signed-note): name+id+base64. One newline
// may follow. There is one spelling of every key, and no other is read.
func ParseVerifier(line string) (*Verifier, error) {
	line = strings.TrimSuffix(line, "\n")
	if len(line) > maxKeyLine {
		return nil, fmt.Errorf("%w: a vkey line of %d bytes", ErrKey, len(line))
	}
	origin, rest, _ := strings.Cut(line, "+")
	_, data, _ := strings.Cut(rest, "+")
	key, err := base64.StdEncoding.Strict().DecodeString(data)
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != algorithm {
		return nil, fmt.Errorf("%w: %q is no vkey line of an Ed25519 key", ErrKey, line)
	}
	v, err := newVerifier(origin, key[1:])
	if err != nil {
		return nil, err
	}
	if v.String() != line {
		return nil, fmt.Errorf("%w: the vkey line %q should read %q", ErrKey, line, v)
	}
	return v, nil
}

func newVerifier(origin string, public ed25519.PublicKey) (*Verifier, error) {
	if err := ValidOrigin(origin); err != nil {
		return nil, err
	}
	v := &Verifier{origin: origin, public: public}
	n, err := v.as(origin)
	if err != nil {
		return nil, err
	}
	v.id = n.KeyHash()
	return v, nil
}

// Origin returns the name of the log that the key belongs to.
func (v *Verifier) Origin() string { return v.origin }

// ID returns the key id of signed-note as 8 lower-case hex digits.
func (v *Verifier) ID() string { return fmt.Sprintf("%08x", v.id) }

// String returns the vkey line without a newline.
func (v *Verifier) String() string {
	line, err := note.NewEd25519VerifierKey(v.origin, v.public)
	if err != nil {
		return "" // only a key of another length, which nothing here makes
	}
	return line
}

// as returns the same key under another name. What isn't a checkpoint is signed
// under such a name.
func (v *Verifier) as(name string) (note.Verifier, error) {
	line, err := note.NewEd25519VerifierKey(name, v.public)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	n, err := note.NewVerifier(line)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	return n, nil
}

// Signer is a private key of a log. It shows itself nowhere: whatever prints,
// logs or marshals it gets the public part alone.
type Signer struct {
	public *Verifier
	key    ed25519.PrivateKey
}

// GenerateKey makes a private key for the log named origin from 32 bytes of
// random, or of the system's own source if random is nil.
func GenerateKey(random io.Reader, origin string) (*Signer, error) {
	if random == nil {
		random = rand.Reader
	}
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(random, seed); err != nil {
		return nil, fmt.Errorf("generate key of %s: %w", origin, err)
	}
	return newSigner(origin, seed)
}

func newSigner(origin string, seed []byte) (*Signer, error) {
	key := ed25519.NewKeyFromSeed(seed)
	v, err := newVerifier(origin, key.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, err
	}
	return &Signer{v, key}, nil
}

// parseSigner reads the one line of a private key file. No error tells a byte
// of it.
func parseSigner(line string) (*Signer, error) {
	line = strings.TrimSuffix(line, "\n")
	rest, ok := strings.CutPrefix(line, privatePrefix)
	origin, rest, _ := strings.Cut(rest, "+")
	_, data, _ := strings.Cut(rest, "+")
	seed, err := base64.StdEncoding.Strict().DecodeString(data)
	if !ok || err != nil || len(seed) != 1+ed25519.SeedSize || seed[0] != algorithm {
		return nil, fmt.Errorf("%w: it isn't one line of %s…", ErrKey, privatePrefix)
	}
	s, err := newSigner(origin, seed[1:])
	if err != nil {
		return nil, fmt.Errorf("%w: the name in it can't be the origin of a log", ErrKey)
	}
	if s.line() != line {
		return nil, fmt.Errorf("%w: the private key doesn't fit its id", ErrKey)
	}
	return s, nil
}

// line returns the private key line without a newline.
func (s *Signer) line() string {
	data := append([]byte{algorithm}, s.key.Seed()...)
	return privatePrefix + s.public.origin + "+" + s.public.ID() + "+" + base64.StdEncoding.EncodeToString(data)
}

// Verifier returns the public key.
func (s *Signer) Verifier() *Verifier { return s.public }

// Format implements [fmt.Formatter] for every verb: it tells which key this is.
func (s *Signer) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "private key %s+%s", s.public.origin, s.public.ID())
}

// LogValue implements [slog.LogValuer] in the same way.
func (s *Signer) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(s)) }

// as returns the same key under another name; see [Verifier.as].
func (s *Signer) as(name string) (note.Signer, error) {
	v, err := s.public.as(name)
	if err != nil {
		return nil, err
	}
	return signer{v, s.key}, nil
}

// signer is a [note.Signer].
type signer struct {
	note.Verifier
	key ed25519.PrivateKey
}

func (s signer) Sign(msg []byte) ([]byte, error) { return ed25519.Sign(s.key, msg), nil }
