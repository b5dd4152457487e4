package wacz

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"time"
)

// manifest is datapackage.json as it is written.
type manifest struct {
	Profile      string             `json:"profile"`
	Version      string             `json:"wacz_version"`
	Title        string             `json:"title,omitempty"`
	Description  string             `json:"description,omitempty"`
	Created      string             `json:"created"`
	Software     string             `json:"software"`
	MainPageURL  string             `json:"mainPageUrl,omitempty"`
	MainPageDate string             `json:"mainPageDate,omitempty"`
	Resources    []manifestResource `json:"resources"`
}

type manifestResource struct {
	Name  string `json:"name"`
	Path  string `json:"path"`
	Hash  string `json:"hash"`
	Bytes int64  `json:"bytes"`
}

// digest is datapackage-digest.json as it is written.
type digest struct {
	Path   string      `json:"path"`
	Hash   string      `json:"hash"`
	Signed *signedData `json:"signedData,omitempty"`
}

// signedData is the anonymous form of wacz-auth 0.1.0.
type signedData struct {
	Hash      string `json:"hash"`
	Created   string `json:"created"`
	Software  string `json:"software"`
	Version   string `json:"version"`
	Signature string `json:"signature"`
	PublicKey string `json:"publicKey"`
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return b.Bytes(), err
}

func (w *Writer) manifest() ([]byte, error) {
	m := manifest{
		Profile: "data-package", Version: Version,
		Title: w.cfg.Title, Description: w.cfg.Description,
		Created: formatTime(w.cfg.Created), Software: w.cfg.Software,
		MainPageURL: w.cfg.MainPageURL, Resources: []manifestResource{},
	}
	if w.cfg.MainPageURL != "" {
		m.MainPageDate = formatTime(w.cfg.MainPageTS)
	}
	for _, f := range w.files {
		m.Resources = append(m.Resources, manifestResource{resourceName(f.name), f.name, formatHash(f.sum[:]), f.size})
	}
	return encode(m)
}

// resourceName is unique in its manifest (Frictionless Data Resource, "name")
// as long as files of our own are not named to clash.
func resourceName(name string) string {
	for _, dir := range []string{ArchiveDir, IndexDir, PagesDir} {
		if strings.HasPrefix(name, dir) {
			return path.Base(name)
		}
	}
	return strings.ReplaceAll(name, "/", "-")
}

func formatHash(sum []byte) string { return "sha256:" + hex.EncodeToString(sum) }

// formatTime gives RFC 3339 in UTC, in milliseconds as indexes have them.
func formatTime(t time.Time) string {
	return t.UTC().Truncate(time.Millisecond).Format("2006-01-02T15:04:05.999Z07:00")
}

func (w *Writer) digest(hash string) ([]byte, error) {
	d := digest{Path: DatapackageFile, Hash: hash}
	if w.cfg.Signer != nil {
		signature, public, err := w.cfg.Signer.Sign(hash)
		if err != nil {
			return nil, fmt.Errorf("sign %s: %w", DatapackageFile, err)
		}
		d.Signed = &signedData{
			Hash: hash, Created: formatTime(w.cfg.Created), Software: w.cfg.Software, Version: SignatureVersion,
			Signature: base64.StdEncoding.EncodeToString(signature),
			PublicKey: base64.StdEncoding.EncodeToString(public),
		}
	}
	return encode(d)
}
