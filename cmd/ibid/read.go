package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/ibid-archive/ibid/crawler/schedule"
	"github.com/ibid-archive/ibid/seeds"
)

// maxReport bounds a report's file in bytes.
const maxReport = seeds.MaxSize

// standardInput is the path of a report that came from there.
const standardInput = "(standard input)"

// readReports reads the reports that were named, see finder; "-" is standard input. page gets those that are named by
// their address, which is their path then; without it they are refused.
//
// Of several reports one that cannot be read does not keep the others from being done: it is named, and the program's exit
// code says so in the end. One that nobody named, but was found in a directory, is passed over with a note.
func (a *app) readReports(args []string, page pageFunc) ([]schedule.Source, error) {
	find := &finder{}
	bad := func(err error) error {
		switch {
		case len(args) == 1 && onTheWeb(args[0]):
			return err
		case len(args) == 1:
			return &exitError{exitUsage, err}
		}
		a.say(err)
		a.unread++
		return nil
	}
	for _, arg := range args {
		if err := find.add(arg); err != nil {
			if err := bad(fmt.Errorf("read report: %w", err)); err != nil {
				return nil, err
			}
		}
	}
	for _, w := range find.all {
		if err := a.sparesInput(w.file); err != nil {
			return nil, err
		}
	}
	var sources []schedule.Source
	size := 0
	for _, w := range find.all {
		source, err := a.readSource(w, page, func(data []byte) { boundMemory(size+weight(data), 0) })
		var usage *exitError
		switch {
		case errors.As(err, &usage), errors.Is(err, context.Canceled):
			return nil, err
		case err != nil && w.found:
			if !a.opt.quiet {
				fmt.Fprintf(a.err, "Passed over: %s\n", oneLine(err.Error()))
			}
			continue
		case err != nil:
			if err := bad(err); err != nil {
				return nil, err
			}
			continue
		}
		size += weight(source.Data)
		sources = append(sources, source)
	}
	switch {
	case len(sources) > 0 || len(args) == 0:
		return sources, nil
	case a.unread > 0:
		a.unread = 0 // the error says it
		return nil, errors.New("none of the reports could be read")
	}
	return nil, usageError("read report: none of the files found in %s could be read", strings.Join(args, " "))
}

// readSource reads one report; arrived is told its bytes before they are read, and may be nil.
func (a *app) readSource(w wanted, page pageFunc, arrived func(data []byte)) (schedule.Source, error) {
	name, came, err := readReport(w, page)
	if err != nil {
		return schedule.Source{}, err
	}
	if a.opt.inputFormat != "" {
		if name, err = seeds.As(name, a.opt.inputFormat); err != nil {
			return schedule.Source{}, usageError("--input-format: %w", err)
		}
	}
	if !onTheWeb(w.path) && w.path != "-" {
		came = gather(w.file, name, came.data)
	}
	if arrived != nil {
		arrived(came.data)
	}
	report, err := seeds.ReadTyped(name, came.mediaType, came.data)
	return schedule.Source{Report: report, Data: came.data}, err
}

// gather puts a report that was read from a file together with what belongs to it beside that file, see [seeds.Gather]. name is
// its path as it is kept.
func gather(file, name string, data []byte) fetched {
	root, err := os.OpenRoot(filepath.Dir(file))
	if err != nil {
		return fetched{data: data} // reading says what is missing
	}
	defer root.Close()
	data, mediaType := seeds.Gather(name, data, root.FS())
	return fetched{data, mediaType}
}

// readReport gets the bytes of a report; name is its path as it is kept.
func readReport(w wanted, page pageFunc) (name string, came fetched, err error) {
	if onTheWeb(w.path) {
		if page == nil {
			return "", fetched{}, usageError("read report: %s is on the web, and nothing is fetched here: name a file", w.path)
		}
		came, err = page(w.path)
		name, _, _ = strings.Cut(w.path, "#")
		return name, came, err
	}
	name = filepath.ToSlash(w.path)
	switch {
	case w.path == "-":
		name = standardInput
		came.data, err = readAtMost(os.Stdin, name, maxReport)
	case w.found:
		came.data, err = readFound(w.file)
	default:
		came.data, err = readFile(w.file, maxReport)
	}
	if err != nil {
		return "", fetched{}, fmt.Errorf("read report: %w", err)
	}
	return name, came, nil
}

// readFile reads a file of at most limit bytes. A larger one is refused before it is read.
func readFile(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s is a directory", path)
	case info.Mode().IsRegular() && info.Size() > limit:
		return nil, tooLarge(path, limit)
	case info.Mode().IsRegular():
		// In one piece: what grows leaves several times its size behind.
		data := bytes.NewBuffer(make([]byte, 0, info.Size()+bytes.MinRead))
		_, err := data.ReadFrom(io.LimitReader(f, limit+1))
		if err == nil && int64(data.Len()) > limit {
			err = tooLarge(path, limit)
		}
		return data.Bytes(), err
	}
	return readAtMost(f, path, limit)
}

// readFound reads a file that nobody named, but not if its first bytes are those of a picture or the like.
func readFound(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, 512)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	if media(head[:n]) {
		return nil, fmt.Errorf("%s is no text", path)
	}
	return readFile(path, maxReport)
}

func readAtMost(r io.Reader, name string, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = tooLarge(name, limit)
	}
	return data, err
}

func tooLarge(name string, limit int64) error {
	if limit < 1<<20 {
		return fmt.Errorf("%s: larger than %d bytes", name, limit)
	}
	return fmt.Errorf("%s: larger than %d MiB", name, limit>>20)
}

// readOne reads the one report that is named by its file, or "-".
func readOne(path string) (*seeds.Report, error) {
	if path != "-" {
		path = filepath.Clean(path)
	}
	name, came, err := readReport(wanted{path: path, file: path}, nil)
	if err != nil {
		return nil, asUsage(err)
	}
	if path != "-" {
		came = gather(path, name, came.data)
	}
	report, err := seeds.ReadTyped(name, came.mediaType, came.data)
	if err != nil {
		return nil, asUsage(err)
	}
	return report, nil
}

// asUsage makes an error one of the command line, unless it is already.
func asUsage(err error) error {
	if e := (*exitError)(nil); errors.As(err, &e) {
		return err
	}
	return &exitError{exitUsage, err}
}
