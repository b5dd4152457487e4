package seeds

import "testing"

func FuzzODT(f *testing.F) {
	fuzzParts(f, "report.odt", "odt-document*", [...]string{"content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml"})
}
