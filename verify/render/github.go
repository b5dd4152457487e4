package render

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/ibid-archive/ibid/seeds"
	"github.com/ibid-archive/ibid/verify"
)

// annotations is how many annotations of one kind GitHub shows for a step.
const annotations = 10

// GitHub writes workflow commands that put an annotation on the line of each
// citation that does not simply stand, and of each finding about a report:
// error for what fails, warning for what may come to that, notice for the
// rest. When there are more of a kind than GitHub shows, the last one says how
// many are not shown.
func GitHub(w io.Writer, r *Result) error {
	kinds := []string{"error", "warning", "notice"}
	byKind := make(map[string][]string)
	for i := range r.Reports {
		report := &r.Reports[i]
		for j := range report.Citations {
			c := &report.Citations[j]
			if kind := c.annotation(); kind != "" {
				byKind[kind] = append(byKind[kind], command(kind, report.Path, c.Position, c.heading(), c.sentence()))
			}
		}
		message := report.messages()
		for _, f := range report.Findings {
			if f.Rule == seeds.RuleURLInvalid && f.Citation != "" {
				continue // the citation's own annotation says it, and the runner shows few
			}
			kind := levelKind(verify.Severity(f.Level))
			byKind[kind] = append(byKind[kind], command(kind, report.Path, f.Position, f.Rule, clean(message(f), annotationText)))
		}
	}
	out := bufio.NewWriter(w)
	for _, kind := range kinds {
		list := byKind[kind]
		if len(list) > annotations {
			rest := len(list) - annotations + 1
			list = append(list[:annotations-1:annotations-1], fmt.Sprintf("::%s title=ibid::%s more of this kind", kind, count(rest, "annotation")))
		}
		for _, line := range list {
			_, _ = out.WriteString(line + "\n")
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write annotations: %w", err)
	}
	return nil
}

// annotationText bounds the message of one annotation, in bytes.
const annotationText = 1000

// annotation is the kind of annotation that c gets, "" for none.
func (c *CitationResult) annotation() string {
	if c.Fails() {
		return "error"
	}
	switch level := verify.Level(c.verdict()); level {
	case verify.SeverityPass:
		return ""
	case verify.SeverityError:
		return "warning" // not confirmed
	default:
		return levelKind(level)
	}
}

func levelKind(level verify.Severity) string {
	switch level {
	case verify.SeverityError:
		return "error"
	case verify.SeverityWarning:
		return "warning"
	}
	return "notice"
}

func (c *CitationResult) heading() string {
	where := "note " + c.Note
	if c.Note == "" {
		where = "citation " + c.ID
	}
	return joinColon(string(c.verdict()), where)
}

func (c *CitationResult) sentence() string {
	what := clean(c.shown(), annotationText/2)
	if who := c.who(); who != "" {
		what += " (" + clean(who, annotationText/4) + ")"
	}
	return what + " – " + clean(joinColon(string(c.verdict()), c.said(c.whyAndKept())), annotationText/2)
}

// fileOf is the file in which something of a report stands.
func fileOf(report string, at seeds.Position) string {
	if file := at.File(); file != "" {
		return path.Join(path.Dir(report), file)
	}
	return report
}

// command writes one workflow command. What stands in a report without lines is
// put on the file, and the message says where. Properties and message are escaped, so
// that no text in them can end the command or begin another.
func command(kind, report string, at seeds.Position, title, message string) string {
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	where := ""
	file := fileOf(report, at)
	if at.Line > 0 {
		where = fmt.Sprintf(",line=%d,col=%d", at.Line, at.Column)
	} else if words := place(at); words != "" {
		message = words + ": " + message
	}
	return fmt.Sprintf("::%s file=%s%s,title=%s::%s", kind, property.Replace(clean(file, longLine)), where, property.Replace(clean(title, 200)), data.Replace(message))
}
