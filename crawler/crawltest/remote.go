package crawltest

import (
	"bufio"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"time"
)

// closeWait is how long a serving process is given to end by itself.
const closeWait = 3 * time.Second

// Remote is a Web in another process. Its Directory works as that Web's own.
type Remote struct {
	*Directory
	caPEM []byte
	cmd   *exec.Cmd

	mu    sync.Mutex
	in    io.WriteCloser
	out   *bufio.Reader
	ended bool
	err   error
}

// Spawn starts the command, which must come to call RunServer, and reads its
// directory. The command's standard input and output are taken.
func Spawn(cmd *exec.Cmd) (*Remote, error) {
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("spawn web: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("spawn web: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("spawn web: %w", err)
	}
	r := &Remote{Directory: newDirectory(), cmd: cmd, in: in, out: bufio.NewReaderSize(out, 64<<10)}
	var g greeting
	line, err := r.out.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &g)
	}
	if err != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		return nil, fmt.Errorf("spawn web: read its greeting: %w", err)
	}
	r.caPEM = g.CAPEM
	for _, e := range g.Entries {
		r.add(e.Own, e)
	}
	return r, nil
}

// CACertPEM is the certificate of that Web's authority.
func (r *Remote) CACertPEM() []byte { return r.caPEM }

// CAPool is CACertPEM as a pool.
func (r *Remote) CAPool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(r.caPEM)
	return pool
}

// Transport is a plain net/http transport whose names and trust are that
// Web's. The caller closes its idle connections.
func (r *Remote) Transport() *http.Transport { return r.transport(r.CAPool()) }

// Advance lets time pass on that Web, and returns when it has.
func (r *Remote) Advance() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return fmt.Errorf("advance web: %w", os.ErrClosed)
	}
	if _, err := io.WriteString(r.in, "advance\n"); err != nil {
		return fmt.Errorf("advance web: %w", err)
	}
	if _, err := r.out.ReadString('\n'); err != nil {
		return fmt.Errorf("advance web: %w", err)
	}
	return nil
}

// Close ends the process and says how it ended.
func (r *Remote) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return r.err
	}
	r.ended = true
	r.Directory.close()
	_ = r.in.Close()
	kill := time.AfterFunc(closeWait, func() { _ = r.cmd.Process.Kill() })
	defer kill.Stop()
	if err := r.cmd.Wait(); err != nil {
		r.err = fmt.Errorf("end web: %w", err)
	}
	return r.err
}

// CPU is the processor time that the process took, known after Close.
func (r *Remote) CPU() time.Duration {
	if s := r.cmd.ProcessState; s != nil {
		return s.UserTime() + s.SystemTime()
	}
	return 0
}
