package tsatest

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// config of "openssl ts -reply". Its times are those of the machine.
const opensslConfig = `[tsa]
dir = %[1]s
serial = $dir/serial
crypto_device = builtin
signer_cert = $dir/tsa.pem
certs = $dir/issuer.pem
signer_key = $dir/tsa.key
signer_digest = %[2]s
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.2
digests = sha256, sha384, sha512
accuracy = secs:1, millisecs:500, microsecs:100
clock_precision_digits = 3
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = %[2]s
`

// OpenSSL returns the path of openssl. Without it the test skips, or fails
// when IBID_REQUIRE_SERVICES is set.
func OpenSSL(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("openssl")
	if err != nil {
		if os.Getenv("IBID_REQUIRE_SERVICES") != "" {
			t.Fatal(err)
		}
		t.Skip("needs openssl: ", err)
	}
	return path
}

// StartOpenSSL runs an authority whose answers openssl makes, with a digest as
// "sha256". Of c it takes the keys and the certificates. It knows the policies
// 1.2.3.4.1, its default, and 1.2.3.4.2.
func StartOpenSSL(t testing.TB, c Config, digest string) *Authority {
	t.Helper()
	program := OpenSSL(t)
	a := newAuthority(t, c)
	dir := t.TempDir()
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	key, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		t.Fatal(err)
	}
	write("tsa.key", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}))
	write("tsa.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate.Raw}))
	write("issuer.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Issuer.Raw}))
	write("serial", []byte("01\n"))
	write("tsa.conf", fmt.Appendf(nil, opensslConfig, filepath.ToSlash(dir), digest))

	var one sync.Mutex // openssl counts serial numbers in a file
	a.serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		one.Lock()
		defer one.Unlock()
		query, err := io.ReadAll(io.LimitReader(r.Body, 1<<16))
		if err != nil {
			return
		}
		in, out := filepath.Join(dir, "query"), filepath.Join(dir, "reply")
		if err := os.WriteFile(in, query, 0o600); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		cmd := exec.CommandContext(r.Context(), program, "ts", "-reply",
			"-config", filepath.Join(dir, "tsa.conf"), "-section", "tsa", "-queryfile", in, "-out", out)
		var said bytes.Buffer
		cmd.Stderr = &said
		if err := cmd.Run(); err != nil {
			http.Error(w, err.Error()+": "+said.String(), http.StatusInternalServerError)
			return
		}
		reply, err := os.ReadFile(out)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/timestamp-reply")
		w.Write(reply)
	}))
	return a
}
