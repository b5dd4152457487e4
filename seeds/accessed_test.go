package seeds

import (
	"strings"
	"testing"
)

func TestAccessed(t *testing.T) {
	for text, want := range map[string]string{
		"https://a.test/ (accessed 3 May 2022).":                                  "2022-05-03",
		"https://a.test/, last accessed on May 3rd, 2022":                         "2022-05-03",
		"Retrieved May 3, 2022, from https://a.test/":                             "2022-05-03",
		"https://a.test/ Retrieved 2022-05-03.":                                   "2022-05-03",
		"https://a.test/ [accessed May 2022]":                                     "2022-05",
		"https://a.test/, abgerufen am 3. Mai 2022":                               "2022-05-03",
		"https://a.test/ (zuletzt aufgerufen am 03.05.2022)":                      "2022-05-03",
		"https://a.test/ (3. März 2022 abgerufen)":                                "2022-03-03",
		"https://a.test/, consulté le 1er août 2022":                              "2022-08-01",
		"https://a.test/ [Consulta: 3 de mayo de 2022]":                           "2022-05-03",
		"https://a.test/ (дата обращения: 03.05.2022)":                            "2022-05-03",
		"https://a.test/ (дата обращения: 3 мая 2022 г.)":                         "2022-05-03",
		"https://a.test/, 3 May 2022":                                             "",
		"https://a.test/, accessed 5/3/2022":                                      "",
		"https://a.test/ accessed 1 May 1822":                                     "",
		"He accessed it. https://a.test/":                                         "",
		"The site was visited by few; 3 May 2022, https://a.test/":                "",
		"https://a.test/, accessed 3 May 2022; https://b.test/ accessed May 2021": "2022-05-03",
		"https://a.test/ [Accessed: 3-May-2022]":                                  "2022-05-03",
		"https://a.test/ (accessed 13/05/2022)":                                   "2022-05-13",
		"https://a.test/ (accessed 05/13/2022)":                                   "2022-05-13",
		"https://a.test/ (accessed 10:23, 3 May 2022)":                            "2022-05-03",
		"https://a.test/ (last access 3 May 2022)":                                "2022-05-03",
		"https://a.test/ [cited 2022 May 3]":                                      "2022-05-03",
		"https://a.test/ (accessed 31 April 2022)":                                "",
		"https://a.test/. Access to water, May 2022":                              "",
		"“The dam.” Accessed May 3, 2022. https://a.test/":                        "2022-05-03",
		"All accessed 3 May 2022: https://a.test/":                                "2022-05-03",
		"Отчет [2022-05-03]. https://a.test/":                                     "2022-05-03",
		"https://a.test/ (letzter Zugriff: 3.5.22)":                               "2022-05-03",
		"https://a.test/ (consulté le 03/05/2022)":                                "2022-05-03",
		"https://a.test/ Acesso em: 3 maio 2022.":                                 "2022-05-03",
		"https://a.test/ (ultimo accesso: 3/5/2022)":                              "2022-05-03",
		"https://a.test/ (consultato il 3 maggio 2022)":                           "2022-05-03", //nolint:misspell // Italian
		"https://a.test/ (geraadpleegd op 3 mei 2022)":                            "2022-05-03",
		"https://a.test/ (dostęp: 3 V 2022)":                                      "2022-05-03",
		"https://a.test/ (dostęp: 3 maja 2022 r.)":                                "2022-05-03",
		"https://a.test/ [cit. 3. 5. 2022]":                                       "2022-05-03",
		"https://a.test/ (hozzáférés: 2022. május 3.)":                            "2022-05-03",
		"https://a.test/ (hämtad 2022-05-03)":                                     "2022-05-03",
		"https://a.test/ (дата звернення: 3 травня 2022)":                         "2022-05-03",
		"https://a.test/ (Erişim tarihi: 3 Mayıs 2022)":                           "2022-05-03",
		"https://a.test/ (murojaat sanasi: 2022-yil 3-may)":                       "2022-05-03",
		"https://a.test/ (қаралған күні: 2022 жылғы 3 мамыр)":                     "2022-05-03",
		"https://a.test/ (кайрылуу күнү: 03.05.2022)":                             "2022-05-03",
		"https://a.test/ (санаи муроҷиат: 3 майи соли 2022)":                      "2022-05-03",
		"https://a.test/ (مشاهده شده در ۱۳ اردیبهشت ۱۴۰۱)":                        "2022-05-03",
		"https://a.test/ (بازدید: ۱۴۰۱/۰۲/۱۳)":                                    "2022-05-03",
		"https://a.test/ (د لاسرسي نېټه: ۱۳ ثور ۱۴۰۱)":                            "2022-05-03",
		"https://a.test/ (تاريخ الدخول 3 مايو 2022)":                              "2022-05-03",
		"https://a.test/ (تاريخ الاطلاع: ٣ تشرين الثاني ٢٠٢٢)":                    "2022-11-03",
		"https://a.test/ (2022年5月3日閲覧)":                                           "2022-05-03",
		"https://a.test/ (访问日期：2022年5月3日)":                                        "2022-05-03",
		"https://a.test/ (2022. 5. 3. 접속)":                                        "2022-05-03",
		"https://a.test/ (truy cập ngày 3 tháng 5 năm 2022)":                      "2022-05-03",
		"https://a.test/ (diakses 3 Mei 2022)":                                    "2022-05-03",
		"https://a.test/; https://b.test/, both accessed 3 May 2022":              "2022-05-03",
		"https://a.test/accessed/2022-05-03":                                      "",
	} {
		r := mustRead(t, "t", []byte("A claim.[1]\n\n[1] "+text+"\n"))
		if got := r.Citations[0].Accessed; got != want {
			t.Errorf("%q was accessed %q, want %q", text, got, want)
		}
	}
}

// TestAccessedShared reads a day that is of all sources of a note.
func TestAccessedShared(t *testing.T) {
	r := mustRead(t, "t", []byte("A claim.[1] Another.[2]\n\n[1] https://a.test/ (accessed 1 May 2022); https://b.test/; https://c.test/ (all accessed 3 May 2022)\n[2] https://d.test/; https://e.test/ (accessed 4 May 2022)\n"))
	var got []string
	for _, c := range r.Citations {
		got = append(got, c.Accessed)
	}
	if want := "2022-05-01 2022-05-03 2022-05-03  2022-05-04"; strings.Join(got, " ") != want {
		t.Errorf("accessed %q, want %s", got, want)
	}
}

func TestReadDay(t *testing.T) {
	for text, want := range map[string]string{
		"2022-05-03T10:00": "2022-05-03", "2022/5/3": "2022-05-03", "2022.05.03": "2022-05-03", "20220503": "", "2022-02-30": "", "3 May 22": "", "3.5.22": "", "3/5/2022": "",
		"3 V 2022": "", "1.2.2022.3": "2022-02-01", "29 حوت 1400": "2022-03-20", "30 اسفند 1400": "", "30 اسفند 1399": "2021-03-20", "1 فروردین 1400": "2021-03-21", "X 2022": "",
	} {
		if got, n := readDay(text); got != want || n > len(text) || got == "" && n != 0 {
			t.Errorf("%q is %q (%d bytes), want %q", text, got, n, want)
		}
	}
}
