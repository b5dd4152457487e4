// Package crawltest is a small web that rots on demand, on the loopback
// interface of this machine.
//
// It guarantees that
//   - everything it says crosses a real TCP connection, TLS where the URL says
//     https, so that what a crawler meets here it would meet outside;
//   - it listens on loopback addresses alone, and its dialer connects to
//     nothing else: any other address is refused and noted ([Directory.Strays]);
//   - every body called stable is the same bytes each time ([Web.Body]) until
//     [Web.Advance] is called;
//   - endless senders stop when the client closes, and [Web.Close] ends every
//     connection and goroutine within a second.
//
// It does not speak HTTP/2 or HTTP/3, and it reads requests leniently: it is
// no judge of the crawler's requests, it writes them down ([Web.Requests]).
//
// Host names end in .test (RFC 6761, section 6.2). Each host has an address of
// its own in 127.77.0.0/16; where a system gives only 127.0.0.1 the listeners
// share that address, and [Directory.Resolve] still answers with the address
// of the host, which [Directory.DialContext] understands.
//
// # What passing time does
//
// The demo hosts tell the story of the dam above Lower Wend. A phase is the
// number of calls of [Web.Advance] so far.
//
//	URL                                       phase 0             phase 1 and later
//	https://gazette.test/2026/dam-report      200, with ETag      the same bytes
//	https://gazette.test/letters              200                 404
//	http://old.gazette.test/story/17          301 archive/17      the same
//	https://gazette.test/archive/17           200                 the same bytes
//	https://council.test/minutes/2024-03      302 home page       the same
//	https://council.test/plan.html            404                 404
//	https://ministry.test/notice/9            410                 410
//	https://ministry.test/files/annual.pdf    200, a PDF          the same bytes
//	https://walled.test/report                403, a bot wall     the same
//	https://busy.test/data                    429 for an hour     200
//	https://slow.test/long-read               200 within 1 s      the same bytes
//	https://expired.test/                     expired certificate the same
//	https://cut.test/broadcast                reset mid-body      the same
//	https://wire.test/live                    200                 another text in each phase
//	https://nowhere.test/gone                 no such domain      the same
//
// The hosts of [Web.Cases] each have one thing wrong with them; a corpus
// ([NewCorpus]) has nothing wrong with it and is for benchmarks.
package crawltest
