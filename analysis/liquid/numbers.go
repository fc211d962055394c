package liquid

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// numberFilters are the filters of numbers. Liquid counts fractions in
// decimals, as people write them: 1.1 and 2.2 are 3.3.
var numberFilters = map[string]filterRule{
	"plus":       {1, 1, arithmetic},
	"minus":      {1, 1, arithmetic},
	"times":      {1, 1, arithmetic},
	"divided_by": {1, 1, arithmetic},
	"modulo":     {1, 1, arithmetic},
	"at_least":   {1, 1, arithmetic},
	"at_most":    {1, 1, arithmetic},
	"abs":        {0, 0, rounded},
	"ceil":       {0, 0, rounded},
	"floor":      {0, 0, rounded},
	"round":      {0, 1, rounded},
	"to_integer": {0, 0, func(r *renderer, c *filterArgs) Value {
		switch v := c.v.(type) {
		case bool:
			if v {
				return 1
			}
			return 0
		case float64:
			return int(v)
		case List, Object, Range:
			return r.fail(c.span, "the filter to_integer takes a number")
		}
		return toInt(c.v)
	}},
}

// A decimal is a number as Liquid's arithmetic has it (Utils.to_number): a
// whole number, or a decimal fraction.
type decimal struct {
	*big.Rat
	whole bool
}

func decimalOf(v Value) decimal {
	switch v := v.(type) {
	case int:
		return decimal{new(big.Rat).SetInt64(int64(v)), true}
	case float64:
		if r, ok := new(big.Rat).SetString(strconv.FormatFloat(v, 'g', -1, 64)); ok {
			return decimal{r, false}
		}
	case Text:
		s := strings.TrimFunc(v.S, func(c rune) bool { return c < 0x80 && isTrimmed(byte(c)) })
		if isDecimal(s) {
			if r, ok := new(big.Rat).SetString(s); ok {
				return decimal{r, false}
			}
		}
		return decimal{new(big.Rat).SetInt64(int64(leadingInt(s))), true}
	}
	return decimal{new(big.Rat), true}
}

// isDecimal reports whether s is digits, a point and digits.
func isDecimal(s string) bool {
	whole, part, ok := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	return ok && whole != "" && part != "" && len(s) < 400 && strings.Trim(whole+part, "0123456789") == ""
}

// leadingInt is Ruby's String#to_i: the number that s begins with, or 0.
func leadingInt(s string) int {
	s = strings.TrimLeft(s, " \t\n\v\f\r")
	end := 0
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || end == 0 && (s[0] == '-' || s[0] == '+') ||
		s[end] == '_' && end > 0 && s[end-1] != '_' && end+1 < len(s)) {
		end++
	}
	n, _ := strconv.Atoi(strings.ReplaceAll(s[:end], "_", ""))
	return n
}

func (d decimal) value() Value {
	if d.whole {
		if n := d.Num(); n.IsInt64() {
			return int(n.Int64())
		}
		return Text{S: d.Num().String()}
	}
	f, _ := d.Float64()
	return f
}

// floored returns the greatest whole number that is not above d.
func (d decimal) floored() *big.Int {
	q, m := new(big.Int), new(big.Int)
	q.DivMod(d.Num(), d.Denom(), m) // Euclidean: with a positive divisor it rounds down
	return q
}

func arithmetic(r *renderer, c *filterArgs) Value {
	a, b := decimalOf(c.v), decimalOf(c.args[0])
	out := decimal{new(big.Rat), a.whole && b.whole}
	switch c.name {
	case "plus":
		out.Add(a.Rat, b.Rat)
	case "minus":
		out.Sub(a.Rat, b.Rat)
	case "times":
		out.Mul(a.Rat, b.Rat)
	case "at_least":
		if b.Cmp(a.Rat) > 0 {
			return b.value()
		}
		return a.value()
	case "at_most":
		if b.Cmp(a.Rat) < 0 {
			return b.value()
		}
		return a.value()
	default:
		if b.Sign() == 0 {
			return r.fail(c.span, "divided by 0")
		}
		out.Quo(a.Rat, b.Rat)
		if whole := new(big.Rat).SetInt(out.floored()); c.name == "modulo" {
			out.Sub(a.Rat, whole.Mul(whole, b.Rat))
		} else if out.whole {
			out.Rat = whole // Ruby rounds down
		}
	}
	if out.Num().BitLen() > 4096 {
		return r.fail(c.span, "this number is too large")
	}
	return out.value()
}

func rounded(r *renderer, c *filterArgs) Value {
	d := decimalOf(c.v)
	switch c.name {
	case "abs":
		return decimal{new(big.Rat).Abs(d.Rat), d.whole}.value()
	case "floor":
		return decimal{new(big.Rat).SetInt(d.floored()), true}.value()
	case "ceil":
		up := decimal{new(big.Rat).Neg(d.Rat), true}.floored()
		return decimal{new(big.Rat).SetInt(up.Neg(up)), true}.value()
	}
	digits := 0
	if len(c.args) > 0 {
		n := decimalOf(c.args[0])
		if !n.whole || n.Num().BitLen() > 16 {
			return r.fail(c.span, "round takes a whole number")
		}
		digits = int(n.Num().Int64())
	}
	if digits > 300 || d.whole && digits >= 0 || digits < -300 {
		return d.value()
	}
	scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(digits, -digits))), nil))
	if digits < 0 {
		scale.Inv(scale)
	}
	// Halves are rounded away from zero.
	x := new(big.Rat).Mul(new(big.Rat).Abs(d.Rat), scale)
	x.Add(x, big.NewRat(1, 2))
	x.SetInt(decimal{x, true}.floored())
	x.Quo(x, scale)
	if d.Sign() < 0 {
		x.Neg(x)
	}
	return decimal{x, d.whole || digits == 0}.value()
}

// integer reads a filter's argument as Liquid's to_integer does: it has to be a
// whole number, as a number or written out.
func integer(v Value) (int, bool) {
	switch v := v.(type) {
	case int:
		return v, true
	case Text:
		s := strings.TrimSpace(v.S)
		n, err := strconv.ParseInt(s, 0, 64)
		return int(n), err == nil
	}
	return 0, false
}

// formatFloat prints as Ruby's Float#to_s does.
func formatFloat(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case math.IsNaN(f):
		return "NaN"
	}
	if a := math.Abs(f); a != 0 && (a < 1e-4 || a >= 1e16) {
		s := strconv.FormatFloat(f, 'e', -1, 64)
		mantissa, exponent, _ := strings.Cut(s, "e")
		if !strings.Contains(mantissa, ".") {
			mantissa += ".0"
		}
		return mantissa + "e" + exponent
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}
