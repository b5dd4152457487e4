package crawltest

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
)

// greeting is the first line that a serving process says.
type greeting struct {
	CAPEM   []byte   `json:"ca_pem"`
	Entries []*entry `json:"entries"`
}

// RunServer is a Web in a process of its own, so that a benchmark's figures
// are the crawler's alone; Spawn is its other end. The arguments are
//
//	-pages N -hosts N -median BYTES -sigma S -pdf SHARE -seed N   a corpus, when N pages > 0
//	-cases                                                        the demo hosts and the cases too
//
// It writes one line of JSON to out, obeys the lines "advance" of in, answers
// each with "ok", and ends when in does or ctx is done; a read of in that is
// under way then is left behind. A program that re-executes itself calls this
// first in its main, or a test binary in TestMain.
func RunServer(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	var cfg CorpusConfig
	flags := flag.NewFlagSet("crawltest", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // the error says it all
	flags.IntVar(&cfg.Pages, "pages", 0, "")
	flags.IntVar(&cfg.Hosts, "hosts", 0, "")
	flags.IntVar(&cfg.MedianBytes, "median", 0, "")
	flags.Float64Var(&cfg.Sigma, "sigma", 0, "")
	flags.Float64Var(&cfg.PDFShare, "pdf", 0, "")
	flags.Uint64Var(&cfg.Seed, "seed", 0, "")
	cases := flags.Bool("cases", false, "")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("serve web: %w", err)
	}
	web := Config{NoDemo: !*cases, NoCases: !*cases}
	if cfg.Pages > 0 {
		web.Corpus = NewCorpus(cfg)
	}
	w, err := Start(web)
	if err != nil {
		return err
	}
	defer w.Close()
	g := greeting{CAPEM: w.CACertPEM()}
	for _, e := range w.names {
		g.Entries = append(g.Entries, e)
	}
	if err := json.NewEncoder(out).Encode(g); err != nil {
		return fmt.Errorf("serve web: greet: %w", err)
	}
	lines := make(chan string)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(in); s.Scan(); {
			select {
			case lines <- s.Text():
			case <-w.done:
				return
			}
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case line, ok := <-lines:
			if !ok {
				return nil
			}
			if line != "advance" {
				return fmt.Errorf("serve web: unknown command %q", line)
			}
			w.Advance()
			if _, err := io.WriteString(out, "ok\n"); err != nil {
				return fmt.Errorf("serve web: answer: %w", err)
			}
		}
	}
}

// ServerArgs are the arguments that make RunServer serve this corpus.
func (cfg CorpusConfig) ServerArgs() []string {
	return []string{
		fmt.Sprint("-pages=", cfg.Pages), fmt.Sprint("-hosts=", cfg.Hosts), fmt.Sprint("-median=", cfg.MedianBytes),
		fmt.Sprint("-sigma=", cfg.Sigma), fmt.Sprint("-pdf=", cfg.PDFShare), fmt.Sprint("-seed=", cfg.Seed),
	}
}
