package liquid

import (
	"strconv"
	"strings"
	"time"

	"scholium/analysis/frontmatter"
)

// zone is the site's, in which Jekyll reads and prints times.
func (r *renderer) zone() *time.Location {
	if r.env.Zone != nil {
		return r.env.Zone
	}
	return time.UTC
}

// parseDate reads what the date filters take (Liquid's Utils.to_date). known is
// false where the answer depends on the day, or the form is one that is not
// read here; ok is false for what is no date.
func (r *renderer) parseDate(v Value) (d Date, ok, known bool) {
	switch v := v.(type) {
	case Date:
		return v, true, true
	case int:
		return Date{Time: time.Unix(int64(v), 0).In(r.zone())}, true, true
	case Text:
		s := strings.TrimSpace(v.S)
		if v.S != "" && strings.Trim(v.S, "0123456789") == "" {
			n, err := strconv.ParseInt(v.S, 10, 64)
			return Date{Time: time.Unix(n, 0).In(r.zone())}, true, err == nil && n < 1<<40
		}
		if t, ok := ParseTime(s, r.zone()); ok {
			return Date{Time: t}, true, true
		}
		return Date{}, false, !mayBeDate(s)
	}
	return Date{}, false, true
}

// ParseTime reads a time as Ruby's Time.parse does, in the forms that people
// write: with a year, the month in digits or as a word. Without a zone of its
// own it is in zone.
func ParseTime(s string, zone *time.Location) (time.Time, bool) {
	if t, ok := frontmatter.ParseTime(s); ok {
		if hasZone(s) {
			if strings.HasSuffix(s, "Z") {
				t = t.UTC()
			}
			return t, true
		}
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone), true
	}
	for _, format := range wordFormats {
		if t, err := time.ParseInLocation(format, s, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

var wordFormats = []string{
	"2 January 2006", "January 2, 2006", "January 2 2006", "2 Jan 2006", "Jan 2, 2006", "Jan 2 2006", "2 Jan, 2006", "2 January, 2006",
	"Mon, 02 Jan 2006 15:04:05 -0700", "Monday, January 2, 2006", "Mon, 2 Jan 2006", "2006/01/02", "2006/1/2", "January 2006", "Jan 2006",
	"2006/01/02 15:04:05", "2006/01/02 15:04", "2 Jan 2006 15:04", "2 Jan 2006 15:04:05", "2 January 2006 15:04", "January 2, 2006 15:04", "Jan 2, 2006 15:04", "20060102", "2006-01",
}

func hasZone(s string) bool {
	if strings.HasSuffix(s, "Z") || strings.HasSuffix(s, "T") && len(s) > 12 {
		return true
	}
	i := strings.IndexAny(s, " T")
	return i >= 0 && strings.ContainsAny(s[i:], "+-")
}

// mayBeDate reports whether Ruby may find a date in s: some digit, or a word
// that a month or now begins with.
func mayBeDate(s string) bool {
	s = strings.ToLower(s)
	if strings.ContainsAny(s, "0123456789") || s == "now" || s == "today" {
		return true
	}
	for _, month := range []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"} {
		if strings.Contains(s, month) {
			return true
		}
	}
	return false
}

// dateFilter is Liquid's date.
func dateFilter(r *renderer, c *filterArgs) Value {
	format := c.str(0)
	if format == "" {
		return c.v
	}
	d, ok, known := r.parseDate(c.v)
	switch {
	case !known:
		return Unknown{"the filter date"}
	case !ok:
		return c.v
	}
	if strings.HasSuffix(strings.ReplaceAll(format, "%%", ""), "%") {
		return r.fail(c.span, "invalid format: "+format)
	}
	return c.in.made(strftime(d, format))
}

// jekyllTime reads the input of Jekyll's own date filters, in the site's time
// zone. Where it is no date, it returns false and what the filter gives instead.
func jekyllTime(r *renderer, c *filterArgs) (t time.Time, other Value, ok bool) {
	if !isListValue(c.v) && str(c.v).S == "" {
		return time.Time{}, c.v, false
	}
	d, ok, known := r.parseDate(c.v)
	switch {
	case !known:
		return time.Time{}, Unknown{"the filter " + c.name}, false
	case !ok:
		return time.Time{}, r.fail(c.span, "Invalid Date: '"+inspect(c.v)+"' is not a valid datetime."), false
	}
	return d.In(r.zone()), nil, true
}

// dateToString is Jekyll's date_to_string and date_to_long_string.
func dateToString(r *renderer, c *filterArgs) Value {
	t, other, ok := jekyllTime(r, c)
	if !ok {
		return other
	}
	month := "%b"
	if c.name == "date_to_long_string" {
		month = "%B"
	}
	format := "%d " + month + " %Y"
	if c.str(0) == "ordinal" {
		day := strconv.Itoa(t.Day()) + ordinal(t.Day())
		format = day + " " + month + " %Y"
		if c.str(1) == "US" {
			format = month + " " + day + ", %Y"
		}
	}
	return c.in.made(strftime(Date{Time: t}, format))
}

func ordinal(day int) string {
	if day >= 11 && day <= 13 {
		return "th"
	}
	switch day % 10 {
	case 1:
		return "st"
	case 2:
		return "nd"
	case 3:
		return "rd"
	}
	return "th"
}

// dateToSchema is Jekyll's date_to_xmlschema and date_to_rfc822.
func dateToSchema(r *renderer, c *filterArgs) Value {
	t, other, ok := jekyllTime(r, c)
	if !ok {
		return other
	}
	if c.name == "date_to_rfc822" {
		return c.in.made(t.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	}
	return c.in.made(t.Format("2006-01-02T15:04:05-07:00"))
}

// local is d in a site's zone: a day without a time begins there.
func (d Date) In(zone *time.Location) time.Time {
	if d.Day {
		return time.Date(d.Year(), d.Month(), d.Time.Day(), 0, 0, 0, 0, zone)
	}
	return d.Time.In(zone)
}

// print is Ruby's to_s of a Time, or of a Date.
func (d Date) print() string {
	switch {
	case d.Day:
		return d.Format("2006-01-02")
	case d.UTC:
		return d.Format("2006-01-02 15:04:05 UTC")
	}
	return d.Format("2006-01-02 15:04:05 -0700")
}

// strftime is Ruby's, with its flags (- 0 ^ # _ :) and widths.
func strftime(d Date, format string) string {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			b.WriteByte(format[i])
			continue
		}
		f := field{}
		end := i + 1
		for ; end < len(format); end++ {
			switch c := format[end]; {
			case c == '-':
				f.bare = true
				continue
			case c == '^':
				f.upper = true
				continue
			case c == '#':
				f.swap = true
				continue
			case c == '_':
				f.pad = ' '
				continue
			case c == ':':
				f.colons++
				continue
			case c == '0' && f.width == 0:
				f.pad = '0'
				continue
			case c >= '0' && c <= '9' && f.width < 1000:
				f.width = f.width*10 + int(c-'0')
				continue
			}
			break
		}
		if end == len(format) {
			b.WriteString(format[i:])
			break
		}
		if s, ok := f.print(d, format[end]); ok {
			b.WriteString(s)
		} else {
			b.WriteString(format[i : end+1])
		}
		i = end
	}
	return b.String()
}

