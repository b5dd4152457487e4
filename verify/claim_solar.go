package verify

import "time"

// solarMonths has the months of the Solar Hijri calendar, from that which begins
// in March: as Iran, Afghanistan in Dari and Afghanistan in Pashto call them. It is
// not changed.
var solarMonths = numbered(1,
	"فروردین حمل وری", "اردیبهشت ثور غویی", "خرداد جوزا غبرګولی", "تیر سرطان چنګاښ", "مرداد اسد زمری", "شهریور سنبله وږی",
	"مهر میزان تله", "آبان عقرب لړم", "آذر قوس لیندۍ", "دی جدی مرغومی", "بهمن دلو سلواغه", "اسفند حوت کب")

// solarYear tells the years that are of the Solar Hijri calendar, of the decades in
// which sources were written.
func solarYear(year int) bool { return year >= 1300 && year <= 1450 }

// fromSolar turns a day of the Solar Hijri calendar into one of the Gregorian. The
// leap years from 1300 to 1450 follow a cycle of 33 years; 1 Farvardin 1400 was 21
// March 2021.
func fromSolar(year, month, day int) (date, bool) {
	length := 31
	switch {
	case month < 1 || month > 12 || !solarYear(year):
		return date{}, false
	case month == 12 && !solarLeap(year):
		length = 29
	case month > 6:
		length = 30
	}
	if day < 1 || day > length {
		return date{}, false
	}
	days := (month-1)*31 - max(0, month-7) + day - 1
	for y := 1400; y < year; y++ {
		days += solarDays(y)
	}
	for y := year; y < 1400; y++ {
		days -= solarDays(y)
	}
	at := time.Date(2021, time.March, 21, 0, 0, 0, 0, time.UTC).AddDate(0, 0, days)
	return date{at.Year(), int(at.Month()), at.Day()}, true
}

func solarDays(year int) int {
	if solarLeap(year) {
		return 366
	}
	return 365
}

func solarLeap(year int) bool {
	switch year % 33 {
	case 1, 5, 9, 13, 17, 22, 26, 30:
		return true
	}
	return false
}

// matches reports that a date that a source has is, or may be, the one of a claim:
// nothing that both say differs, and the source says the day where the claim does.
// That a source leaves out the year is usual.
func (t date) matches(source date) bool {
	switch {
	case t.year != 0 && source.year != 0 && t.year != source.year:
		return false
	case t.day != 0:
		return t.month == source.month && t.day == source.day
	case t.month != 0:
		return t.month == source.month && (t.year == 0 || source.year != 0)
	}
	return t.year == source.year
}
