package verify

import (
	"strings"
	"testing"

	"github.com/ibid-archive/ibid/archive"
)

// TestJudgeNotices judges pages that tell of the server or the visitor, and whose like
// every address of the site gets.
func TestJudgeNotices(t *testing.T) {
	const story = "http://wend.example/reports/17"
	menu := "<nav>" + strings.Repeat("<a href=/>News</a> ", 14) + "</nav>"
	own := answer(t, "http://wend.example/none", 404, doc("404", "Nothing."), "Content-Type: text/html")
	for _, tc := range []struct {
		page    string
		verdict archive.Verdict
		code    string
	}{
		{doc("Access Denied", ""), archive.Blocked, "denied"},
		{doc("403 Forbidden", "You don't have permission to access this resource."), archive.Blocked, "denied"},
		{menu + doc("Gazette", "") + "<h1>Too many requests</h1>", archive.Blocked, "denied"},
		{"<title>Gazette</title>" + menu + "<h1>Доступ к сайту ограничен</h1>", archive.Blocked, "denied"},
		{doc("Доступ запрещён", ""), archive.Blocked, "denied"},
		{doc("Robot or human?", "Activate and hold the button to confirm that you’re human."), archive.Blocked, "denied"},
		{doc("Access Denied", "The page you requested was blocked by our security service."), archive.Blocked, "denied"},
		{doc("Zugriff verweigert", ""), archive.Blocked, "denied"},
		{doc("دسترسی غیرمجاز", ""), archive.Blocked, "denied"},
		{doc("Error establishing a database connection", ""), archive.Unreachable, "trouble"},
		{"Could not connect: Too many connections", archive.Unreachable, "trouble"},
		{doc("500 Internal Server Error", ""), archive.Unreachable, "trouble"},
		{doc("Сайт временно недоступен", "Ведутся технические работы"), archive.Unreachable, "trouble"},
		{"<title>Gazette</title>" + menu + "<h1>Wartungsarbeiten</h1>", archive.Unreachable, "trouble"},
		{doc("بزودی", "سایت در دست تعمیر است"), archive.Unreachable, "trouble"},
		{"<noscript>Please go on.</noscript>", archive.Unknown, "empty"},

		{doc("Error 404", "Something went wrong."), archive.Soft404, "not-found-title"},
		{doc("Maintenance", survey+" "+other), archive.Alive, "http-200"},
		{doc("Maintenance", "Oil the gate every spring."), archive.Alive, "http-200"},
		{doc("Just a moment", "A poem of the valley."), archive.Alive, "http-200"},
		{doc("Access denied: who reads the archive", survey+" "+other), archive.Alive, "http-200"},
		{doc("Level today", "The lock is under maintenance until May; 4.12 m at 19:00."), archive.Alive, "http-200"},
	} {
		v := visit(answer(t, story, 200, tc.page, "Content-Type: text/html"))
		ask := Judge(v).Ask
		if ask != "" && tc.verdict == archive.Alive {
			own.URL, own.Role = ask, archive.RoleProbe
			v.Exchanges = append(v.Exchanges, own)
		}
		if ask != "" && tc.verdict != archive.Alive {
			x := answer(t, ask, 200, tc.page, "Content-Type: text/html")
			x.Role = archive.RoleProbe
			v.Exchanges = append(v.Exchanges, x)
		}
		if j := Judge(v); j.Verdict != tc.verdict || ReasonCode(j.Reasons[0]) != tc.code {
			t.Errorf("%.80s\njudged %s %q, want %s %s", tc.page, j.Verdict, j.Reasons, tc.verdict, tc.code)
		}
	}
}
