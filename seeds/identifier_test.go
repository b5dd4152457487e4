package seeds

import "testing"

func TestIdentified(t *testing.T) {
	for text, want := range map[string]string{
		"doi:10.1000/182": "https://doi.org/10.1000/182", "DOI 10.1000/182.": "https://doi.org/10.1000/182", "doi: 10.1016/S0140-6736(05)12345-6)": "https://doi.org/10.1016/S0140-6736(05)12345-6",
		"doi:\n   10.1000/182": "https://doi.org/10.1000/182", "doi 10.5": "", "doi10.1000/182": "", "doi:10.1000/": "", "doi:10.abc/1": "", "doing 10.1000/182": "", "doi": "", "do": "",
		"arXiv:2101.00001": "https://arxiv.org/abs/2101.00001", "arXiv: 2101.00001v2.": "https://arxiv.org/abs/2101.00001v2", "arxiv:hep-th/9411108]": "https://arxiv.org/abs/hep-th/9411108",
		"arXiv:hep-\nlat/0309173": "https://arxiv.org/abs/hep-lat/0309173", "arXiv:1": "", "arXiv:": "", "arXiv:0905.2465v3 [hep-lat] 23 Oct 2009": "",
	} {
		f, next, ok := identified(text, 0, ' ')
		if f.url != want || ok != (want != "") || ok && (f.end > len(text) || next < f.end || f.start != 0) {
			t.Errorf("%q names %q (%d to %d, %t), want %q", text, f.url, f.start, f.end, ok, want)
		}
	}
}