// A field is one directive of a format.
type field struct {
	bare, upper, swap bool
	pad               byte
	width, colons     int
}

func (f field) print(d Date, directive byte) (string, bool) {
	t := d.Time
	hour12 := (t.Hour()+11)%12 + 1
	year, week := t.ISOWeek()
	switch directive {
	case 'Y':
		return f.number(t.Year(), 1, '0'), true
	case 'C':
		return f.number(t.Year()/100, 2, '0'), true
	case 'y':
		return f.number(t.Year()%100, 2, '0'), true
	case 'm':
		return f.number(int(t.Month()), 2, '0'), true
	case 'd':
		return f.number(t.Day(), 2, '0'), true
	case 'e':
		return f.number(t.Day(), 2, ' '), true
	case 'j':
		return f.number(t.YearDay(), 3, '0'), true
	case 'H':
		return f.number(t.Hour(), 2, '0'), true
	case 'k':
		return f.number(t.Hour(), 2, ' '), true
	case 'I':
		return f.number(hour12, 2, '0'), true
	case 'l':
		return f.number(hour12, 2, ' '), true
	case 'M':
		return f.number(t.Minute(), 2, '0'), true
	case 'S':
		return f.number(t.Second(), 2, '0'), true
	case 'L', 'N':
		digits := 9
		if directive == 'L' {
			digits = 3
		}
		if f.width > 0 {
			digits = f.width
		}
		s := strconv.Itoa(t.Nanosecond())
		s = strings.Repeat("0", 9-len(s)) + s
		if digits > 9 {
			return s + strings.Repeat("0", digits-9), true
		}
		return s[:digits], true
	case 'u':
		return f.number((int(t.Weekday())+6)%7+1, 1, '0'), true
	case 'w':
		return f.number(int(t.Weekday()), 1, '0'), true
	case 'G':
		return f.number(year, 1, '0'), true
	case 'g':
		return f.number(year%100, 2, '0'), true
	case 'V':
		return f.number(week, 2, '0'), true
	case 'U':
		return f.number((t.YearDay()+6-int(t.Weekday()))/7, 2, '0'), true
	case 'W':
		return f.number((t.YearDay()+6-(int(t.Weekday())+6)%7)/7, 2, '0'), true
	case 's':
		return f.number(int(t.Unix()), 1, '0'), true
	case 'B':
		return f.word(t.Month().String(), false), true
	case 'b', 'h':
		return f.word(t.Month().String()[:3], false), true
	case 'A':
		return f.word(t.Weekday().String(), false), true
	case 'a':
		return f.word(t.Weekday().String()[:3], false), true
	case 'p':
		return f.word(t.Format("PM"), true), true
	case 'P':
		return f.word(t.Format("pm"), false), true
	case 'Z':
		if d.Day {
			return f.word("+00:00", false), true
		}
		name := t.Format("MST")
		if strings.ContainsAny(name, "+-") && !d.UTC {
			name = "" // a time with an offset has no zone's name
		}
		return f.word(name, true), true
	case 'z':
		return f.offset(t), true
	case 'n':
		return f.word("\n", false), true
	case 't':
		return f.word("\t", false), true
	case '%':
		return f.word("%", false), true
	}
	if whole, ok := compounds[directive]; ok {
		return f.word(strftime(d, whole), false), true
	}
	return "", false
}

