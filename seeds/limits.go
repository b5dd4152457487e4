package seeds

// The bounds of what is read. A report is hostile input: every reader keeps to them, and adds here what bounds its own
// format, such as the bytes unpacked; those of Markdown alone stand with it.
const (
	// MaxSize is the largest report that [Read] takes, in bytes.
	MaxSize = 64 << 20
	// maxNesting bounds how deep elements lie within each other; what is deeper is read as text or not at all, never by
	// a deeper recursion.
	maxNesting = 200
	// maxCitations bounds the addresses of one report.
	maxCitations = 1_000_000
	// maxMeta bounds a title, a name or an address in what a report says of itself, in bytes.
	maxMeta = 2000
	// maxAuthors bounds the authors of a report.
	maxAuthors = 200
	// maxUnpacked bounds what is unpacked of a zip archive, in bytes; maxParts its entries.
	maxUnpacked = 128 << 20
	maxParts    = 10_000
	// maxRatio bounds how many times its size a part of more than freeRatio bytes unpacks to.
	maxRatio  = 200
	freeRatio = 32 << 20
	// maxNotes bounds the references to notes in a document of a word processor.
	maxNotes = 200_000
	// maxToken bounds one tag or one stretch of text in XML, in bytes.
	maxToken = 16 << 20
)
