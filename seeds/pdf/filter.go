package pdf

import (
	"bytes"
	"compress/flate"
	"encoding/ascii85"
	"errors"
	"fmt"
	"io"
)

// decode returns the bytes of a stream without its filters. What is broken behind some good bytes is cut off there, as
// viewers do. All that is unpacked counts towards the bound of the file.
func (f *File) decode(s stream) ([]byte, error) {
	data := s.raw
	if f.cipher != nil {
		data = f.cipher.stream(s)
	}
	filters, params := f.list(s.dict["Filter"]), f.list(s.dict["DecodeParms"])
	if len(filters) > 8 {
		return nil, errors.New("more than 8 filters on one stream")
	}
	for i, o := range filters {
		param := dict{}
		if i < len(params) {
			param = f.dict(params[i])
		}
		var err error
		if data, err = f.unfilter(f.name(o), data, param); err != nil {
			return nil, err
		}
	}
	return data, f.spend(len(data))
}

func (f *File) unfilter(filter name, data []byte, param dict) ([]byte, error) {
	switch filter {
	case "FlateDecode", "Fl":
		out, err := f.inflate(data)
		if err != nil {
			return nil, err
		}
		return f.unpredict(out, param), nil
	case "LZWDecode", "LZW":
		out, err := f.unlzw(data, f.number(param["EarlyChange"], 1) != 0)
		if err != nil {
			return nil, err
		}
		return f.unpredict(out, param), nil
	case "ASCII85Decode", "A85":
		return unascii85(data), nil
	case "ASCIIHexDecode", "AHx":
		l := lexer{data: data, pos: -1}
		return []byte(l.hex()), nil
	case "RunLengthDecode", "RL":
		return f.unrunlength(data)
	case "Crypt":
		return data, nil
	}
	return nil, fmt.Errorf("filter %q is not read", string(filter))
}

// spend takes n bytes from what may be unpacked.
func (f *File) spend(n int) error {
	f.left -= n
	if f.left < 0 {
		return errTooLarge
	}
	return nil
}

func (f *File) inflate(data []byte) ([]byte, error) {
	if len(data) < 2 {
		return nil, nil
	}
	if data[0]&0x0f == 8 && (int(data[0])<<8|int(data[1]))%31 == 0 {
		data = data[2:]
	}
	var out bytes.Buffer
	// An error only ends the stream: what came before it is good.
	n, _ := io.Copy(&out, io.LimitReader(flate.NewReader(bytes.NewReader(data)), int64(f.left)+1))
	if int(n) > f.left {
		return nil, errTooLarge
	}
	return out.Bytes(), nil
}

func unascii85(data []byte) []byte {
	data = bytes.TrimPrefix(bytes.TrimLeft(data, "\x00\t\n\f\r "), []byte("<~"))
	if i := bytes.IndexByte(data, '~'); i >= 0 {
		data = data[:i]
	}
	out := make([]byte, 4*len(data)+8)
	n, _, _ := ascii85.Decode(out, data, true)
	return out[:n]
}

func (f *File) unrunlength(data []byte) ([]byte, error) {
	var out []byte
	for i := 0; i < len(data) && data[i] != 128; {
		n := int(data[i])
		i++
		if n < 128 {
			stop := min(i+n+1, len(data))
			out = append(out, data[i:stop]...)
			i = stop
		} else if i < len(data) {
			out = append(out, bytes.Repeat(data[i:i+1], 257-n)...)
			i++
		}
		if len(out) > f.left {
			return nil, errTooLarge
		}
	}
	return out, nil
}

// unlzw undoes LZW as PDF has it: codes from 9 to 12 bits, the highest bit first, which grow one code early.
func (f *File) unlzw(data []byte, early bool) ([]byte, error) {
	const clear, eod = 256, 257
	type entry struct {
		prefix int16
		length int16
		last   byte
	}
	var table [4096]entry
	next, width, previous := 258, 9, -1
	var out []byte
	bits, have := 0, 0
	for _, c := range data {
		bits, have = bits<<8|int(c), have+8
		if have < width {
			continue
		}
		code := bits >> (have - width) & (1<<width - 1)
		have -= width
		bits &= 1<<have - 1
		if code == eod {
			break
		}
		if code == clear {
			next, width, previous = 258, 9, -1
			continue
		}
		if code > next || code == next && previous < 0 {
			break
		}
		start := len(out)
		walk := code
		if code == next {
			walk = previous
		}
		length := 1
		if walk > eod {
			length = int(table[walk].length)
		}
		out = append(out, make([]byte, length)...)
		for i := start + length - 1; i >= start; i-- {
			if walk < clear {
				out[i] = byte(walk)
				break
			}
			out[i], walk = table[walk].last, int(table[walk].prefix)
		}
		first := out[start]
		if code == next {
			out = append(out, first)
		}
		if previous >= 0 && next < len(table) {
			n := 2
			if previous > eod && previous < len(table) {
				n = int(table[previous].length) + 1 //nolint:gosec // it is tested
			}
			table[next] = entry{prefix: int16(previous), length: int16(n), last: first}
			next++
		}
		grow := next
		if early {
			grow++
		}
		if grow >= 1<<width && width < 12 {
			width++
		}
		previous = code
		if len(out) > f.left {
			return nil, errTooLarge
		}
	}
	return out, nil
}

// unpredict undoes the predictors of PNG and, for whole bytes, TIFF.
func (f *File) unpredict(data []byte, param dict) []byte {
	predictor := int(f.number(param["Predictor"], 1))
	if predictor < 2 {
		return data
	}
	bound := func(key name, value float64) int {
		return int(max(1, min(f.number(param[key], value), 1<<16)))
	}
	colors, bits := min(bound("Colors", 1), 32), min(bound("BitsPerComponent", 8), 32)
	pixel := max(1, colors*bits/8)
	row := (bound("Columns", 1)*colors*bits + 7) / 8
	if predictor == 2 {
		for at := 0; at < len(data); at += row {
			line := data[at:min(at+row, len(data))]
			for i := pixel; bits == 8 && i < len(line); i++ {
				line[i] += line[i-pixel]
			}
		}
		return data
	}
	out := make([]byte, 0, len(data))
	before := make([]byte, row)
	for len(data) > 1 {
		kind := data[0]
		n := min(row, len(data)-1)
		line := data[1 : n+1]
		data = data[n+1:]
		for i := range line {
			var left, corner byte
			if i >= pixel {
				left, corner = line[i-pixel], before[i-pixel]
			}
			switch kind {
			case 1:
				line[i] += left
			case 2:
				line[i] += before[i]
			case 3:
				line[i] += byte((int(left) + int(before[i])) / 2)
			case 4:
				line[i] += paeth(left, before[i], corner)
			}
		}
		out = append(out, line...)
		copy(before, line)
	}
	return out
}

func paeth(a, b, c byte) byte {
	distance := func(x byte) int { return max(int(a)+int(b)-int(c)-int(x), int(x)-int(a)-int(b)+int(c)) }
	switch {
	case distance(a) <= distance(b) && distance(a) <= distance(c):
		return a
	case distance(b) <= distance(c):
		return b
	}
	return c
}
