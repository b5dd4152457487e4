package log

// Rule says what kind of damage a [Problem] is.
type Rule string

const (
	// Missing says that the object should be there.
	Missing Rule = "missing"
	// Altered says that the object isn't what it was when it was stored.
	Altered Rule = "altered"
	// Stray says that nothing in the log calls for the object.
	Stray Rule = "stray"
	// Inconsistent says that objects that are each well-formed contradict each other.
	Inconsistent Rule = "inconsistent"
)

// Problem is damage that a check found in the log.
type Problem struct {
	Rule    Rule
	Key     string // of the object
	Message string // a sentence's end: what is wrong with it
}
