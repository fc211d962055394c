package liquid

import "strings"

// A Description says how a tag or filter is written and what it does.
type Description struct {
	Usage string // {% assign NAME = VALUE %}, or | append: TEXT
	Does  string // one sentence
}

// DescribeTag returns what a tag of Liquid or Jekyll does; of the end of a
// block what it ends. False for any other.
func DescribeTag(name string) (Description, bool) {
	if d, ok := describe(tagWords, name); ok {
		return d, true
	}
	if block, ok := strings.CutPrefix(name, "end"); ok {
		if d, ok := describe(tagWords, block); ok && strings.Contains(d.Usage, "{% "+name+" %}") {
			return Description{d.Usage, "Ends the block of `" + block + "`."}, true
		}
	}
	return Description{}, false
}

// DescribeFilter returns what a filter of Liquid or Jekyll does; false for any other.
func DescribeFilter(name string) (Description, bool) { return describe(filterWords, name) }

// describe looks a name up in lines of "usage → what it does", whose first word
// that is a name is the name.
func describe(lines, name string) (Description, bool) {
	for line := range strings.Lines(lines) {
		usage, does, ok := strings.Cut(strings.TrimSpace(line), " → ")
		if !ok {
			continue
		}
		word := strings.TrimLeft(usage, "{%| ")
		if end := strings.IndexAny(word, " :"); end >= 0 {
			word = word[:end]
		}
		if word == name {
			return Description{usage, does}, true
		}
	}
	return Description{}, false
}

const tagWords = `
{% assign NAME = VALUE %} → Gives a variable a value.
{% break %} → Leaves the loop around it.
{% capture NAME %} … {% endcapture %} → Puts what the block prints into a variable.
{% case VALUE %} {% when A %} … {% else %} … {% endcase %} → Prints the branch whose value is equal.
{% comment %} … {% endcomment %} → Prints nothing; readers never see it.
{% continue %} → Goes on with the next item of the loop around it.
{% cycle 'A', 'B' %} → Prints one after the other of its values, each time that it is reached.
{% decrement NAME %} → Takes one from a counter of its own and prints it; it begins at -1.
{% echo VALUE %} → Prints a value, inside a liquid tag.
{% else %} → What is printed where no condition above holds, or a loop has no items.
{% elsif CONDITION %} → Another condition, asked where none above holds.
{% for ITEM in LIST limit: N offset: N reversed %} … {% endfor %} → Prints the block for each item of a list.
{% highlight LANGUAGE linenos %} … {% endhighlight %} → Prints code in colours; no Markdown or mathematics is read in it, but Liquid is.
{% if CONDITION %} … {% elsif CONDITION %} … {% else %} … {% endif %} → Prints the block where a condition holds.
{% ifchanged %} … {% endifchanged %} → Prints the block where it differs from the last time around the loop.
{% include FILE NAME=VALUE %} → Prints a file of the folder for includes; it reads its parameters as include.NAME.
{% include_cached FILE NAME=VALUE %} → Includes a file and keeps what it printed for the same parameters (plugin jekyll-include-cache).
{% include_relative FILE NAME=VALUE %} → Includes a file from the folder of the page.
{% increment NAME %} → Prints a counter of its own and adds one; it begins at 0.
{% link PATH %} → Prints the address of a page, document or file of the site, named by its path; Jekyll stops where there is none.
{% liquid … %} → Holds several tags, one a line.
{% post_url YYYY-MM-DD-NAME %} → Prints the address of a post, named by its file without extension; Jekyll stops where there is none.
{% raw %} … {% endraw %} → Prints the block as it stands: no Liquid is read in it.
{% render FILE %} → Liquid's own include, which Jekyll does not have.
{% tablerow ITEM in LIST cols: N %} … {% endtablerow %} → Prints the block for each item of a list, as cells of table rows.
{% unless CONDITION %} … {% endunless %} → Prints the block where a condition does not hold.
{% when A, B %} → A branch of a case tag.
`

