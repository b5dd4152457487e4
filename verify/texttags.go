package verify

import "strings"

// tagKind is what the walk over a page must know of an element.
type tagKind uint16

const (
	block         tagKind = 1 << iota // stands on lines of its own
	endsParagraph                     // its start closes an open <p>
	void                              // has no content and no end tag
	hides                             // its content is not shown, or is no text of the page
	formatting                        // closes across blocks
	barrier                           // no end tag inside it closes what is outside
	table                             // end tags of cells and rows do not reach out of it
	list                              // items inside it do not close items outside
	cells                             // stands in a row beside others
	preformatted                      // its line ends are shown
	breaksOut                         // ends <svg> when it is found in there
)

// kinds has the elements of the HTML standard ("The elements of HTML",
// "Rendering") that are more than a run of words. It is not changed.
var kinds = tagKinds([]struct {
	kind  tagKind
	names string
}{
	{block, "button caption option tbody tfoot thead tr video"},
	{block | endsParagraph, "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption " +
		"figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li listing main menu nav ol optgroup p plaintext " +
		"pre search section summary table ul xmp"},
	{void, "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr"},
	{hides, "annotation annotation-xml applet audio canvas datalist dialog iframe noembed noframes noscript object rp " +
		"script select style svg template textarea title video"},
	{formatting, "a b big code em font i nobr s small strike strong tt u"},
	{barrier, "applet button caption foreignobject marquee object table td template th"},
	{table, "table template"},
	{list, "dl menu ol ul"},
	{cells, "td th"},
	{preformatted, "listing plaintext pre xmp"},
	{breaksOut, "b big body br code em embed head i img meta ruby s small span strike strong sub sup tt u var"},
})

func tagKinds(table []struct {
	kind  tagKind
	names string
},
) map[string]tagKind {
	kinds := map[string]tagKind{}
	for _, row := range table {
		for name := range strings.FieldsSeq(row.names) {
			kinds[name] |= row.kind
		}
	}
	return kinds
}
