package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive/log"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Config is what ibid.yaml may hold. Its relative paths are relative to the file.
type Config struct {
	Settings `yaml:",inline"`
	// Listen is the address where serve answers /healthz and /metrics; empty for nowhere.
	Listen string `yaml:"listen"`
	// Confirm is how far apart the runs are that serve makes between ticks, at least, for sources that were not found:
	// whether they are dead then need not wait for the next tick. 0 for visits at ticks alone.
	Confirm time.Duration `yaml:"confirm"`
	// Reports are what serve visits.
	Reports []ReportConfig `yaml:"reports"`
}

// ReportConfig is one report that serve watches.
type ReportConfig struct {
	// Path is the report's file, a directory or a pattern, of whose reports each is one of its own, or the address of a page.
	// As it is written here, or found, it names the report in the catalog.
	Path string `yaml:"path"`
	// Schedule is a cron expression of five fields in UTC, or @daily, @weekly, @every 12h …
	Schedule string `yaml:"schedule"`
	// CitedOn is the day on which the report cited its sources, YYYY-MM-DD: web
	// archives are asked for what they were then.
	CitedOn string `yaml:"cited_on"`

	line int // in the file, from 1
}

// UnmarshalYAML also notes the line, for messages about the entry.
func (r *ReportConfig) UnmarshalYAML(node ast.Node) error {
	type plain ReportConfig // without this method
	if err := yaml.NodeToValue(node, (*plain)(r), yaml.DisallowUnknownField()); err != nil {
		return err
	}
	r.line = node.GetToken().Position.Line
	return nil
}

// configure lays the flags that were given over the configuration file and
// that over the defaults.
func (a *app) configure(cmd *cobra.Command) (*Config, error) {
	cfg := &Config{Settings: defaults(), Listen: "127.0.0.1:9642", Confirm: time.Hour}
	if a.opt.config == "" {
		cfg.Settings = a.opt.Settings
		return cfg, cfg.readable()
	}
	data, err := os.ReadFile(a.opt.config)
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	cfg.Archive = ""
	if err := decode(data, cfg); err != nil {
		return nil, usageError("%s: %s", a.opt.config, yaml.FormatError(err, false, true))
	}
	cfg.relativeTo(filepath.Dir(a.opt.config))
	// What the flags said is laid over what the file says.
	var again []func() error
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if s, ok := f.Value.(pflag.SliceValue); ok {
			values := s.GetSlice()
			again = append(again, func() error { return s.Replace(values) })
			return
		}
		value := f.Value.String()
		again = append(again, func() error { return f.Value.Set(value) })
	})
	a.opt.Settings = cfg.Settings
	for _, set := range again {
		if err := set(); err != nil {
			return nil, usageError("%w", err)
		}
	}
	cfg.Settings = a.opt.Settings
	return cfg, cfg.readable()
}

// readable refuses keys that are none, whatever they are wanted for.
func (s *Settings) readable() error {
	for _, key := range s.LogKeys {
		if _, err := log.ParseVerifier(key); err != nil {
			return usageError("--log-key %s: %w; want the line that `ibid key` prints", key, err)
		}
	}
	return nil
}

// decode lays the one document in data over cfg. The library would make a
// document without content, such as one of comments alone, a zero Config.
func decode(data []byte, cfg *Config) error {
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return err
	}
	switch {
	case len(file.Docs) > 1:
		return errors.New("more than one document (---)")
	case len(file.Docs) == 0 || file.Docs[0].Body == nil:
		return nil
	}
	switch file.Docs[0].Body.Type() {
	case ast.NullType, ast.CommentType:
		return nil
	}
	return yaml.NodeToValue(file.Docs[0].Body, cfg, yaml.DisallowUnknownField())
}

// relativeTo makes paths of a file in dir relative to the working directory,
// so that a file means the same wherever the program is started.
func (s *Settings) relativeTo(dir string) {
	join := func(path string) string {
		if path == "" || filepath.IsAbs(path) {
			return path
		}
		return filepath.Join(dir, path)
	}
	switch {
	case s.Archive == "":
		s.Archive = defaults().Archive
	case !strings.Contains(s.Archive, "://"):
		s.Archive = join(s.Archive)
	}
	if file, ok := strings.CutPrefix(s.Catalog, "sqlite:"); ok && file != "" {
		s.Catalog = "sqlite:" + join(file)
	}
	s.CAFile, s.Keys, s.TimestampRoots = join(s.CAFile), join(s.Keys), join(s.TimestampRoots)
}
