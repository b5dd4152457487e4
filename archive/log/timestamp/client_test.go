package timestamp_test

import (
	"context"
	"encoding/asn1"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive/log/timestamp"
	"github.com/ibid-archive/ibid/archive/log/timestamp/tsatest"
)

// closing is a transport that keeps no connection, so that none outlives its
// test's server.
type closing struct{ t http.Transport }

func (c *closing) RoundTrip(r *http.Request) (*http.Response, error) {
	r.Close = true
	return c.t.RoundTrip(r)
}

func TestHTTP(t *testing.T) {
	a := start(t, tsatest.Config{})
	reply := func(kind string, change func(http.ResponseWriter)) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if change != nil {
				change(w)
			}
			record := httptest.NewRecorder()
			a.ServeHTTP(record, r)
			w.Header().Set("Content-Type", kind)
			w.Write(record.Body.Bytes())
		}
	}
	const good = "application/timestamp-reply"
	for _, c := range []struct {
		name    string
		handler http.HandlerFunc
		err     error // nil is a good answer
		says    string
	}{
		{name: "good", handler: reply(good, nil)},
		{name: "a parameter of the type", handler: reply(good+"; charset=binary", nil)},
		{name: "HTML", handler: reply("text/html", nil), err: timestamp.ErrContentType, says: `"text/html"`},
		{name: "no type", handler: reply("", nil), err: timestamp.ErrContentType},
		{name: "the type of a request", handler: reply("application/timestamp-query", nil), err: timestamp.ErrContentType},
		{name: "500", handler: reply(good, func(w http.ResponseWriter) { w.WriteHeader(500) }), err: timestamp.ErrHTTP, says: "status 500"},
		{name: "404", handler: http.NotFound, err: timestamp.ErrHTTP, says: "status 404"},
		{name: "201", handler: reply(good, func(w http.ResponseWriter) { w.WriteHeader(201) }), err: timestamp.ErrHTTP, says: "status 201"},
		{name: "redirect", handler: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://tsa.example/", http.StatusTemporaryRedirect)
		}, err: timestamp.ErrRedirect, says: "to https://tsa.example/: if you trust"},
		{name: "huge and announced", handler: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", good)
			w.Header().Set("Content-Length", "1099511627776")
		}, err: timestamp.ErrTooLarge},
		{name: "huge and not announced", handler: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", good)
			for range timestamp.MaxResponse/1024 + 64 {
				if _, err := w.Write(make([]byte, 1024)); err != nil {
					return
				}
			}
		}, err: timestamp.ErrTooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(c.handler)
			defer server.Close()
			token, _, err := client(t, a).Request(t.Context(), server.URL, checkpoint)
			if !errors.Is(err, c.err) {
				t.Fatalf("got %v instead of %v", err, c.err)
			}
			if err == nil {
				return
			}
			if token != nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "ask "+server.URL) {
				t.Errorf("token %v, %v", token != nil, err)
			}
		})
	}
}

// TestSlow has servers that answer when the client has gone, and not before.
func TestSlow(t *testing.T) {
	a := start(t, tsatest.Config{})
	for name, begin := range map[string]func(http.ResponseWriter){
		"no header": func(http.ResponseWriter) {},
		"no end": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/timestamp-reply")
			w.Write([]byte{0x30})
			w.(http.Flusher).Flush()
		},
	} {
		t.Run(name, func(t *testing.T) {
			began := make(chan struct{})
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				io.Copy(io.Discard, r.Body) // so that the server sees the client go
				begin(w)
				close(began)
				<-r.Context().Done()
			}))
			defer server.Close()
			ctx, cancel := context.WithCancel(t.Context())
			go func() { <-began; cancel() }()
			if _, _, err := client(t, a).Request(ctx, server.URL, checkpoint); !errors.Is(err, context.Canceled) {
				t.Errorf("cancelled: %v", err)
			}
		})
		t.Run(name+", time-out", func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				io.Copy(io.Discard, r.Body)
				begin(w)
				<-r.Context().Done()
			}))
			defer server.Close()
			c := client(t, a)
			c.Timeout = 50 * time.Millisecond
			if _, _, err := c.Request(t.Context(), server.URL, checkpoint); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("timed out: %v", err)
			}
		})
	}
}

