package memento

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Bounds of what an archive lists.
const (
	maxList = 8 << 20 // bytes, decoded
	maxRows = 20_000
	maxURL  = 8 << 10 // bytes of one address
)

// row is one capture in a CDX server's list.
type row struct {
	stamp    string // as the server writes it
	at       time.Time
	original string
	status   int // 0 when the list does not say: a revisit
}

// cdxFields are what is asked for.
const cdxFields = "timestamp,original,statuscode,mimetype,digest"

// parseCDX reads the list of a CDX server in JSON: an array of arrays of strings,
// of which the first names the fields. No rows, and nothing at all, is an empty list.
// A row that makes no sense is left out.
func parseCDX(r io.Reader) ([]row, error) {
	d := json.NewDecoder(io.LimitReader(r, maxList))
	switch t, err := d.Token(); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read CDX list: %w", err)
	case t != json.Delim('['):
		return nil, errors.New("read CDX list: it is no JSON array")
	}
	var rows []row
	column := map[string]int{}
	for n := 0; d.More(); n++ {
		if n > maxRows {
			return nil, fmt.Errorf("read CDX list: more than %d rows", maxRows)
		}
		var fields []string
		if err := d.Decode(&fields); err != nil {
			return nil, fmt.Errorf("read CDX list: row %d: %w", n, err)
		}
		if n == 0 {
			for i, name := range fields {
				column[name] = i + 1
			}
			if column["timestamp"] == 0 || column["original"] == 0 {
				return nil, errors.New("read CDX list: it does not name its fields")
			}
			continue
		}
		if row, ok := cdxRow(fields, column); ok {
			rows = append(rows, row)
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, fmt.Errorf("read CDX list: %w", err)
	}
	return rows, nil
}

func cdxRow(fields []string, column map[string]int) (row, bool) {
	field := func(name string) string {
		if i := column[name]; i > 0 && i <= len(fields) {
			return fields[i-1]
		}
		return ""
	}
	r := row{stamp: field("timestamp"), original: field("original")}
	at, ok := parseStamp(r.stamp)
	if !ok || !fetchable(r.original) {
		return r, false
	}
	r.at = at
	if s := field("statuscode"); s != "" && s != "-" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 100 || n > 999 {
			return r, false
		}
		r.status = n
	}
	return r, true
}

// fetchable reports an address that can stand in a request.
func fetchable(s string) bool {
	if len(s) > maxURL || !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://") {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }) < 0
}

// stampLayout is a time in archives' addresses: 14 digits, UTC.
const stampLayout = "20060102150405"

// parseStamp reads a time of 4 to 14 digits; what is left out is the least.
func parseStamp(s string) (time.Time, bool) {
	if len(s) < 4 || len(s) > len(stampLayout) || len(s)%2 != 0 {
		return time.Time{}, false
	}
	at, err := time.Parse(stampLayout[:len(s)], s)
	if err != nil {
		return time.Time{}, false
	}
	return at, true
}
