package tex

import "strings"

// The letters that Unicode has raised and lowered.
var raised = pairsOf("0⁰1¹2²3³4⁴5⁵6⁶7⁷8⁸9⁹+⁺−⁻=⁼(⁽)⁾aᵃbᵇcᶜdᵈeᵉfᶠgᵍhʰiⁱjʲkᵏlˡmᵐnⁿoᵒpᵖrʳsˢtᵗuᵘvᵛwʷxˣyʸzᶻAᴬBᴮDᴰEᴱGᴳHᴴIᴵJᴶKᴷLᴸMᴹNᴺOᴼPᴾRᴿTᵀUᵁVⱽWᵂαᵅβᵝγᵞδᵟθᶿ∗*⊤ᵀ††′′")
var lowered = pairsOf("0₀1₁2₂3₃4₄5₅6₆7₇8₈9₉+₊−₋=₌(₍)₎aₐeₑhₕiᵢjⱼkₖlₗmₘnₙoₒpₚrᵣsₛtₜuᵤvᵥxₓβᵦγᵧρᵨφᵩχᵪ")

func pairsOf(s string) map[rune]rune {
	out := map[rune]rune{}
	letters := []rune(s)
	for i := 0; i+1 < len(letters); i += 2 {
		out[letters[i]] = letters[i+1]
	}
	return out
}

// accents are marks by the code of the letter that MathJax sets over another.
var accents = map[string]string{
	"2192": "\u20d7", "005E": "\u0302", "007E": "\u0303", "02D9": "\u0307", "00A8": "\u0308", "00AF": "\u0304", "02C6": "\u0302", "02DC": "\u0303",
	"02D8": "\u0306", "02C7": "\u030c", "00B4": "\u0301", "0060": "\u0300", "02CA": "\u0301", "02CB": "\u0300", "20DB": "\u20db",
}

// styled writes letters in an alphabet of mathematics.
func styled(s, font string) string {
	var b strings.Builder
	for _, c := range s {
		b.WriteRune(alphabet(c, font))
	}
	return b.String()
}

// alphabet returns a letter of one of Unicode's mathematical alphabets, or the
// letter itself where there is none.
func alphabet(c rune, font string) rune {
	var upper, lower, digit rune
	switch font {
	case "double-struck":
		if i := strings.IndexRune("CHNPQRZ", c); i >= 0 {
			return []rune("ℂℍℕℙℚℝℤ")[i]
		}
		upper, lower, digit = '𝔸', '𝕒', '𝟘'
	case "-tex-calligraphic", "script":
		if i := strings.IndexRune("BEFHILMRego", c); i >= 0 {
			return []rune("ℬℰℱℋℐℒℳℛℯℊℴ")[i]
		}
		upper, lower = '𝒜', '𝒶'
	case "fraktur":
		if i := strings.IndexRune("CHIRZ", c); i >= 0 {
			return []rune("ℭℌℑℜℨ")[i]
		}
		upper, lower = '𝔄', '𝔞'
	case "bold", "bold-italic":
		upper, lower, digit = '𝐀', '𝐚', '𝟎'
	default:
		return c
	}
	switch {
	case 'A' <= c && c <= 'Z':
		return upper + c - 'A'
	case 'a' <= c && c <= 'z':
		return lower + c - 'a'
	case '0' <= c && c <= '9' && digit != 0:
		return digit + c - '0'
	}
	return c
}
