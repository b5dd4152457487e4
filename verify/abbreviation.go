package verify

import "strings"

// abbreviationKind tells what the full stop of an abbreviation may mean.
type abbreviationKind uint8

const (
	_            abbreviationKind = iota
	inside                        // never ends a sentence: what it belongs to follows
	beforeName                    // ends one only before a word that opens sentences
	beforeNumber                  // ends one unless a number follows
	afterNumber                   // ends one only after a number
	opens                         // no abbreviation: a word that opens sentences
)

// abbreviations has the abbreviations in lower case and without the last full
// stop, and opening words as they are written. It is not changed.
var abbreviations = func() map[string]abbreviationKind {
	kinds := map[string]abbreviationKind{}
	for _, row := range []struct {
		kind  abbreviationKind
		words string
	}{
		{inside, "adm brig capt cmdr col cpl dr e.g fr gen gov hon i.e lt maj messrs mr mrs ms mt pres prof rep rev sen sgt st vs viz"},
		{beforeName, "a.m al apr aug ave blvd bros ca cf co corp dec dept dist ed eds est etc feb inc jan jr jul jun ltd mar nov oct " +
			"p.m ph.d sep sept sr univ"},
		{beforeNumber, "art ch fig no nos p para pp sec vol"},
		{inside, "акад бул гл гр д-р доц ил им корп о-в обл оз пер пл пос просп проф р-н см ср стр т.е т.к т.н т.о ул"},
		{beforeName, "др пр т.д т.п тыс млн млрд трлн руб долл коп чел кв куб"},
		{beforeNumber, "п пп рис с ст табл №"},
		{afterNumber, "в вв г гг"},
		{opens, "A After All Also An And As At Before Both But By During Each For From He Her His However If In It Its Many More Most " +
			"No On One Our Several She Since So Some That The Their Then There These They This Those Though Two Under Until We " +
			"What When Where While Who With You"},
		{opens, "А Без Более Был Была Были Было В Во Все Всего Для До Его Если Ее Еще За Из Именно Их К Как Когда Кроме Мы На Не Но Об Он " +
			"Она Они От По После При С Со Также Так То Только У Это Этот Я"},
	} {
		for word := range strings.FieldsSeq(row.words) {
			kinds[word] = row.kind
		}
	}
	return kinds
}()
