package log

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func key(t testing.TB, n byte, origin string) *Signer {
	t.Helper()
	s, err := GenerateKey(bytes.NewReader(bytes.Repeat([]byte{n}, 32)), origin)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestVerifierHasOneSpelling(t *testing.T) {
	v := key(t, 1, "example.org/log").Verifier()
	line := v.String()
	if got, err := ParseVerifier(line + "\n"); err != nil || !same(got, v) || got.ID() != v.ID() {
		t.Errorf("%v, %v", got, err)
	}
	for i := range len(line) {
		for _, c := range []byte{line[i] ^ 0x20, line[i] ^ 1, '+', '=', ' ', '\r', 0} {
			b := []byte(line)
			if b[i] = c; string(b) == line {
				continue
			}
			if got, err := ParseVerifier(string(b)); err == nil {
				t.Errorf("%q was read as %v", b, got)
			}
		}
	}
	for _, bad := range []string{"", "+", line + "\n\n", line + "A", line[:len(line)-1], strings.Repeat("a", 300) + line} {
		if _, err := ParseVerifier(bad); !errors.Is(err, ErrKey) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestOrigins(t *testing.T) {
	a, b := NewOrigin(), NewOrigin()
	if ValidOrigin(a) != nil || a == b || !strings.HasPrefix(a, "ibid.invalid/") || len(a) != len("ibid.invalid/")+16 {
		t.Errorf("%q, %q", a, b)
	}
	for _, bad := range []string{"", "a b", "a+b", "a\nb", "ä", strings.Repeat("a", 201)} {
		if err := ValidOrigin(bad); !errors.Is(err, ErrKey) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestKeyDir(t *testing.T) {
	dir := KeyDir(filepath.Join(t.TempDir(), "keys"))
	s, err := dir.Create("example.org/log")
	if err != nil {
		t.Fatal(err)
	}
	v := s.Verifier()
	name := dir.File(v)
	got, err := dir.Load(v)
	if err != nil || got.line() != s.line() {
		t.Fatalf("%v, %v", got, err)
	}
	if list, err := dir.Public("example.org/log"); err != nil || len(list) != 1 || !same(list[0], v) {
		t.Errorf("%v, %v", list, err)
	}
	if _, err := dir.Load(key(t, 1, "example.org/log").Verifier()); !errors.Is(err, ErrNoKey) {
		t.Errorf("another key: %v", err)
	}
	line, err := os.ReadFile(name)
	if err != nil || string(line) != s.line()+"\n" || !bytes.HasPrefix(line, []byte("PRIVATE+KEY+example.org/log+"+v.ID()+"+")) {
		t.Errorf("the file: %v", err)
	}
	if err := writeKey(name, "x"); !errors.Is(err, os.ErrExist) {
		t.Errorf("a second key in the file: %v", err)
	}
	if runtime.GOOS != "windows" {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
		for _, mode := range []os.FileMode{0o640, 0o604, 0o660} {
			if err := os.Chmod(name, mode); err != nil {
				t.Fatal(err)
			}
			if _, err := dir.Load(v); !errors.Is(err, ErrKey) || !strings.Contains(err.Error(), "chmod") {
				t.Errorf("mode %o: %v", mode, err)
			}
		}
	}
}

// TestKeyIsNeverTold looks for the private key in everything that may print one.
func TestKeyIsNeverTold(t *testing.T) {
	dir := KeyDir(t.TempDir())
	s, err := dir.Create("example.org/log")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T"} {
		fmt.Fprintf(&out, verb+"\n", s)
		fmt.Fprintf(&out, verb+"\n", struct{ Key *Signer }{s})
	}
	b, err := json.Marshal(map[string]any{"key": s})
	if err != nil {
		t.Fatal(err)
	}
	out.Write(b)
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("key", "key", s, "group", slog.GroupValue(slog.Any("key", s)))
	}
	// A damaged file: each error is of a line that holds most of the key.
	name, line := dir.File(s.Verifier()), s.line()
	for i := 1; i < len(line); i += 3 {
		for _, bad := range []string{line[:i], line[:i] + "!" + line[i+1:], line[i:], line[:i] + "\n" + line[i:]} {
			if err := os.WriteFile(name, []byte(bad), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := dir.Load(s.Verifier())
			if err == nil {
				t.Fatalf("a damaged key file was read, byte %d", i)
			}
			fmt.Fprintln(&out, err)
			_, err = dir.Public("example.org/log")
			fmt.Fprintln(&out, err)
		}
	}
	seed := s.key.Seed()
	for what, secret := range map[string]string{
		"base64": base64.StdEncoding.EncodeToString(append([]byte{algorithm}, seed...)),
		"hex":    hex.EncodeToString(seed), "raw": string(seed), "decimal": strings.Trim(fmt.Sprint(seed), "[]"),
	} {
		for i := 0; i+16 <= len(secret); i++ {
			if strings.Contains(out.String(), secret[i:i+16]) {
				t.Fatalf("the private key is told in %s", what)
			}
		}
	}
}
