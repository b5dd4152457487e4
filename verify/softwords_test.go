package verify

import "testing"

// TestAbsenceInLanguages reads headings in the words of as many languages.
func TestAbsenceInLanguages(t *testing.T) {
	for _, line := range []string{
		"Stránka nenalezena | Deník", "A keresett oldal nem található - Index", "Sidan kunde inte hittas", "Siden ble ikke funnet", "Siden findes ikke", "Sivua ei löytynyt",
		"Η σελίδα δεν βρέθηκε", "Страницата не е намерена", "Страница није пронађена", "Stranica nije pronađena", "Pagina nu a fost găsită", "הדף לא נמצא", "Էջը չի գտնվել",
		"გვერდი ვერ მოიძებნა", "Səhifə tapılmadı", "Sahypa tapylmady", "Хуудас олдсонгүй", "پەڕە نەدۆزرایەوە", "Lapa nav atrasta", "Puslapis nerastas", "Lehte ei leitud",
		"Faqja nuk u gjet", "Stránka sa nenašla", "Strani ni mogoče najti", "Ukurasa haukupatikana", "Diese Seite gibt es leider nicht mehr", "Lo sentimos, esta página ya no está disponible",
		"Такой страницы больше нет", "Страница, которую вы ищете, не найдена", "Cette page n'est plus disponible", "Ops! La pagina non è disponibile", "Strona, której szukasz, nie istnieje", "この記事は掲載期間が終了しました",
		"삭제된 기사입니다", "هذا الخبر غير متاح", "این صفحه وجود ندارد", "Trang bạn yêu cầu không tồn tại", "Halaman yang Anda tuju tidak ditemukan",
	} {
		if got, said := absenceIn(line); got != explicitly {
			t.Errorf("%q: %d (%q)", line, got, said)
		}
	}
}
