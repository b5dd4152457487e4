// Package pdf reads what the pages of a PDF file show: the characters with their places, horizontal lines and links.
//
// It guarantees that no input makes it panic, and that time and memory are bounded: what is unpacked and interpreted
// counts towards one bound, objects, pages and glyphs towards others, and circles are cut. A broken file is put together
// from the objects that are found in it.
//
// It does not draw, and knows neither images nor the outlines of fonts. Text of a font that does not say what its codes
// mean is U+FFFD. It decrypts what opens without a password (ISO 32000-1 and -2, 7.6).
package pdf
