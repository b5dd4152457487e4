package crawltest

type Corpus struct{}
type corpusHost struct{}

func (c *Corpus) sites() []*site               { return nil }
func (c *corpusHost) answer(*conn, *head) bool { return false }
func (c *corpusHost) body(string) []byte       { return nil }
func (c *corpusHost) hits(string) int          { return 0 }
