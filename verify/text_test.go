package verify

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTextHTML(t *testing.T) {
	for _, tt := range []struct{ name, html, want string }{
		{"blocks", "<h1>Head</h1><p>One  two\n three.<p>Four", "Head\nOne two three.\nFour"},
		{"inline elements are no break", "<p>in<b>di</b>visible <span>wo</span><span>rd</span>", "indivisible word"},
		{"forced line break", "a<br>b<br/><br />c", "a\nb\nc"},
		{"scripts and styles", "<style>p{}</style>a<script>if (1<2) '</p>'</script>b<noscript>x</noscript><template>y</template>", "ab"},
		{"hidden", "a<div hidden>x<div>y</div>z</div>b<p style='color:red; DISPLAY : none !important'>x</p>c<i style=visibility:hidden>x</i>", "abc"},
		{"a style that hides nothing", "<p style='background:url(display:none)'>a", "a"},
		{"hidden paragraph without end", "<p hidden>x<p>a", "a"},
		{"hidden item without end", "<ul><li>a<li hidden>x<ul><li>y</ul>z<li>b</ul>c", "a\nb\nc"},
		{"a body is never hidden", "<body style=display:none hidden><p>a", "a"},
		{"hidden formatting across blocks", "<b hidden><p>x</b>a", "a"},
		{"formatting across blocks", "<p>a<b>b<p>c</b>d", "ab\ncd"},
		{"table", "<table><caption>T</caption><tr><th>Year<th>Dead<tr><td>2015<td>1 200</table>after", "T\nYear\tDead\n2015\t1 200\nafter"},
		{"table for layout", "<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>", "a\nb\nc"},
		{"end tags do not leave a cell", "<div>a<table><tr><td hidden>x</div>y<td>b</table>c</div>d", "a\nb\nc\nd"},
		{"preformatted", "<pre>a  b\nc</pre>", "a b\nc"},
		{"form", "a<select><option>x<option>y</select><textarea>z</textarea><button>Send</button>b", "a\nSend\nb"},
		{"select without end", "<form><select><option>x</form>a", "a"},
		{"footnote mark", "in 2015<sup>3</sup>, 1<sup>st</sup> of<sup><a href=#n>[4]</a></sup>", "in 2015 3, 1st of [4]"},
		{"svg", "a<svg><title>icon</title><style/><text>x</text></svg>b", "ab"},
		{"svg without end", "a<svg><path><p>b", "a\nb"},
		{"formula", "<math><mi>x</mi><annotation>\\x</annotation></math>", "x"},
		{"dialog", "a<dialog>x</dialog><dialog open>b</dialog>", "a\nb"},
		{"image", "a<img alt=x>b", "a b"},
		{"entities", "caf&eacute; &amp; &#1040;&nbsp;&#x2009;b", "café & А b"},
		{"normal form", "<p>cafe\u0301 so\u00adft z\u200bero \u202eright\u202c می\u200cخواهم\ufeff", "café soft zero right می\u200cخواهم"},
		{"normal form joins across tags", "<p>cafe<i>\u0301</i>", "café"},
		{"controls", "a\x00\x07b\u2028c", "ab c"},
		{"ruby", "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "漢kan"},
		{"comment and doctype", "<!doctype html><!-- x -->a<!x>b", "ab"},
		{"cut in a tag", "a<p hidd", "a"},
		{"plaintext", "a<plaintext><b>", "a\n<b>"},
		{"empty", "", ""},
	} {
		d, err := Text(strings.NewReader(tt.html), "text/html; charset=utf-8", "")
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		} else if diff := cmp.Diff(tt.want, d.Text); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}
func TestTextErr(t *testing.T) {
	_, err := Text(strings.NewReader("%PDF-1.7"), "", "http://a/b")
	if !errors.Is(err, ErrNoText) {
		t.Error(err)
	}
	t.Log(err)
}
