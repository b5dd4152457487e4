package wacz

import (
	"bytes"
	"crypto/elliptic"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wabacReport is what testdata/wabac.mjs prints.
type wabacReport struct {
	Pages []struct {
		URL   string `json:"url"`
		TS    string `json:"ts"`
		Title string `json:"title"`
	} `json:"pages"`
	Signature *bool      `json:"signature"`
	Replayed  []replayed `json:"replayed"`
	Warnings  []string   `json:"warnings"`
}

type replayed struct {
	URL    string `json:"url"`
	Status int    `json:"status"`
	Date   string `json:"date"`
	Type   string `json:"type"`
	Body   string `json:"body"`
}

// wabac opens a package with the engine of ReplayWeb.page.
func wabac(t *testing.T, pkg []byte, wanted ...string) wabacReport {
	t.Helper()
	modules := os.Getenv("IBID_NODE_MODULES")
	if modules == "" {
		missing(t, "IBID_NODE_MODULES is not set: run .ci/node-tools DIR and set it to DIR")
	}
	for _, name := range []string{"@webrecorder/wabac", "fake-indexeddb"} {
		if _, err := os.Stat(filepath.Join(modules, "node_modules", name, "package.json")); err != nil {
			missing(t, "no "+name+" in IBID_NODE_MODULES: run .ci/node-tools: "+err.Error())
		}
	}
	node, err := exec.LookPath("node")
	if err != nil {
		missing(t, "no node: "+err.Error())
	}
	file := filepath.Join(t.TempDir(), "package.wacz")
	if err := os.WriteFile(file, pkg, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), node, append([]string{filepath.Join("testdata", "wabac.mjs"), modules, file}, wanted...)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("wabac: %v\n%s", err, stderr.String())
	}
	var r wabacReport
	if err := json.Unmarshal(stdout.Bytes(), &r); err != nil {
		t.Fatalf("wabac: %v\n%.500s", err, stdout.String())
	}
	return r
}

func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("IBID_REQUIRE_SERVICES") != "" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// TestWabacReplays has the engine of ReplayWeb.page find our pages, check our
// signature, and replay a response, a revisit and a page of another host.
func TestWabacReplays(t *testing.T) {
	r := wabac(t, testPackage(t, testConfig(t)),
		pageOne.url, "20260304050607", pageOne.url, "20260304060607", pageTwo.url, "20260304050700", "https://absent.test/", "20260304050700")
	if len(r.Warnings) > 0 {
		t.Errorf("wabac warns: %q", r.Warnings)
	}
	if r.Signature == nil || !*r.Signature {
		t.Errorf("wabac says of the signature: %v", r.Signature)
	}
	if len(r.Pages) != 1 || r.Pages[0].URL != pageOne.url || r.Pages[0].Title != "One" || r.Pages[0].TS != "2026-03-04T05:06:07.089Z" {
		t.Errorf("wabac finds the pages %+v", r.Pages)
	}
	const html = "text/html; charset=utf-8"
	want := []replayed{
		{pageOne.url, 200, "2026-03-04T05:06:07.089Z", html, pageOne.body},
		{pageOne.url, 200, "2026-03-04T06:06:07.089Z", html, pageOne.body},
		{pageTwo.url, 200, "2026-03-04T05:07:00.000Z", html, pageTwo.body},
		{URL: "https://absent.test/"},
	}
	if d := cmp.Diff(want, r.Replayed); d != "" {
		t.Errorf("replayed (-want +got):\n%s", d)
	}
}

// TestWabacRefusesWrongSignature shows that the check above can fail.
func TestWabacRefusesWrongSignature(t *testing.T) {
	cfg := testConfig(t)
	cfg.Signer = wrongSigner{cfg.Signer}
	if r := wabac(t, testPackage(t, cfg)); r.Signature == nil || *r.Signature {
		t.Errorf("wabac says of a wrong signature: %v", r.Signature)
	}
}

// TestWabacReadsP256 keeps what is said of [NewECDSASigner] true: wabac replays
// such a package and leaves its signature unchecked.
func TestWabacReadsP256(t *testing.T) {
	cfg := testConfig(t)
	s, err := NewECDSASigner(testKey(elliptic.P256()))
	if err != nil {
		t.Fatal(err)
	}
	cfg.Signer = s
	r := wabac(t, testPackage(t, cfg), pageTwo.url, "20260304050700")
	if r.Signature != nil || len(r.Replayed) != 1 || r.Replayed[0].Body != pageTwo.body {
		t.Errorf("signature %v, replayed %+v", r.Signature, r.Replayed)
	}
}

type wrongSigner struct{ Signer }

func (s wrongSigner) Sign(string) (signature, publicKey []byte, err error) {
	return s.Signer.Sign("sha256:of something else")
}
