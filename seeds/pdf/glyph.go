package pdf

import (
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// glyphText is the text of a glyph by its name (Adobe Glyph List): "A", "eacute", "f_i", "uni0416", "afii10017".
func glyphText(glyph string) (string, bool) {
	glyph, _, _ = strings.Cut(glyph, ".")
	if len(glyph) > 100 {
		return "", false
	}
	if strings.Contains(glyph, "_") {
		var b strings.Builder
		for part := range strings.SplitSeq(glyph, "_") {
			text, ok := glyphText(part)
			if !ok {
				return "", false
			}
			b.WriteString(text)
		}
		return b.String(), true
	}
	if len(glyph) == 1 {
		return glyph, true
	}
	if text, ok := namedGlyphs[glyph]; ok {
		return text, true
	}
	if text, ok := numberedGlyph(glyph); ok {
		return text, true
	}
	if letter, ok := greek[strings.ToLower(glyph)]; ok {
		if glyph[0] >= 'A' && glyph[0] <= 'Z' {
			return strings.ToUpper(letter), true
		}
		return letter, true
	}
	for accent, mark := range accents {
		if letter, ok := strings.CutSuffix(glyph, accent); ok && len(letter) == 1 {
			return norm.NFC.String(letter + mark), true
		}
	}
	return "", false
}

// numberedGlyph reads the names that give a code point.
func numberedGlyph(glyph string) (string, bool) {
	if rest, ok := strings.CutPrefix(glyph, "afii"); ok {
		n, err := strconv.Atoi(rest)
		switch {
		case err != nil:
		case n == 10023:
			return "Ё", true
		case n == 10071:
			return "ё", true
		case n >= 10017 && n <= 10049:
			return cyrillic(n-10017, 'А', 10023-10017), true
		case n >= 10065 && n <= 10097:
			return cyrillic(n-10065, 'а', 10071-10065), true
		case n == 61352:
			return "№", true
		}
		return "", false
	}
	digits, ok := strings.CutPrefix(glyph, "uni")
	if !ok || len(digits) < 4 {
		if digits, ok = strings.CutPrefix(glyph, "u"); !ok || len(digits) < 4 || len(digits) > 6 {
			return "", false
		}
	} else if len(digits) > 4 {
		digits = digits[:4]
	}
	n, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || n > 0x10ffff {
		return "", false
	}
	return string(rune(n)), true
}

// cyrillic is letter n of an alphabet that begins with first and has Ё in place io.
func cyrillic(n int, first rune, io int) string {
	if n > io {
		n--
	}
	return string(first + rune(n))
}

// accents are the ends of names of letters with an accent.
var accents = map[string]string{
	"acute": "\u0301", "grave": "\u0300", "circumflex": "\u0302", "dieresis": "\u0308", "tilde": "\u0303", "caron": "\u030c",
	"ring": "\u030a", "cedilla": "\u0327", "ogonek": "\u0328", "breve": "\u0306", "macron": "\u0304", "dotaccent": "\u0307",
	"hungarumlaut": "\u030b", "commaaccent": "\u0326",
}

var greek = map[string]string{
	"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ", "iota": "ι",
	"kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "omicron": "ο", "pi": "π", "rho": "ρ", "sigma": "σ",
	"tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
}

var namedGlyphs = map[string]string{
	"space": " ", "nbspace": " ", "nonbreakingspace": " ", "exclam": "!", "quotedbl": "\"", "numbersign": "#", "dollar": "$", "percent": "%",
	"ampersand": "&", "quotesingle": "'", "parenleft": "(", "parenright": ")", "asterisk": "*", "plus": "+", "comma": ",",
	"hyphen": "-", "sfthyphen": "\u00ad", "softhyphen": "\u00ad", "minus": "−", "period": ".", "slash": "/", "zero": "0", "one": "1", "two": "2",
	"three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "colon": ":",
	"semicolon": ";", "less": "<", "equal": "=", "greater": ">", "question": "?", "at": "@", "bracketleft": "[",
	"backslash": "\\", "bracketright": "]", "asciicircum": "^", "underscore": "_", "grave": "`", "quoteleft": "‘",
	"quoteright": "’", "braceleft": "{", "bar": "|", "braceright": "}", "asciitilde": "~", "exclamdown": "¡", "cent": "¢",
	"sterling": "£", "fraction": "⁄", "yen": "¥", "florin": "ƒ", "section": "§", "currency": "¤", "quotedblleft": "“",
	"quotedblright": "”", "guillemotleft": "«", "guillemotright": "»", "guilsinglleft": "‹", "guilsinglright": "›",
	"g3": " ", "ff": "ff", "fi": "fi", "fl": "fl", "ffi": "ffi", "ffl": "ffl", "endash": "–", "emdash": "—", "dagger": "†",
	"daggerdbl": "‡", "periodcentered": "·", "paragraph": "¶", "bullet": "•", "quotesinglbase": "‚", "quotedblbase": "„",
	"ellipsis": "…", "perthousand": "‰", "questiondown": "¿", "acute": "´", "circumflex": "ˆ", "tilde": "˜", "macron": "¯",
	"breve": "˘", "dotaccent": "˙", "dieresis": "¨", "ring": "˚", "cedilla": "¸", "hungarumlaut": "˝", "ogonek": "˛",
	"caron": "ˇ", "AE": "Æ", "ae": "æ", "OE": "Œ", "oe": "œ", "Oslash": "Ø", "oslash": "ø", "Lslash": "Ł", "lslash": "ł",
	"Eth": "Ð", "eth": "ð", "Thorn": "Þ", "thorn": "þ", "germandbls": "ß", "dotlessi": "ı", "dotlessj": "ȷ",
	"Dcroat": "Đ", "dcroat": "đ", "ordfeminine": "ª", "ordmasculine": "º", "onesuperior": "¹", "twosuperior": "²",
	"threesuperior": "³", "onehalf": "½", "onequarter": "¼", "threequarters": "¾", "plusminus": "±", "multiply": "×",
	"divide": "÷", "degree": "°", "copyright": "©", "registered": "®", "trademark": "™", "Euro": "€", "logicalnot": "¬",
	"brokenbar": "¦", "infinity": "∞", "notequal": "≠", "lessequal": "≤", "greaterequal": "≥", "approxequal": "≈",
	"partialdiff": "∂", "summation": "∑", "product": "∏", "integral": "∫", "radical": "√", "element": "∈", "arrowright": "→",
	"arrowleft": "←", "arrowup": "↑", "arrowdown": "↓", "arrowdblright": "⇒", "visiblespace": "␣", "nbhyphen": "‑", "zerosuperior": "⁰",
	"foursuperior": "⁴", "fivesuperior": "⁵", "sixsuperior": "⁶", "sevensuperior": "⁷", "eightsuperior": "⁸", "ninesuperior": "⁹",
}
