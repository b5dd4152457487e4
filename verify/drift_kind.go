package verify

import "slices"

// kindsOf names the kinds of difference between two sentences, the gravest first.
func kindsOf(was, is string, edits []Edit) []string {
	found := map[string]bool{}
	note := func(s string) {
		for _, t := range tokenize(s) {
			found[kindOf(t)] = true
		}
	}
	for _, e := range edits {
		switch e.Op {
		case Deleted:
			noteNames(was, e.Old, found)
			note(was[e.Old.Start:e.Old.End])
		case Inserted:
			noteNames(is, e.New, found)
			note(is[e.New.Start:e.New.End])
		}
	}
	var kinds []string
	for _, k := range []string{NumberChanged, NegationChanged, NameChanged, WordsChanged} {
		if found[k] {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

func kindOf(t token) string {
	switch {
	case t.kind != word:
		return NumberChanged
	case unitWords[t.key] >= 2: // four is a number as much as 4
		return NumberChanged
	case negates(t.key):
		return NegationChanged
	}
	return WordsChanged
}

// noteNames notes a name in a stretch of a sentence. It is known by the words
// before it, which the stretch alone does not have.
func noteNames(sentence string, s Span, found map[string]bool) {
	tokens := tokenize(sentence)
	in := tokensIn(tokens, s)
	if slices.ContainsFunc(tokens[in.Start:in.End], func(t token) bool { return t.name && kindOf(t) == WordsChanged }) {
		found[NameChanged] = true
	}
}

// volatile marks the tokens that change by themselves: how long ago something was,
// and how often it was read, shared or commented on. What a claim or a quote has
// among its own words is none of these.
func volatile(tokens []token, known map[string]bool) []bool {
	marks := make([]bool, len(tokens))
	for i, t := range tokens {
		if t.kind != number || known[t.key] {
			continue
		}
		last := min(len(tokens), i+4)
		switch {
		case i+1 < len(tokens) && countedThing(tokens[i+1].key):
			marks[i], marks[i+1] = true, true
		case i > 0 && countedThing(tokens[i-1].key) && (i+1 == len(tokens) || tokens[i+1].stop || tokens[i+1].kind == number):
			marks[i-1], marks[i] = true, true
		case i+1 < len(tokens) && unitOfTime(tokens[i+1].key):
			for j := i + 2; j < last; j++ {
				if ago(tokens[j].key) {
					for k := i; k <= j; k++ {
						marks[k] = true
					}
				}
			}
		}
	}
	return marks
}

func countedThing(key string) bool {
	switch key {
	case "comment", "comments", "view", "views", "share", "shares", "like", "likes", "reply", "replies", "reads", "reposts", "retweets",
		"комментариев", "комментарий", "комментария", "просмотров", "просмотр", "просмотра", "репостов", "лайков":
		return true
	}
	return false
}

func unitOfTime(key string) bool {
	switch key {
	case "second", "seconds", "sec", "secs", "minute", "minutes", "min", "mins", "hour", "hours", "hr", "hrs", "h", "m", "d",
		"day", "days", "week", "weeks", "month", "months", "year", "years",
		"секунд", "секунду", "секунды", "минут", "минуту", "минуты", "мин", "час", "часа", "часов", "ч",
		"день", "дня", "дней", "неделю", "недели", "недель", "месяц", "месяца", "месяцев", "год", "года", "лет":
		return true
	}
	return false
}

func ago(key string) bool {
	switch key {
	case "ago", "назад":
		return true
	}
	return false
}
