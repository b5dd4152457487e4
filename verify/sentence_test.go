package verify

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestSentences(t *testing.T) {
	// Each text is written with | between its sentences, in the place of the
	// white space there.
	for _, tt := range []string{
		"",
		"One",
		"One.|Two!|Three?|Four…|Five",
		"He met Mr. Smith, Dr. Jones and Gen. Lee.|They talked.",
		"J. R. R. Tolkien wrote it.|The U.S. Army and the U.K. left.",
		"They left the U.S.|The others stayed.",
		"It cost 3.5 million.|See example.org/a.b for No. 5 and p. 12.",
		"No.|That is wrong.",
		"Acme Inc. President Jane Doe spoke.|She works for Acme Inc.|The company grew.",
		"“Stop!” he said.|“Why?”|She left.",
		"He said: “It is over.”|Then (later.)|He left.[12]|She stayed.",
		"It began … and ended.|... Then it went on.",
		"3. Results of 2015.|In 2016.|It ended.",
		"Line one\nLine two.|Three",
		"В 2015 г.|Президент подписал закон.|Он живёт в г. Москва на ул. Ленина.",
		"А. С. Пушкин, т. е. поэт, родился в 1799 г. в Москве.|Это было давно.",
		"Потрачено 5 млн. рублей и т. д.|Все согласны.",
		"«Это конец».|Он ушёл.|«Почему?» — спросила она.",
		"قال الرئيس ذلك.|هل هذا صحيح؟|نعم.",
		"یہ ایک جملہ ہے۔|دوسرا جملہ۔",
		"این جمله است.|د. محمد آمد.",
		"これは文です。|次の文です！|はい",
		"यह वाक्य है।|दूसरा वाक्य",
	} {
		text := strings.ReplaceAll(tt, "|", " ")
		var want, got []string
		for s := range strings.FieldsFuncSeq(tt, func(r rune) bool { return r == '|' || r == '\n' }) {
			want = append(want, s)
		}
		for _, s := range Sentences(text) {
			got = append(got, text[s.Start:s.End])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt, diff)
		}
	}
}

func TestSentencesBound(t *testing.T) {
	for _, text := range []string{strings.Repeat("word ", 10000), strings.Repeat("я", 10000), strings.Repeat(".", 10000)} {
		checkSentences(t, text)
	}
}

func FuzzSentences(f *testing.F) {
	for _, seed := range []string{"A. B c.d (e.) f", "г. 5", "…\n\t. ", "\xff. A", "[1.[2]. A", strings.Repeat("a", 1300)} {
		f.Add(seed)
	}
	f.Fuzz(checkSentences)
}

// checkSentences holds what Sentences promises of every text.
func checkSentences(t *testing.T, text string) {
	at := 0
	for _, s := range Sentences(text) {
		if s.Start < at || s.End <= s.Start || s.End > len(text) {
			t.Fatalf("%q: %v after %d", text, s, at)
		}
		if between := text[at:s.Start]; strings.TrimSpace(between) != "" {
			t.Fatalf("%q: lost %q", text, between)
		}
		got := text[s.Start:s.End]
		if strings.TrimSpace(got) != got || strings.Contains(got, "\n") || len(got) > sentenceLimit {
			t.Fatalf("%q: sentence %q", text, got)
		}
		if utf8.ValidString(text) && !utf8.ValidString(got) {
			t.Fatalf("%q: %q is cut in a character", text, got)
		}
		at = s.End
	}
	if strings.TrimFunc(text[at:], unicode.IsSpace) != "" {
		t.Fatalf("%q: lost %q", text, text[at:])
	}
}
