package verify

import "github.com/ibid-archive/ibid/archive"

// JudgeImported gives a visit that somebody else recorded its verdict: that of
// Judge where what was recorded suffices for one. missing is where the last
// answer redirects to when that is not among the records, "" otherwise.
func JudgeImported(v *archive.Visit, missing string) archive.Judgement {
	j := archive.Judgement{Verdict: archive.Unknown}
	switch last := v.Last(); {
	case last == nil || last.Status == 0:
		j.Reasons = []string{because("import-incomplete", "the record has no answer of a server, only content")}
	case missing != "":
		j.Reasons = []string{because("import-incomplete", "the answer redirects to %s, of which there is no record", brief(missing))}
	default:
		j = Judge(v)
	}
	j.Reasons = append(j.Reasons, because("imported", "somebody else recorded this; nothing shows that the server sent it"))
	return j
}
