package warc

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// Limits of what is read as a head, of a record or of an HTTP message. Without
// them a stream without line ends would fill the memory.
const (
	maxHeader = 1 << 20 // bytes
	maxFields = 10_000  // lines
)

var errHeadLimit = fmt.Errorf("a header is limited to %d bytes and %d lines", maxHeader, maxFields)

// readHead appends to buf all lines up to and including the first blank one.
// On an error, io.EOF among them, it returns what it has.
func readHead(r *bufio.Reader, buf []byte) ([]byte, error) {
	start := len(buf) // of the current line
	for lines := 0; ; {
		part, err := r.ReadSlice('\n')
		buf = append(buf, part...)
		if len(buf) > maxHeader {
			return buf, errHeadLimit
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return buf, err
		}
		if lines++; lines > maxFields {
			return buf, errHeadLimit
		}
		if line := buf[start:]; len(line) == 1 || len(line) == 2 && line[0] == '\r' {
			return buf, nil
		}
		start = len(buf)
	}
}

// headFaults says how the lines of a head departed from the grammar.
type headFaults struct {
	bareLF    bool   // a line ended in LF alone
	folded    bool   // a value went on in the next line
	malformed int    // lines that are no field
	example   string // the first of these
}

// splitHead parts a head, as readHead returns it, into its first line and its
// fields. A line that is no field becomes one without a name, so that nothing
// of the head is lost.
func splitHead(head []byte) (first string, fields Header, faults headFaults) {
	n := bytes.Count(head, []byte{'\n'})
	text := string(head)
	first, text, _ = strings.Cut(text, "\n")
	first, hadCR := strings.CutSuffix(first, "\r")
	faults.bareLF = !hadCR
	fields = make(Header, 0, max(n-2, 0)+1)
	var fold []byte // the value of the last field while it goes on
	endFold := func() {
		if fold != nil {
			fields[len(fields)-1].Value, fold = string(fold), nil
		}
	}
	for text != "" {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		line, hadCR = strings.CutSuffix(line, "\r")
		faults.bareLF = faults.bareLF || !hadCR
		if line == "" {
			break
		}
		if (line[0] == ' ' || line[0] == '\t') && len(fields) > 0 {
			faults.folded = true
			if fold == nil {
				fold = append([]byte{}, fields[len(fields)-1].Value...)
			}
			if more := strings.Trim(line, " \t"); more != "" {
				fold = append(append(fold, ' '), more...)
			}
			continue
		}
		endFold()
		name, value, ok := strings.Cut(line, ":")
		trimmed := strings.Trim(name, " \t")
		if !ok || trimmed == "" {
			trimmed, value = "", line
		}
		if trimmed != name || trimmed == "" {
			if faults.malformed++; faults.malformed == 1 {
				faults.example = line
			}
		}
		fields = append(fields, Field{Name: trimmed, Value: strings.Trim(value, " \t")})
	}
	endFold()
	return first, fields, faults
}
