package platform

import "testing"

// TestXToken compares with what a JavaScript engine makes of the same IDs.
func TestXToken(t *testing.T) {
	for _, v := range xTokens {
		if got := xToken(v[0]); got != v[1] {
			t.Errorf("token of %s is %s, want %s", v[0], got, v[1])
		}
	}
	for _, id := range []string{"", "x", "0", "-1"} {
		if got := xToken(id); got != "" {
			t.Errorf("token of %q is %q, want none", id, got)
		}
	}
}

// xTokens were made by V8 (Node 20).
var xTokens = [][2]string{
	{"1", "bhi2ay3f28n"},
	{"7", "28eig4mnxfp"},
	{"20", "6dq1a2xwd93"},
	{"21", "6p7jcdvzsb"},
	{"99", "vl4oc3ref6"},
	{"1000", "8v25s32yek"},
	{"123456789", "ng9m4sqe3h"},
	{"1099511627776", "4h5rbyxkpw3"},
	{"17179869184", "2inhmhedwkb"},
	{"29000000000", "49uc6na7ar"},
	{"999999999999999", "353i5ab8p54"},
	{"1000000000000000", "353i5ab8p5f"},
	{"318309886183790", "zzzzzzzzzs"},
	{"1234567890123456789", "2zqic77uqyk"},
	{"1790637656616943991", "4c9gcitu1vq"},
	{"1799999999999999999", "4d2v7cbm2xj"},
	{"1000000000000000000", "2f9lc2ug9mm"},
	{"9007199254740993", "saoujnx4as"},
	{"1517583190134075392", "3ofmm5dkwl"},
	{"1862503213400289424", "4ij85fi2f4k"},
	{"1955000000000000001", "4qltah3hdu"},
	{"2013000000000000000", "4voxplmled"},
	{"9223372036854775807", "mcw2svce2ao"},
	{"18446744073709551615", "18ps5lqos4lc"},
}
