package seeds

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestClaims(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"one sentence", "First there was this. Then came the second one.[1]", []string{"Then came the second one."}},
		{"mark after a space", "It grew since February 2022. [1] Then it shrank a bit.[2]",
			[]string{"It grew since February 2022.", "Then it shrank a bit."}},
		{"mark before the full stop", "Nothing of it was ever true [1]. It all came out later[2]!",
			[]string{"Nothing of it was ever true.", "It all came out later!"}},
		{"abbreviations", "Earlier talk. Dr. J. R. Smith of the U.S. Treasury, e.g. in No. 5, paid $3.5 million to Acme Inc. yesterday.[1]",
			[]string{"Dr. J. R. Smith of the U.S. Treasury, e.g. in No. 5, paid $3.5 million to Acme Inc. yesterday."}},
		{"abbreviation at the end", "They moved to the U.S. The plan failed in the end.[1]", []string{"The plan failed in the end."}},
		{"numbers", "So it was. The ministry said 98% of 3-4,000 men, i.e. 1.5 per house, left on Sept. 3.[1]",
			[]string{"The ministry said 98% of 3-4,000 men, i.e. 1.5 per house, left on Sept. 3."}},
		{"quotes", "He left. “We are 98% done!” he said to the press. “Nobody will come here.”[1] Others laughed about all this?[2] So it went on…[3]",
			[]string{"“Nobody will come here.”", "Others laughed about all this?", "So it went on…"}},
		{"two marks in a sentence", "The first group left the city,[1] and the second one stayed behind.[2]",
			[]string{"The first group left the city", "and the second one stayed behind."}},
		{"chain", "Both of them denied it all.[1][2] Later they agreed to it.[3], [4]",
			[]string{"Both of them denied it all.", "Both of them denied it all.", "Later they agreed to it.", "Later they agreed to it."}},
		{"early mark", "Smith [1] argues that the dam is unsafe. Others disagree with him strongly.[2]",
			[]string{"Smith argues that the dam is unsafe.", "Others disagree with him strongly."}},
		{"short part", "The men of the north and others,[1] too,[2] left.[3]",
			[]string{"The men of the north and others", "The men of the north and others, too", "The men of the north and others, too, left."}},
		{"short sentence", "The rockets fell on the town. He denied it.[1]", []string{"The rockets fell on the town. He denied it."}},
		{"short sentence behind a mark", "The rockets fell on the town.[1] He denied it.[2]", []string{"The rockets fell on the town.", "He denied it."}},
		{"mark in its own line", "The rockets fell on the town.\n\n[1]\n\nThe end of it has come.",
			[]string{"The rockets fell on the town."}},
		{"no full stop", "The rockets fell on the town [1]\n• They did damage the bridge [2]",
			[]string{"The rockets fell on the town", "They did damage the bridge"}},
		{"wrapped lines", "Before that. The long sentence begins in this line of the text and it goes\non in the second one, up to here.[1]",
			[]string{"The long sentence begins in this line of the text and it goes on in the second one, up to here."}},
		{"paragraphs", "A heading without a full stop\nThe rockets fell on the town by night, and the people of the town and of the villages around it fled over the river, it is said.[1]",
			[]string{"The rockets fell on the town by night, and the people of the town and of the villages around it fled over the river, it is said."}},
		{"Russian", "Это было так. В 2022 г. проф. И. И. Иванов, т.е. автор, заявил об этом на ул. Ленина.[1]",
			[]string{"В 2022 г. проф. И. И. Иванов, т.е. автор, заявил об этом на ул. Ленина."}},
		{"German", "So war es. Am 5. Mai fand z.B. die Sitzung statt.[1]", []string{"Am 5. Mai fand z.B. die Sitzung statt."}},
		{"Chinese", "第一句话在这里。第二句话在那里。[1]", []string{"第二句话在那里。"}},
		{"Arabic", "هذه الجملة الأولى. وهذه هي الجملة الثانية هنا؟[1]", []string{"وهذه هي الجملة الثانية هنا؟"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := tt.text + "\n\n[1] https://a.test/\n[2] https://b.test/\n[3] https://c.test/\n[4] https://d.test/\n"
			var got []string
			for _, m := range mustRead(t, "t", []byte(text)).Marks {
				got = append(got, m.Claim)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
