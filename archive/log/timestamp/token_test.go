package timestamp_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ibid-archive/ibid/archive/log/timestamp"
	"github.com/ibid-archive/ibid/archive/log/timestamp/tsatest"
)

func TestFile(t *testing.T) {
	a := start(t, tsatest.Config{})
	token, _, err := client(t, a).Request(t.Context(), a.URL, checkpoint)
	if err != nil {
		t.Fatal(err)
	}
	file := token.Bytes()
	again, err := timestamp.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(token, again); d != "" {
		t.Error(d)
	}
	if !bytes.Equal(file, again.Bytes()) || !bytes.Equal(file, token.Bytes()) {
		t.Error("not the same bytes again")
	}
	lines := strings.SplitN(string(file), "\n", 4)
	if lines[0] != "ibid timestamp v1" || !strings.HasPrefix(lines[1], "sha256 ") ||
		lines[2] != "-----BEGIN TIME STAMP QUERY-----" || strings.Count(string(file), "-----BEGIN CERTIFICATE-----") != 3 {
		t.Errorf("the file begins with %q", lines[:3])
	}
}

// sealed gives a body the head that it must have.
func sealed(body string) []byte {
	sum := sha256.Sum256([]byte(body))
	return []byte("ibid timestamp v1\nsha256 " + hex.EncodeToString(sum[:]) + "\n" + body)
}

func TestParseRefuses(t *testing.T) {
	const (
		query = "-----BEGIN TIME STAMP QUERY-----\nAAAA\n-----END TIME STAMP QUERY-----\n"
		reply = "-----BEGIN TIME STAMP RESPONSE-----\nAAAA\n-----END TIME STAMP RESPONSE-----\n"
		cert  = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
	)
	for _, good := range []string{reply, query + reply, reply + cert + cert, query + reply + strings.Repeat(cert, timestamp.MaxCertificates)} {
		if _, err := timestamp.Parse(sealed(good)); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, c := range []struct {
		name string
		file []byte
		says string
	}{
		{"empty", nil, "does not begin"},
		{"another version", bytes.Replace(sealed(reply), []byte("v1"), []byte("v2"), 1), "does not begin"},
		{"the first line alone", []byte("ibid timestamp v1\n"), "cut"},
		{"cut", sealed(reply)[:80], "cut"},
		{"the last byte cut", sealed(reply)[:len(sealed(reply))-1], "SHA-256"},
		{"a byte more", append(sealed(reply), '\n'), "SHA-256"},
		{"upper case", []byte(strings.ToUpper(string(sealed(reply)))), "does not begin"},
		{"no answer", sealed(""), "no answer"},
		{"a request alone", sealed(query), "no answer"},
		{"two answers", sealed(reply + reply), "where none belongs"},
		{"two requests", sealed(query + query + reply), "where none belongs"},
		{"a request after the answer", sealed(reply + query), "where none belongs"},
		{"a certificate before the answer", sealed(cert + reply), "where none belongs"},
		{"an unknown block", sealed(reply + strings.ReplaceAll(cert, "CERTIFICATE", "PRIVATE KEY")), "where none belongs"},
		{"an empty answer", sealed(strings.Replace(reply, "AAAA\n", "", 1)), "where none belongs"},
		{"too many certificates", sealed(reply + strings.Repeat(cert, timestamp.MaxCertificates+1)), "where none belongs"},
		{"text before", sealed("hello\n" + reply), "not spelled"},
		{"text after", sealed(reply + "hello\n"), "text outside"},
		{"text between", sealed(reply + "hello\n" + cert), "not spelled"},
		{"a header", sealed(strings.Replace(reply, "AAAA", "A: b\n\nAAAA", 1)), "not spelled"},
		{"CR LF", sealed(strings.ReplaceAll(reply, "\n", "\r\n")), "not spelled"},
		{"an odd line", sealed(strings.Replace(reply, "AAAA", "AA\nAA", 1)), "not spelled"},
		{"huge", make([]byte, timestamp.MaxFile+1), "longer than"},
		{"a huge answer", sealed(strings.Replace(reply, "AAAA", strings.Repeat("A", 4*(timestamp.MaxResponse/3+1)), 1)), "where none belongs"},
	} {
		t.Run(c.name, func(t *testing.T) {
			token, err := timestamp.Parse(c.file)
			if !errors.Is(err, timestamp.ErrFile) || token != nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v instead of … %s …", err, c.says)
			}
		})
	}
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfN(rapid.Byte(), 1, 200)
		want := &timestamp.Token{Response: some.Draw(t, "response")}
		if rapid.Bool().Draw(t, "has query") {
			want.Query = some.Draw(t, "query")
		}
		want.Certificates = rapid.SliceOfN(some, 0, 4).Draw(t, "certificates")
		if len(want.Certificates) == 0 {
			want.Certificates = nil
		}
		got, err := timestamp.Parse(want.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	})
}

