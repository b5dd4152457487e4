package crawltest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func TestServerInAnotherProcess(t *testing.T) {
	cfg := CorpusConfig{Pages: 20, Hosts: 4, MedianBytes: 9000, Sigma: 0.5, PDFShare: 0.25, Seed: 11}
	cmd := exec.Command(os.Args[0], append([]string{serveArg, "-cases"}, cfg.ServerArgs()...)...)
	cmd.Stderr = os.Stderr
	r, err := Spawn(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	tr := r.Transport()
	defer tr.CloseIdleConnections()
	hc := &http.Client{Transport: tr, Timeout: 10 * time.Second}
	page := func(url string) (int, []byte) {
		res, err := hc.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, body
	}
	k := NewCorpus(cfg)
	for i, url := range k.URLs() {
		if status, body := page(url); status != 200 || !bytes.Equal(body, k.Body(i)) {
			t.Errorf("%s: %d with %d bytes", url, status, len(body))
		}
	}
	if status, _ := page("https://gazette.test/letters"); status != 200 {
		t.Errorf("letters: %d", status)
	}
	if err := r.Advance(); err != nil {
		t.Fatal(err)
	}
	if status, _ := page("https://gazette.test/letters"); status != 404 {
		t.Errorf("letters, later: %d", status)
	}
	if _, err := hc.Get("http://10.0.0.1/"); err == nil || len(r.Strays()) != 1 {
		t.Errorf("stray: %v, %v", err, r.Strays())
	}
	for range 2 {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	if r.CPU() <= 0 {
		t.Error("it took no time")
	}
	if err := r.Advance(); err == nil {
		t.Error("advanced after its end")
	}
}

func TestSpawnOfSomethingElse(t *testing.T) {
	if _, err := Spawn(exec.Command(os.Args[0], serveArg, "-no-such-flag")); err == nil {
		t.Error("spawned a program that says nothing")
	}
	if _, err := Spawn(exec.Command("/nonexistent/program")); err == nil {
		t.Error("spawned nothing")
	}
}

func TestRunServerCommands(t *testing.T) {
	for in, want := range map[string]string{"": "", "advance\nadvance\n": "", "retreat\n": "unknown command"} {
		var out bytes.Buffer
		err := RunServer(t.Context(), []string{"-pages=3"}, strings.NewReader(in), &out)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", in, err)
		}
		if n := strings.Count(out.String(), "ok\n"); n != strings.Count(in, "advance") {
			t.Errorf("%q: %d answers", in, n)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	in, w := io.Pipe()
	if err := RunServer(ctx, nil, in, io.Discard); err != nil {
		t.Error(err)
	}
	w.Close()
	if err := RunServer(t.Context(), []string{"-pages=x"}, strings.NewReader(""), io.Discard); err == nil {
		t.Error("took -pages=x")
	}
}