const filterWords = `
| abs → The number without its sign.
| absolute_url → The address with url and baseurl of the configuration in front.
| append: TEXT → The text with another behind it.
| array_to_sentence_string: WORD → The items of a list as a sentence: a, b, and c.
| at_least: N → The number, or N if that is larger.
| at_most: N → The number, or N if that is smaller.
| base64_decode → The text that a Base64 text stands for.
| base64_encode → The text in Base64.
| base64_url_safe_decode → The text that a Base64 text for addresses stands for.
| base64_url_safe_encode → The text in Base64 for addresses.
| bust_css_cache → The address of a style sheet with a hash of its text behind (a theme's plugin).
| bust_file_cache → The address of a file with a hash of its text behind (a theme's plugin).
| capitalize → The text with its first letter large, all others small.
| ceil → The number rounded up.
| cgi_escape → The text for the query of an address; blanks become +.
| compact → The list without its nil items.
| concat: LIST → The list with another behind it.
| date: FORMAT → The date as FORMAT says, in the letters of strftime: %Y-%m-%d.
| date_to_long_string: TYPE, STYLE → The date as 07 November 2008; "ordinal", "US" give other orders.
| date_to_rfc822 → The date as e-mail and RSS write it.
| date_to_string: TYPE, STYLE → The date as 07 Nov 2008; "ordinal", "US" give other orders.
| date_to_xmlschema → The date in ISO 8601.
| default: VALUE → The value, or another where it is nil, false or empty.
| divided_by: N → The number divided; by a whole number, without a rest.
| downcase → The text in small letters.
| escape → The text with &, <, > and quotes as HTML writes them.
| escape_once → As escape, but what is written so already stays.
| find: PROPERTY, VALUE → The first item whose property has the value.
| find_exp: NAME, CONDITION → The first item for which a condition holds.
| first → The first item of a list.
| floor → The number rounded down.
| group_by: PROPERTY → The items in groups, each with name, items and size.
| group_by_exp: NAME, EXPRESSION → The items in groups by what an expression gives.
| h → The same as escape.
| inspect → The value as Ruby writes it, to look for mistakes.
| join: GLUE → The items of a list as one text.
| jsonify → The value in JSON.
| last → The last item of a list.
| lstrip → The text without blanks in front.
| map: PROPERTY → A property of each item, as a list.
| markdownify → The text, which is Markdown, in HTML.
| minus: N → The number less N.
| modulo: N → The rest of a division by N.
| newline_to_br → The text with <br /> in front of each end of a line.
| normalize_whitespace → The text with one space for each run of blanks.
| number_of_words: MODE → How many words a text has; "cjk" and "auto" count characters of Chinese, Japanese and Korean.
| plus: N → The number and N.
| pop: N → The list without its last item, or the last N.
| prepend: TEXT → The text with another in front.
| push: ITEM → The list with one more item behind.
| relative_url → The address with baseurl of the configuration in front.
| remove: TEXT → The text without each occurrence of another.
| remove_first: TEXT → The text without the first occurrence of another.
| remove_last: TEXT → The text without the last occurrence of another.
| replace: OLD, NEW → The text with each occurrence of OLD as NEW.
| replace_first: OLD, NEW → The text with the first occurrence of OLD as NEW.
| replace_last: OLD, NEW → The text with the last occurrence of OLD as NEW.
| reverse → The list in the other order.
| round: DIGITS → The number rounded.
| rstrip → The text without blanks behind.
| sample: N → An item of a list by chance.
| sassify → The text, which is Sass, in CSS.
| scssify → The text, which is SCSS, in CSS.
| shift: N → The list without its first item, or the first N.
| size → How many characters or items a text or list has.
| slice: START, LENGTH → A part of a text or list, counted from 0.
| slugify: MODE → The text as a part of an address: small letters, digits and hyphens.
| smartify → The text with curly quotes.
| sort: PROPERTY → The list in order, large letters before small ones.
| sort_natural: PROPERTY → The list in order, large and small letters alike.
| split: SEPARATOR → The parts of a text, as a list.
| strip → The text without blanks at both ends.
| strip_html → The text without HTML tags.
| strip_index → The address without index.html at its end.
| strip_newlines → The text without ends of lines.
| times: N → The number N times.
| to_integer → The value as a whole number.
| truncate: LENGTH, MORE → The text cut to a length, which counts MORE (…) at its end.
| truncatewords: COUNT, MORE → The text cut to a number of words, with MORE at its end.
| uniq → The list with each item once.
| unshift: ITEM → The list with one more item in front.
| upcase → The text in large letters.
| uri_escape → The text with what no address may hold percent-encoded.
| url_decode → The text with what is percent-encoded as it was.
| url_encode → The text percent-encoded; blanks become +.
| where: PROPERTY, VALUE → The items whose property has the value.
| where_exp: NAME, CONDITION → The items for which a condition holds.
| xml_escape → The text with &, <, > and quotes as XML writes them.
`