// TestLargest checks that every token that a client may accept can be stored
// and read again.
func TestLargest(t *testing.T) {
	token := &timestamp.Token{Query: make([]byte, 4<<10), Response: make([]byte, timestamp.MaxResponse)}
	for range timestamp.MaxCertificates {
		token.Certificates = append(token.Certificates, make([]byte, 64<<10))
	}
	if _, err := timestamp.Parse(token.Bytes()); err != nil {
		t.Error(err)
	}
}

func TestParseRoots(t *testing.T) {
	a, b := start(t, tsatest.Config{}), start(t, tsatest.Config{})
	both := append(append([]byte("My roots\n"), a.Roots...), b.Roots...)
	pool, err := timestamp.ParseRoots(both)
	if err != nil {
		t.Fatal(err)
	}
	for _, authority := range []*tsatest.Authority{a, b} {
		c := client(t, authority)
		c.Roots = pool
		if _, info, err := c.Request(t.Context(), authority.URL, checkpoint); err != nil || !info.Trusted {
			t.Errorf("trusted %v, %v", info.Trusted, err)
		}
	}
	for name, bad := range map[string]string{
		"empty": "", "text": "hello", "cut": string(a.Roots[:len(a.Roots)-10]), "a second that is cut": string(both[:len(both)-10]),
		"no certificate": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
		"a key":          "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
		"huge":           strings.Repeat("x", 5<<20),
	} {
		if pool, err := timestamp.ParseRoots([]byte(bad)); err == nil || pool != nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// TestSystemRoots checks that nil means the system's roots, in a process of
// its own to which the test's root is one of them.
func TestSystemRoots(t *testing.T) {
	const variable = "IBID_TEST_TOKEN"
	if path := os.Getenv(variable); path != "" {
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		token, err := timestamp.Parse(file)
		if err != nil {
			t.Fatal(err)
		}
		info, findings := timestamp.Verify(token, checkpoint, timestamp.Options{})
		if len(findings) > 0 || !info.Trusted {
			t.Error(info.Trusted, findings)
		}
		return
	}
	if runtime.GOOS != "linux" {
		t.Skip("SSL_CERT_FILE names the system's roots on linux")
	}
	a := start(t, tsatest.Config{})
	c := client(t, a)
	c.Roots = nil
	token, info, err := c.Request(t.Context(), a.URL, checkpoint)
	if err != nil || info.Trusted {
		t.Fatalf("trusted %v, %v", info.Trusted, err)
	}
	dir := t.TempDir()
	for name, content := range map[string][]byte{"token": token.Bytes(), "roots": a.Roots} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSystemRoots$", "-test.v")
	cmd.Env = append(os.Environ(), variable+"="+filepath.Join(dir, "token"), "SSL_CERT_FILE="+filepath.Join(dir, "roots"))
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestSystemRoots") {
		t.Errorf("%v: %s", err, out)
	}
}
