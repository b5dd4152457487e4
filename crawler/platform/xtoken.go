package platform

import (
	"math"
	"strconv"
	"strings"
)

// xToken is the token that X's own embedded posts send with an ID: what
// JavaScript makes of ((Number(id) / 1e15) * Math.PI).toString(36) less all
// zeros and the point. It is "" for what is no number.
func xToken(id string) string {
	n, err := strconv.ParseFloat(id, 64)
	if err != nil || n <= 0 || math.IsInf(n, 0) {
		return ""
	}
	s := radix36((n / 1e15) * math.Pi)
	return strings.NewReplacer("0", "", ".", "").Replace(s)
}

const digits36 = "0123456789abcdefghijklmnopqrstuvwxyz"

// radix36 writes a positive number as JavaScript engines do: the shortest
// fraction that no neighbouring number would be written as, rounded to even.
func radix36(v float64) string {
	whole := math.Floor(v)
	fraction := v - whole
	// Half the distance to the next number; what is smaller tells nothing.
	delta := max(math.Nextafter(0, 1), 0.5*(math.Nextafter(v, math.Inf(1))-v))
	var after []byte
	if fraction >= delta {
		for {
			fraction *= 36
			delta *= 36
			digit := int(fraction)
			after = append(after, digits36[digit])
			fraction -= float64(digit)
			if (fraction > 0.5 || fraction == 0.5 && digit&1 == 1) && fraction+delta > 1 {
				whole, after = roundUp(whole, after)
				break
			}
			if fraction < delta {
				break
			}
		}
	}
	before := wholeIn36(whole)
	if len(after) == 0 {
		return before
	}
	return before + "." + string(after)
}

// roundUp adds one to the last digit of a fraction and carries it.
func roundUp(whole float64, after []byte) (float64, []byte) {
	for len(after) > 0 {
		last := len(after) - 1
		if d := strings.IndexByte(digits36, after[last]); d+1 < 36 {
			after[last] = digits36[d+1]
			return whole, after
		}
		after = after[:last]
	}
	return whole + 1, nil
}

func wholeIn36(v float64) string {
	if v == 0 {
		return "0"
	}
	var back []byte
	for ; math.Ilogb(v) >= 53; v /= 36 {
		back = append(back, '0') // digits that the number does not hold
	}
	for v > 0 {
		d := math.Mod(v, 36)
		back = append(back, digits36[int(d)])
		v = (v - d) / 36
	}
	for i, j := 0, len(back)-1; i < j; i, j = i+1, j-1 {
		back[i], back[j] = back[j], back[i]
	}
	return string(back)
}