func TestAddress(t *testing.T) {
	a := start(t, tsatest.Config{})
	for _, address := range []string{
		"", "tsa.example", "/tsa", "ftp://tsa.example/", "http://", "file:///etc/passwd", "http://me:secret@tsa.example/",
		"http://me:secret@tsa.example:port/", "http://[::1",
	} {
		_, _, err := client(t, a).Request(t.Context(), address, checkpoint)
		if !errors.Is(err, timestamp.ErrAddress) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// TestPassword checks that a password goes to the authority and nowhere else.
func TestPassword(t *testing.T) {
	a := start(t, tsatest.Config{})
	var user, password string
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ = r.BasicAuth()
		if strings.Contains(r.RequestURI, "secret") {
			t.Errorf("asked for %s", r.RequestURI)
		}
		http.Error(w, "no", http.StatusUnauthorized)
	}))
	defer server.Close()
	c := client(t, a)
	c.Transport = server.Client().Transport
	_, _, err := c.Request(t.Context(), strings.Replace(server.URL, "//", "//me:secret@", 1), checkpoint)
	if !errors.Is(err, timestamp.ErrHTTP) || strings.Contains(err.Error(), "secret") || user != "me" || password != "secret" {
		t.Errorf("%s:%s, %v", user, password, err)
	}
}

func TestPolicy(t *testing.T) {
	a := start(t, tsatest.Config{})
	c := client(t, a)
	c.Policy = "1.2.3.4.2"
	if _, info, err := c.Request(t.Context(), a.URL, checkpoint); err != nil || info.Policy != "1.2.3.4.2" {
		t.Errorf("%s, %v", info.Policy, err)
	}
	for _, bad := range []string{"x", "1", "1.2.", "9.9.9", "1.2.-3", "1.2.99999999999"} {
		c.Policy = bad
		if _, _, err := c.Request(t.Context(), a.URL, checkpoint); err == nil || !strings.Contains(err.Error(), "object identifier") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	other := start(t, answer(func(a *tsatest.Answer) { a.Policy = asn1.ObjectIdentifier{1, 2, 3, 4, 3} }))
	c = client(t, other)
	c.Policy = "1.2.3.4.2"
	_, _, err := c.Request(t.Context(), other.URL, checkpoint)
	refused(t, err, timestamp.CodePolicy, "1.2.3.4.3")
}

func TestClock(t *testing.T) {
	a := start(t, tsatest.Config{})
	for d, good := range map[time.Duration]bool{
		0: true, time.Hour: true, -time.Hour: true, time.Hour + 1: false, -time.Hour - 1: false,
	} {
		c := client(t, a)
		c.Now = func() time.Time { return noon.Add(d) }
		_, _, err := c.Request(t.Context(), a.URL, checkpoint)
		if good && err != nil || !good && !errors.Is(err, timestamp.ErrClock) {
			t.Errorf("%s: %v", d, err)
		}
	}
}

// TestTogether has one client ask for many tokens at once.
func TestTogether(t *testing.T) {
	a := start(t, tsatest.Config{})
	c := client(t, a)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			token, _, err := c.Request(t.Context(), a.URL, checkpoint)
			if err != nil {
				t.Error(err)
				return
			}
			if _, findings := timestamp.Verify(token, checkpoint, timestamp.Options{Roots: c.Roots}); len(findings) > 0 {
				t.Error(findings)
			}
		})
	}
	group.Wait()
}

func TestNoTransport(t *testing.T) {
	if _, _, err := (&timestamp.Client{}).Request(t.Context(), "https://tsa.example/", checkpoint); err == nil ||
		!strings.Contains(err.Error(), "no transport") {
		t.Error(err)
	}
}

// TestNonce checks that no two requests are alike.
func TestNonce(t *testing.T) {
	a := start(t, tsatest.Config{})
	seen := map[string]bool{}
	for range 20 {
		_, info, err := client(t, a).Request(t.Context(), a.URL, checkpoint)
		if err != nil {
			t.Fatal(err)
		}
		if seen[info.Nonce] || len(info.Nonce) < 15 {
			t.Errorf("nonce %q", info.Nonce)
		}
		seen[info.Nonce] = true
	}
}
