// Where in a formula MathJax is. It keeps no places: arguments, macros and the cells of tables are read by parsers of
// their own, each with its own string. Here every parser is told which part of the formula its string is.

/*
 * A parser's place has a tail, which stands in the formula to the letter and ends there at `end` (in units of UTF-16),
 * and in front of it `made` letters that a macro put there, for a call that stands in the formula from `from` to `to`.
 * A string that stands nowhere in the formula is made as a whole.
 */
class Place {
    constructor(end, made, from, to) {
        Object.assign(this, { end, made, from, to });
    }

    // The part of the formula that the letter at i of a string of `length` letters comes from.
    at(i, length) {
        if (i < this.made) {
            return { from: this.from, to: this.to, made: true };
        }
        const place = this.end - (length - i);
        return { from: place, to: place, made: false };
    }
}

// Teaches MathJax's TexParser to know its places. Returns what tells them: begin() before a formula, now() within.
export function install(TexParser) {
    const proto = TexParser.prototype;
    const running = []; // the parsers that are reading, the innermost last

    const placeOf = (parser, i) => parser.place.at(Math.min(i, parser.string.length), parser.string.length);
    const command = (parser) => parser.commandAt ?? parser.i; // where what is being read begins

    // Which part of the string of the parser around it an inner parser reads: one of the last arguments.
    const inner = (parser, outer) => {
        for (const argument of (outer.arguments_ || []).slice().reverse()) {
            const at = parser.string ? argument.text.indexOf(parser.string) : -1;
            if (at >= 0 && !argument.place.made) {
                return new Place(argument.place.from + at + parser.string.length, 0);
            }
        }
        const start = placeOf(outer, command(outer));
        const end = placeOf(outer, outer.i);
        return new Place(0, Infinity, start.from, Math.max(start.to, end.to));
    };

    const parse = proto.Parse;
    proto.Parse = function () {
        const outer = running[running.length - 1];
        this.place ??= outer ? inner(this, outer) : new Place(this.string.length, 0);
        running.push(this);
        parse.call(this);
        running.pop(); // not after an exception: then it says where that came from
    };

    const parseOne = proto.parse;
    proto.parse = function (kind, input) {
        if (kind === 'character') {
            this.commandAt = this.i - input[1].length;
        }
        return parseOne.call(this, kind, input);
    };

    for (const name of ['GetArgument', 'GetBrackets', 'GetUpTo']) {
        const get = proto[name];
        proto[name] = function (...args) {
            const text = get.apply(this, args);
            if (typeof text === 'string' && text && this.place) {
                const start = this.string.lastIndexOf(text, this.i - text.length);
                if (start >= 0) {
                    this.arguments_ ??= [];
                    this.arguments_.push({ text, place: placeOf(this, start) });
                    if (this.arguments_.length > 50) {
                        this.arguments_.shift();
                    }
                }
            }
            return text;
        };
    }

    // A macro puts its text in place of what has been read, in front of what has not.
    const { get, set } = Object.getOwnPropertyDescriptor(proto, 'string');
    Object.defineProperty(proto, 'string', {
        configurable: true,
        get,
        set(text) {
            const before = get.call(this);
            if (this.place && typeof before === 'string') {
                const rest = before.slice(this.i);
                if (text.endsWith(rest) && this.place.made !== Infinity) {
                    const call = placeOf(this, command(this));
                    const end = placeOf(this, this.i);
                    const made = text.length - rest.length + Math.max(0, this.place.made - this.i);
                    this.place = new Place(this.place.end, made, call.from, Math.max(call.to, end.to));
                }
            }
            set.call(this, text);
        },
    });

    return {
        begin() {
            running.length = 0;
        },
        now() {
            const parser = running[running.length - 1];
            if (!parser?.place) {
                return {};
            }
            const start = placeOf(parser, command(parser));
            const end = placeOf(parser, parser.i);
            return { start: start.from, end: Math.max(start.to, end.to), made: start.made || end.made };
        },
    };
}
