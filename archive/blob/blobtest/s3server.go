package blobtest

import (
	"bytes"
	"context"
	"fmt"
	"go/build"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"
)

// S3 says how to reach a running S3 server and an empty bucket on it.
type S3 struct {
	Endpoint  string // host:port, plain HTTP, path-style
	Bucket    string
	Region    string
	AccessKey string
	SecretKey string
	// Dir is the directory whose files are the objects of the bucket.
	Dir string
}

// S3Server starts a real S3 server, Versity S3 Gateway, on a loopback port and
// stops it when the test ends. The program is the one named by
// IBID_VERSITYGW, or versitygw in PATH or in the bin directory of GOPATH;
// .ci/s3-server installs it. Without it the test is skipped, or fails when
// IBID_REQUIRE_SERVICES isn't empty.
func S3Server(t testing.TB) S3 {
	t.Helper()
	return server(t, false)
}

// S3VersionedServer is S3Server with a server that can keep versions and lock
// them. Its bucket does neither; a test that needs one that does creates it.
func S3VersionedServer(t testing.TB) S3 {
	t.Helper()
	return server(t, true)
}

func server(t testing.TB, versioned bool) S3 {
	t.Helper()
	program, err := findServer()
	if err != nil {
		if os.Getenv("IBID_REQUIRE_SERVICES") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	root := t.TempDir()
	options := []string{"posix"}
	if versioned {
		options = append(options, "--versioning-dir", t.TempDir())
	}
	// The server's buckets are directories.
	s := S3{
		Bucket: "archive", Region: "us-east-1", AccessKey: "blobtest", SecretKey: "blobtest-secret",
		Dir: filepath.Join(root, "archive"),
	}
	if err := os.Mkdir(s.Dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for range 3 { // another process may take the port before the server does
		if s.Endpoint, err = start(t, program, append(options, root), s); err == nil {
			return s
		}
	}
	t.Fatal(err)
	return S3{}
}

func findServer() (string, error) {
	if p := os.Getenv("IBID_VERSITYGW"); p != "" {
		return p, nil
	}
	if p, err := exec.LookPath("versitygw"); err == nil {
		return p, nil
	}
	for _, dir := range filepath.SplitList(build.Default.GOPATH) {
		p := filepath.Join(dir, "bin", "versitygw")
		if runtime.GOOS == "windows" {
			p += ".exe"
		}
		if _, err := os.Stat(p); err == nil {
			return p, nil
		}
	}
	return "", fmt.Errorf("needs the S3 server versitygw in PATH: install it with .ci/s3-server")
}

func start(t testing.TB, program string, backend []string, s S3) (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		return "", err
	}
	var out output
	cmd := exec.Command(program, append([]string{"--port", addr, "--region", s.Region, "--keep-alive", "--quiet"}, backend...)...)
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY_ID="+s.AccessKey, "ROOT_SECRET_ACCESS_KEY="+s.SecretKey)
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		return "", err
	}
	exited := make(chan struct{})
	go func() {
		_ = cmd.Wait() // it is killed, so the error says nothing
		close(exited)
	}()
	stop := func() {
		_ = cmd.Process.Kill()
		<-exited
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := waitReady(ctx, "http://"+addr+"/", exited); err != nil {
		stop()
		return "", fmt.Errorf("start %s: %w\n%s", program, err, out.String())
	}
	t.Cleanup(stop)
	return addr, nil
}

// waitReady returns when url answers anything.
func waitReady(ctx context.Context, url string, exited <-chan struct{}) error {
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			return resp.Body.Close()
		}
		select {
		case <-exited:
			return fmt.Errorf("the server has exited")
		case <-ctx.Done():
			return err
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// output collects what a program prints.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}
