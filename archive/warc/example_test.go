package warc_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"log"
	"time"

	"github.com/ibid-archive/ibid/archive/warc"
)

// A response is written with its digests, and checked on the way back.
func Example() {
	block := []byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
	message, err := warc.Payload(bytes.NewReader(block), warc.MsgResponse)
	if err != nil {
		log.Fatal(err)
	}
	body, err := io.ReadAll(message.Body)
	if err != nil {
		log.Fatal(err)
	}

	var h warc.Header
	h.Add(warc.FieldType, string(warc.TypeResponse))
	h.Add(warc.FieldRecordID, warc.NewID())
	h.Add(warc.FieldDate, warc.FormatDate(time.Now()))
	h.Add(warc.FieldTargetURI, "https://source.test/")
	h.Add(warc.FieldContentType, "application/http; msgtype=response")
	h.Add(warc.FieldBlockDigest, warc.FormatDigest(sha256.Sum256(block)))
	h.Add(warc.FieldPayloadDigest, warc.FormatDigest(sha256.Sum256(body)))

	var file bytes.Buffer
	if _, err := warc.NewWriter(&file).WriteRecord(h, bytes.NewReader(block), int64(len(block))); err != nil {
		log.Fatal(err)
	}

	err = warc.VerifyFile(&file, func(rec *warc.Record, problems []warc.Problem) error {
		fmt.Println(rec.Type(), rec.TargetURI(), problems)
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d %s\n", message.Status, body)
	// Output:
	// response https://source.test/ []
	// 200 hello
}
