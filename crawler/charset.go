package crawler

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// charsetPrescan is how far into a page its declared encoding is looked for
// (HTML standard, "prescan a byte stream": 1024 bytes).
const charsetPrescan = 1024

// ToUTF8 decodes a text of any encoding to valid UTF-8 without a byte order
// mark, and names the encoding as the Encoding standard does. The order is the
// HTML standard's: byte order mark, charset of the Content-Type, <meta> within
// the first 1024 bytes; with none of them, UTF-8 if the whole body is valid
// UTF-8, else windows-1252. Each run of bytes that the encoding does not have becomes U+FFFD.
func ToUTF8(body []byte, contentType string) (text, encoding string) {
	if bytes.HasPrefix(body, []byte("\xef\xbb\xbf")) {
		return strings.ToValidUTF8(string(body[3:]), "\ufffd"), "utf-8"
	}
	enc, name, certain := charset.DetermineEncoding(body[:min(len(body), charsetPrescan)], contentType)
	if !certain && utf8.Valid(body) {
		name = "utf-8"
	}
	if name == "utf-8" {
		return strings.ToValidUTF8(string(body), "\ufffd"), name
	}
	out, err := enc.NewDecoder().Bytes(body)
	if err != nil {
		// Decoders replace rather than fail; "replacement" is the one that may not.
		return strings.ToValidUTF8(string(body), "\ufffd"), name
	}
	if bytes.HasPrefix(out, []byte("\xef\xbb\xbf")) {
		out = out[3:]
	}
	return strings.ToValidUTF8(string(out), "\ufffd"), name
}

// charsetWide reports whether a page is in UTF-16, where tags cannot be found
// byte by byte.
func charsetWide(body []byte, contentType string) bool {
	if bytes.HasPrefix(body, []byte("\xff\xfe")) || bytes.HasPrefix(body, []byte("\xfe\xff")) {
		return true
	}
	if !strings.Contains(strings.ToLower(contentType), "utf-16") {
		return false
	}
	_, params, err := mime.ParseMediaType(contentType)
	return err == nil && strings.HasPrefix(strings.ToLower(params["charset"]), "utf-16")
}