var compounds = map[byte]string{
	'c': "%a %b %e %H:%M:%S %Y", 'D': "%m/%d/%y", 'F': "%Y-%m-%d", 'v': "%e-%^b-%Y", 'x': "%m/%d/%y", 'X': "%H:%M:%S",
	'r': "%I:%M:%S %p", 'R': "%H:%M", 'T': "%H:%M:%S", '+': "%a %b %e %H:%M:%S %Z %Y",
}

func (f field) number(n, width int, pad byte) string {
	if f.pad != 0 {
		pad = f.pad
	}
	if f.width > 0 {
		width = f.width
	}
	s := strconv.Itoa(n)
	if f.bare {
		return s
	}
	return strings.Repeat(string(pad), max(width-len(s), 0)) + s
}

// word applies the flags of letter case; # turns what is in capitals to small letters.
func (f field) word(s string, capitals bool) string {
	switch {
	case f.swap && capitals:
		s = strings.ToLower(s)
	case f.upper || f.swap:
		s = strings.ToUpper(s)
	}
	pad := byte(' ')
	if f.pad != 0 {
		pad = f.pad
	}
	if f.bare {
		return s
	}
	return strings.Repeat(string(pad), max(f.width-len(s), 0)) + s
}

func (f field) offset(t time.Time) string {
	switch f.colons {
	case 0:
		return t.Format("-0700")
	case 1:
		return t.Format("-07:00")
	}
	return t.Format("-07:00:00")
}
