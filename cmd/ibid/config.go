package main

import (
	"bytes"
	"errors"
	"io"
	"os"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Config is what ibid.yaml may hold.
type Config struct {
	Settings `yaml:",inline"`
	// Listen is where serve answers /healthz and /metrics; empty for nowhere.
	Listen string `yaml:"listen"`
	// Reports are what serve visits.
	Reports []ReportConfig `yaml:"reports"`
}

// ReportConfig is one report that serve watches.
type ReportConfig struct {
	// Path is the report's file, relative to the configuration.
	Path string `yaml:"path"`
	// Schedule is a cron expression of five fields in UTC, or @daily, @weekly, @every 12h …
	Schedule string `yaml:"schedule"`

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
	cfg := &Config{Settings: defaults(), Listen: "127.0.0.1:9642"}
	if a.opt.config == "" {
		cfg.Settings = a.opt.Settings
		return cfg, nil
	}
	data, err := os.ReadFile(a.opt.config)
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	dec := yaml.NewDecoder(bytes.NewReader(data), yaml.DisallowUnknownField())
	if err := dec.Decode(cfg); err != nil && !errors.Is(err, io.EOF) {
		return nil, usageError("%s: %s", a.opt.config, yaml.FormatError(err, false, true))
	}
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
	return cfg, nil
}
