package seeds

import (
	"encoding/binary"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// failer is what *testing.T and *rapid.T have in common as far as checks need it.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// checkPositions tests the promise of the package: what lies at a position in the raw bytes is what the report says.
func checkPositions(t failer, r *Report, data []byte) {
	t.Helper()
	if r.Encoding == "" {
		checkPlaces(t, r)
		return
	}
	piece := func(p Position) string {
		if p.Line < 1 || p.Column < 1 || p.Offset < 0 || p.Length < 0 || p.Offset+p.Length > len(data) {
			t.Fatalf("position %+v does not lie in %d bytes", p, len(data))
		}
		raw := data[p.Offset : p.Offset+p.Length]
		s := &source{rawSize: len(raw)}
		switch r.Encoding {
		case "utf-8":
			s.decodeUTF8(raw, 0)
		case "utf-16le":
			s.decodeUTF16(raw, 0, binary.LittleEndian)
		case "utf-16be":
			s.decodeUTF16(raw, 0, binary.BigEndian)
		default:
			_, charset := detect(data)
			s.decodeBytes(raw, r.Encoding, charset)
		}
		return s.text
	}
	for _, c := range r.Citations {
		if got := piece(c.Position); got != c.Raw || got == "" {
			t.Fatalf("at %+v stands %q, not %q", c.Position, got, c.Raw)
		}
		if (c.Key == "") == (c.Invalid == "") {
			t.Fatalf("citation %s has key %q and invalid %q", c.ID, c.Key, c.Invalid)
		}
	}
	for _, n := range r.Notes {
		if got := piece(n.Position); r.Format == "text" && !strings.HasSuffix(collapse(got), n.Text) {
			t.Fatalf("at %+v stands %q, not note %s with %q", n.Position, got, n.Label, n.Text)
		}
	}
	for _, m := range r.Marks {
		if got := piece(m.Position); got == "" || r.Format == "text" && strings.ContainsAny(got, "\r\n") {
			t.Fatalf("at %+v stands %q, not mark %s", m.Position, got, m.Label)
		}
	}
	for _, f := range r.Findings {
		piece(f.Position)
	}
}

func TestEncodings(t *testing.T) {
	const western = "The group’s “café” report said so – twice.[1] It’s over 5 € now.[2]\r\n\r\n" +
		"[1] “Título”, https://a.test/x\u00a0(accessed)\r\n[2]\u00a0hxxps://b[.]test/y."
	const russian = "Погранвойска сообщили о перестрелке в приграничном районе.[1] Пострадавших в ней не было вовсе.[2]\n\n" +
		"[1] «Ховар», https://a.test/x\u00a0(дата обращения)\n[2]\u00a0hxxps://b[.]test/y."
	bom := func(e unicode.Endianness, policy unicode.BOMPolicy) encoding.Encoding {
		return unicode.UTF16(e, policy)
	}
	tests := []struct {
		name, want, text string
		encoding         encoding.Encoding
	}{
		{"UTF-8", "utf-8", russian, encoding.Nop},
		{"UTF-8 with BOM", "utf-8", "\ufeff" + russian, encoding.Nop},
		{"UTF-16LE with BOM", "utf-16le", russian, bom(unicode.LittleEndian, unicode.UseBOM)},
		{"UTF-16BE with BOM", "utf-16be", western, bom(unicode.BigEndian, unicode.UseBOM)},
		{"UTF-16LE", "utf-16le", russian, bom(unicode.LittleEndian, unicode.IgnoreBOM)},
		{"UTF-16BE", "utf-16be", western + " 😀", bom(unicode.BigEndian, unicode.IgnoreBOM)},
		{"Windows-1251", "windows-1251", russian, charmap.Windows1251},
		{"Windows-1252", "windows-1252", western, charmap.Windows1252},
		{"KOI8-R", "koi8-r", strings.NewReplacer("«", "\"", "»", "\"").Replace(russian), charmap.KOI8R},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			data, err := tt.encoding.NewEncoder().Bytes([]byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			r := mustRead(t, "report.txt", data)
			if r.Encoding != tt.want {
				t.Fatalf("encoding = %s, want %s", r.Encoding, tt.want)
			}
			checkPositions(t, r, data)
			if got, want := countsOf(r), (counts{2, 2, 2, 2}); got != want {
				t.Errorf("counts = %+v, want %+v", got, want)
			}
			if c := r.Citations[1]; c.Raw != "hxxps://b[.]test/y" || c.Line != 4 || c.Column != 5 {
				t.Errorf("citation 2 = %+v", c)
			}
			if m := r.Marks[0]; !strings.HasSuffix(tt.text[:strings.Index(tt.text, "[1]")], m.Claim) || m.Column != len([]rune(m.Claim))+1 {
				t.Errorf("mark 1 = %+v", m)
			}
		})
	}
}

func TestBrokenBytes(t *testing.T) {
	data := []byte("Бра\xd0 вода и ещё кое-что.[1]\x00\n[1] https://a.test/x\xff https://b.test/y")
	r := mustRead(t, "report.txt", data)
	if r.Encoding != "utf-8" || len(r.Citations) != 2 {
		t.Errorf("encoding %s, citations %v", r.Encoding, r.Citations)
	}
	checkPositions(t, r, data)
}

// What is compressed has few NULs, but control characters no text has.
func TestDecodeRefusesBinary(t *testing.T) {
	random := rand.NewChaCha8([32]byte{7})
	raw := make([]byte, 50_000)
	for i := 0; i < len(raw); i += 8 {
		binary.LittleEndian.PutUint64(raw[i:], random.Uint64())
	}
	if _, err := decode(raw, ""); err == nil || !strings.Contains(err.Error(), "no text") {
		t.Errorf("random bytes are read as text: %v", err)
	}
	for name, text := range map[string]string{
		"coloured": "\x1b[1mTitle\x1b[0m\r\n\tA line.\f\n",
		"one NUL":  "A line that somebody cut out of a record.\x00\n",
		"short":    "x",
		"empty":    "",
	} {
		if _, err := decode([]byte(text), ""); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// checkPlaces tests the positions of a format that is no text: each says where, and they grow with the text.
func checkPlaces(t failer, r *Report) {
	t.Helper()
	last := 0
	check := func(p Position) {
		if p.Line != 0 || p.Column != 0 || p.Length != 0 || p.Where() == "" {
			t.Fatalf("position %+v", p)
		}
		if p.Offset < last {
			t.Fatalf("position %+v lies before %d", p, last)
		}
		last = p.Offset
	}
	for _, c := range r.Citations {
		check(c.Position)
	}
	last = 0
	for _, n := range r.Notes {
		check(n.Position)
	}
	last = 0
	for _, m := range r.Marks {
		check(m.Position)
	}
}
