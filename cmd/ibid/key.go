package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/log"
)

func (a *app) keyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "key",
		Short: "Show the key that signs the archive's log, or replace it",
		Long: `An archive has a log of all that it keeps, and signs it. The private key is made
at the first use, in a file that only you can read, outside of the archive: in
--keys, else in ibid/keys in your configuration directory. Keep a copy of it,
and never put it into the archive or a bucket.

Give the public line that this command prints to those who are to check the
archive: with --log-key they verify against it, and not against the key that the
archive itself names.`,
		Example: `  ibid key
  ibid key --archive s3://sources/reports
  ibid key rotate`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			cfg, err := a.configure(cmd)
			if err != nil {
				return err
			}
			v, err := a.openStore(cmd.Context(), cfg.Settings, false)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, v.Close()) }()
			if v.log == nil {
				return fmt.Errorf("%s has no log yet; `ibid archive REPORT` makes one", cfg.Archive)
			}
			return a.showKey(v.log, cfg.Settings)
		},
	}
	a.flags(cmd, "text", "json")
	a.archiveFlags(cmd)
	a.keysFlag(cmd)
	a.logFlag(cmd)
	cmd.AddCommand(a.rotateCommand())
	return cmd
}

// keyJSON is what ibid key says.
type keyJSON struct {
	Version int       `json:"version"`
	Origin  string    `json:"origin"` // the name of the log
	Key     string    `json:"key"`    // the public line (vkey) that verifies its checkpoints
	Size    int64     `json:"size"`   // entries
	Root    string    `json:"root"`   // of the Merkle tree, base64 as in the checkpoint
	Trust   log.Trust `json:"trust"`
	File    string    `json:"file"`           // where the private key is, or would be
	Here    bool      `json:"here"`           // it is there
	Old     []string  `json:"old,omitempty"`  // public lines of keys that were replaced
	Lost    []string  `json:"lost,omitempty"` // of them, those whose private key was lost
}

func (a *app) showKey(l *log.Log, s Settings) error {
	dir, err := keyDir(s)
	if err != nil {
		return err
	}
	c := l.Checkpoint()
	k := keyJSON{Version: 1, Origin: c.Origin, Key: c.Key.String(), Size: c.Size, Root: base64.StdEncoding.EncodeToString(c.Root[:]), Trust: c.Trust,
		File: log.KeyDir(dir).File(c.Key)}
	switch _, err := os.Stat(k.File); {
	case err == nil:
		k.Here = true
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	for _, i := range l.Keychain().Introductions() {
		k.Old = append(k.Old, i.Old.String())
		if i.Lost {
			k.Lost = append(k.Lost, i.Old.String())
		}
	}
	return a.write(func(w io.Writer) error {
		if a.opt.format == "json" {
			e := json.NewEncoder(w)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			return e.Encode(k)
		}
		fmt.Fprintln(w, k.Key)
		fmt.Fprintf(w, "\nIt signs the log %s, which has %s.\n", k.Origin, plural64(k.Size, "entry", "entries"))
		if k.Here {
			fmt.Fprintf(w, "The private key is in %s: keep a copy elsewhere.\n", k.File)
		} else {
			fmt.Fprintf(w, "The private key is not here (%s): this machine can read the archive, not add to it.\n", k.File)
		}
		for _, i := range l.Keychain().Introductions() {
			why := "replaced by"
			if i.Lost {
				why = "lost, and replaced by"
			}
			fmt.Fprintf(w, "After %s the key %s was %s %s.\n", plural64(i.Size, "entry", "entries"), i.Old.ID(), why, i.New.ID())
		}
		return nil
	})
}

func plural64(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func (a *app) rotateCommand() *cobra.Command {
	var lost bool
	cmd := &cobra.Command{
		Use:   "rotate",
		Short: "Sign the log with a new key from now on",
		Long: `Makes a new private key and lets it sign what comes from now on. The old key
introduces the new one, so that whoever trusts either can verify the whole log.
Copy the new key to every machine that adds to the archive.

With --lost the old private key is gone: the new one goes on with the same log,
and says so. Whoever pinned the old public line is told, and has to decide
whether to trust the new one: publish it the way you published the old.`,
		Example: `  ibid key rotate
  ibid key rotate --lost`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			cfg, err := a.configure(cmd)
			if err != nil {
				return err
			}
			v, err := a.openStore(cmd.Context(), cfg.Settings, false)
			if err != nil {
				return err
			}
			if v.log == nil {
				return errors.Join(fmt.Errorf("%s has no log yet; `ibid archive REPORT` makes one", cfg.Archive), v.Close())
			}
			c := v.log.Checkpoint()
			origin := c.Origin
			if err := v.Close(); err != nil {
				return err
			}
			dir, err := keyDir(cfg.Settings)
			if err != nil {
				return err
			}
			keys := log.KeyDir(dir)
			_, have := keys.Load(c.Key)
			switch {
			case lost && have == nil:
				return fmt.Errorf("the private key is here, in %s: `ibid key rotate` replaces it, without --lost", keys.File(c.Key))
			case lost && !errors.Is(have, log.ErrNoKey):
				return have
			}
			encode := func(i log.Introduction) ([]byte, error) {
				return archive.KeyEntry(i.New.String(), time.Now()).Encode()
			}
			if lost {
				err = a.replaceLost(cmd, cfg.Settings, keys, origin, encode)
			} else {
				err = a.rotate(cmd, cfg.Settings, keys, origin, encode)
			}
			return err
		},
	}
	a.flags(cmd, "text", "json")
	a.archiveFlags(cmd)
	a.keysFlag(cmd)
	a.logFlag(cmd)
	cmd.Flags().BoolVar(&lost, "lost", false, "the old private key is gone")
	return cmd
}

func (a *app) rotate(cmd *cobra.Command, s Settings, keys log.KeyDir, origin string, encode log.Encode) error {
	v, err := a.openStore(cmd.Context(), s, true)
	if err != nil {
		return err
	}
	key, err := keys.Create(origin)
	if err == nil {
		_, err = v.log.Rotate(cmd.Context(), key, encode)
	}
	if err == nil {
		err = a.showKey(v.log, s)
	}
	return errors.Join(err, v.Close())
}

func (a *app) replaceLost(cmd *cobra.Command, s Settings, keys log.KeyDir, origin string, encode log.Encode) error {
	v, err := a.openPlain(cmd.Context(), s, true)
	if err != nil {
		return err
	}
	key, err := keys.Create(origin)
	if err == nil {
		// The keys that were trusted so far do not vouch for the new one.
		v.log, _, err = log.ReplaceLost(cmd.Context(), log.Config{Objects: v.store, Cells: v.store, Keys: keys}, key, encode)
	}
	if err == nil {
		err = a.showKey(v.log, s)
	}
	return errors.Join(err, v.Close())
}
