package wacz

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive/cdxj/strict"
)

// parseInfo reads datapackage.json of WACZ 1.0, 1.1 or the draft of 1.2.0 and
// reports what is wrong with it; nil when nothing can be made of it.
func parseInfo(text []byte, ps *problems) *Info {
	o, err := strict.Object(text)
	if err != nil {
		ps.add(CodeManifest, DatapackageFile, "%v", err)
		return nil
	}
	f := &fields{o: o, ps: ps, file: DatapackageFile, code: CodeManifest}
	info := &Info{
		Profile: f.text("profile"), WACZVersion: f.text("wacz_version"), Title: f.text("title"),
		Description: f.text("description"), Software: f.text("software"),
		Created: f.time("created"), Modified: f.time("modified"),
		MainPageURL: f.text("mainPageUrl"), MainPageTS: f.time("mainPageDate"),
	}
	if home, ok := o["home"].(map[string]any); ok {
		h := &fields{o: home, ps: ps, file: DatapackageFile, code: CodeManifest}
		info.MainPageURL, info.MainPageTS = h.text("url"), h.time("ts")
	}
	switch {
	case info.Profile == "wacz" && info.WACZVersion == "": // the draft of 1.2.0
	case info.Profile != "data-package" && info.Profile != "wacz":
		ps.add(CodeManifest, DatapackageFile, "profile is %.100q, neither data-package nor wacz", info.Profile)
	case info.WACZVersion == "":
		ps.add(CodeManifest, DatapackageFile, "wacz_version is missing")
	case !strings.HasPrefix(info.WACZVersion, "1."):
		ps.add(CodeManifest, DatapackageFile, "wacz_version is %.100q: only 1.x can be read", info.WACZVersion)
	}
	list, ok := o["resources"].([]any)
	if !ok {
		ps.add(CodeManifest, DatapackageFile, "resources is no list")
	}
	for i, v := range list {
		info.addResource(i, v, ps)
	}
	return info
}

func (info *Info) addResource(i int, v any, ps *problems) {
	o, ok := v.(map[string]any)
	if !ok {
		ps.add(CodeManifest, DatapackageFile, "resource %d is no object", i+1)
		return
	}
	f := &fields{o: o, ps: ps, file: DatapackageFile, code: CodeManifest}
	r := Resource{Name: f.text("name"), Path: f.text("path")}
	if r.Path == "" {
		ps.add(CodeManifest, DatapackageFile, "resource %d has no path", i+1)
		return
	}
	sum, algorithm := "", ""
	if stats, old := o["stats"].(map[string]any); old && o["hash"] == nil { // before 1.1
		s := &fields{o: stats, ps: ps, file: DatapackageFile, code: CodeManifest}
		sum, algorithm, r.Bytes = s.text("hash"), f.text("hashing"), s.number("bytes")
	} else {
		algorithm, sum, _ = strings.Cut(f.text("hash"), ":")
		r.Bytes = f.number("bytes")
	}
	b, err := hex.DecodeString(sum)
	switch {
	case algorithm != "sha256" && algorithm != "sha-256":
		ps.add(CodeHashAlgorithm, r.Path, "the manifest gives a hash of algorithm %.40q, not sha256", algorithm)
	case err != nil || len(b) != 32 || sum != strings.ToLower(sum):
		ps.add(CodeManifest, r.Path, "the manifest's hash is no SHA-256 in lower-case hex: %.80q", sum)
	default:
		r.SHA256 = sum
	}
	info.Resources = append(info.Resources, r)
}

// fields reads the members of an object and reports those of a wrong kind.
type fields struct {
	o    map[string]any
	ps   *problems
	file string
	code Code
}

// text returns a member that is text, "" when it is absent.
func (f *fields) text(name string) string {
	v, has := f.o[name]
	s, ok := v.(string)
	if has && v != nil && !ok {
		f.ps.add(f.code, f.file, "%s is no text", name)
	}
	return s
}

// time returns a member that is a time as it is written, and checks its form.
func (f *fields) time(name string) string {
	s := f.text(name)
	if s == "" {
		return ""
	}
	if _, err := parseTime(s); err != nil {
		f.ps.add(f.code, f.file, "%s is no RFC 3339 time: %.60q", name, s)
	}
	return s
}

// parseTime reads RFC 3339, and the form without a zone that py-wacz writes for
// times in UTC.
func parseTime(s string) (time.Time, error) {
	if len(s) > 40 {
		return time.Time{}, fmt.Errorf("%.40q… is no time", s)
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		if bare, err2 := time.Parse("2006-01-02T15:04:05", s); err2 == nil {
			return bare, nil
		}
	}
	return t.UTC(), err
}

// number returns a member that is a number of bytes; -1 when it is not.
func (f *fields) number(name string) int64 {
	if v, ok := f.o[name].(json.Number); ok {
		if n, err := strconv.ParseInt(v.String(), 10, 64); err == nil && n >= 0 && n < math.MaxInt64 {
			return n
		}
	}
	f.ps.add(f.code, f.file, "%s is no number of bytes", name)
	return -1
}
