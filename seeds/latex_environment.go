package seeds

import (
	"strconv"
	"strings"
)

// beginEnvironment reads what follows \begin.
func (l *latex) beginEnvironment(i, to int) int {
	t := l.src.text
	env, end := texWord(t, i)
	if l.flat || end == i {
		return max(end, i)
	}
	switch {
	case verbatimEnvironment(env):
		return l.listing(env, end, to)
	case texDrawn(env):
		l.paragraphUnless(strings.HasPrefix(env, "math"))
		return l.leaveOut(env, end, to)
	}
	l.paragraph()
	block := fluentBlock{env: env, kind: l.state.kind}
	note := l.state.kind == blockNote
	switch strings.TrimSuffix(env, "*") {
	case "itemize", "enumerate", "description", "compactitem", "compactenum", "list":
		if !note {
			block.kind = blockItem
		}
		end = l.skip(end, 0)
		if env == "list" {
			end = l.skip(end, 2)
		}
	case "tabular", "longtable", "supertabular", "xltabular", "array":
		end = l.skip(end, 1)
		if !note {
			block.kind = blockCell
		}
	case "tabularx", "tabulary":
		end = l.skip(end, 2)
		if !note {
			block.kind = blockCell
		}
	case "thebibliography":
		end = l.skip(end, 1)
		block.kind = blockNote
	case "multicols", "minipage", "otherlanguage", "spacing", "column", "adjustbox":
		end = l.skip(end, 1)
	case "wrapfigure", "wraptable", "adjustwidth", "CJK":
		end = l.skip(end, 2)
	case "figure", "table", "quote", "quotation", "center", "abstract", "frame":
		end = l.skip(end, 0)
	}
	if env == "tabular*" {
		_, _, end, _ = l.group(end, '{')
	}
	if len(l.states) < maxNesting {
		l.states = append(l.states, l.state)
		l.state = block
	}
	return end
}

func (l *latex) paragraphUnless(inline bool) {
	if !inline {
		l.paragraph()
	}
}

// endEnvironment closes an environment and those within it.
func (l *latex) endEnvironment(env string) {
	if l.flat {
		return
	}
	l.paragraph()
	if env == "thebibliography" {
		l.closeEntry()
	}
	if l.state.env == env && len(l.states) > 0 {
		l.state = l.states[len(l.states)-1]
		l.states = l.states[:len(l.states)-1]
		return
	}
	for n := len(l.states) - 1; n > 0; n-- {
		if l.states[n].env == env {
			l.state = l.states[n-1]
			l.states = l.states[:n-1]
			return
		}
	}
}

// texDrawn tells the environments that are no text: formulas and drawings.
func texDrawn(env string) bool {
	switch strings.TrimSuffix(env, "*") {
	case "equation", "align", "gather", "multline", "eqnarray", "flalign", "alignat", "displaymath", "math", "tikzpicture", "pgfpicture", "picture":
		return true
	}
	return false
}

// leaveOut passes over an environment.
func (l *latex) leaveOut(env string, i, to int) int {
	const longest = 20_000 // bytes, within a note
	what := `\end{` + env + `}`
	if to == l.bodyEnd {
		if end := l.find(what, i); end >= 0 && end < to {
			return end + len(what)
		}
		return i
	}
	if n := strings.Index(l.src.text[i:min(to, i+longest)], what); n >= 0 {
		return i + n + len(what)
	}
	return i
}

// listing writes code; comments and the like are left out.
func (l *latex) listing(env string, i, to int) int {
	what := `\end{` + env + `}`
	end := l.find(what, i)
	if end < 0 || end > to {
		return i
	}
	l.paragraph()
	switch strings.TrimSuffix(env, "*") {
	case "comment", "filecontents":
	default:
		from := i
		if env == "minted" || env == "lstlisting" || env == "Verbatim" {
			first := lineEnd(l.src.text, i)
			from = min(end, max(i, first))
		}
		l.begin(blockCode, 0)
		l.copy(from, end)
		l.end()
	}
	return end + len(what)
}

// item begins an item of a list. The number of an enumeration is text, and so is the word that an item is given.
func (l *latex) item(i, end int) int {
	from, to, next, given := l.group(end, '[')
	if l.flat {
		return next
	}
	l.paragraph()
	if !given {
		if strings.HasSuffix(l.state.env, "enumerate") || l.state.env == "compactenum" {
			l.state.count++
			l.ensure()
			l.write(strconv.Itoa(l.state.count)+".", i, end)
			l.gap = textGap{end, end + 1, false}
		}
		return l.behind(end)
	}
	const longest = 2000 // bytes
	if to-from <= longest {
		l.symbol(l.plain(from, to), from, to)
		l.space(to, next, false)
	}
	return next
}
