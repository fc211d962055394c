// Colours lines of a post as VS Code does, with its own engine and its own grammar of Markdown, and looks at what the
// extension's grammar makes of them.
//
//     node test/grammar.mjs HOME
//
// HOME is the folder that .ci/install-vscode prints: VS Code's own files are in it.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const code = path.join(process.argv[2], 'node_modules/code-server/lib/vscode');
const require = createRequire(path.join(code, 'package.json'));
const textmate = require('vscode-textmate');
const onig = require('vscode-oniguruma');

const here = path.dirname(path.dirname(new URL(import.meta.url).pathname));
const grammars = {};
const injections = {};
const folders = ['markdown-basics', 'markdown-math', 'html', 'yaml', 'latex', 'python'].map((name) => path.join(code, 'extensions', name));
for (const folder of [here, ...folders]) {
    for (const g of JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')).contributes.grammars) {
        grammars[g.scopeName] = path.join(folder, g.path);
        for (const into of g.injectTo ?? []) {
            (injections[into] ??= []).push(g.scopeName);
        }
    }
}

const wasm = fs.readFileSync(path.join(path.dirname(require.resolve('vscode-oniguruma')), 'onig.wasm'));
await onig.loadWASM(wasm);
const registry = new textmate.Registry({
    onigLib: Promise.resolve({ createOnigScanner: (p) => new onig.OnigScanner(p), createOnigString: (s) => new onig.OnigString(s) }),
    loadGrammar: async (scope) => grammars[scope] ? textmate.parseRawGrammar(fs.readFileSync(grammars[scope], 'utf8'), grammars[scope]) : null,
    getInjections: (scope) => injections[scope],
});
const markdown = await registry.loadGrammar('text.html.markdown');

// Each case is a post, a word in it (its last, where it stands more than once), and what its scopes must hold, or, with
// a !, must not.
const cases = [
    ['\\begin{equation}\\label{eq:a}\n  \\frac{1}{2} 𝔼 \\sum_i\n\\end{equation}\n\nAfter.', [
        ['equation}\\label', 'entity.name.type.environment.tex'], ['eq:a', 'variable.other.label.tex'], ['\\sum', 'support.function.tex'],
        ['\\end', 'support.function.tex'], ['After', '!math'],
    ]],
    ['Inside a paragraph\n\\begin{align*}\na &= b\n\\end{align*}\nit goes on.', [['&', 'keyword.operator.tex'], ['it goes', '!math']]],
    ['\\begin{align}\na\n\nAn empty line ends what nobody closes.', [['nobody', '!math']]],
    ['$$\n\\mathbb{E}_q % why\n$$\n\nAfter.', [['\\mathbb', 'math'], ['After', '!math']]],
    ['In a line $$\\alpha + 1$$ of text.', [['\\alpha', 'math'], ['of text', '!math']]],
    ['With $\\beta_1$ here and \\\\(\\gamma\\\\) there.', [['\\beta', 'math'], ['here', '!math'], ['\\gamma', 'math.scholium'], ['there', '!math']]],
    ['It costs $5 and then $10 more.', [['and', '!math'], ['more', '!math']]],
    ['See \\eqref{eq:b}, and `\\eqref{eq:c}`.', [['eq:b', 'variable.other.label.tex'], ['eq:c', '!tex.scholium']]],
    ['```latex\n\\begin{equation}\n```\n\nAfter \\\\[x\\\\].', [['\\begin', '!scholium'], ['After', '!math'], ['x', 'math.scholium']]],
    ['{% include figure.html src="a.svg" ref=page.ref %} and {{ site.title | escape }}.', [
        ['include', 'keyword.control.liquid'], ['"a.svg"', 'string.quoted.double.liquid'], ['page.ref', 'variable.other.liquid'],
        ['escape', 'entity.name.function.liquid'], ['and', '!liquid'],
    ]],
    ['{% comment %}scholium-ignore x{% endcomment -%}\nAfter.', [['ignore', 'comment.block.liquid'], ['After', '!liquid']]],
    ['$$ x_{{1}} $$ and $\\frac{{a}}{{b}}$.', [['and', '!liquid']]],
    ['- an item with $\\delta$\n- and \\\\[\\epsilon\\\\]\n\n> quoted $$\\zeta$$', [['\\delta', 'math'], ['\\epsilon', 'math.scholium'], ['\\zeta', 'math']]],
];

// Each line is a post with a bar, and whether suggestions come for what has just been typed in front of the bar. VS Code
// looks at the type of the token there.
const types = { other: 0, comments: 1, strings: 2 };
const manifest = JSON.parse(fs.readFileSync(path.join(here, 'package.json'), 'utf8'));
const quick = manifest.contributes.configurationDefaults['[markdown]']['editor.quickSuggestions'];
const typing = [
    ['$$\n\\al|\n$$', true],
    ['$$\n\\al|pha + \\beta\n$$', true],
    ['$$\na_\\al|\n$$', true],
    ['$$\n  \\frac|{a}{b}\n$$', true],
    ['$$\n\\begin{ali|}\n$$', true],
    ['$$\n\\begin{ali|\n$$', true],
    ['$$\nas in \\ref{eq:a|}\n$$', true],
    ['$$\nas in \\ref{eq:a|\n$$', true],
    ['$$\na = b|\n$$', false],
    ['$$\na = b % of \\beta|\n$$', false],
    ['In a line $\\al|$ of text.', true],
    ['In a line $a + b|$ of text.', false],
    ['In a line $$x \\al|$$ of text.', true],
    ['In brackets \\\\(\\al|\\\\).', true],
    ['In brackets \\\\[a = b|\\\\].', false],
    ['\\begin{align}\na &= \\al|\n\\end{align}', true],
    ['\\begin{align}\na &= b| \\\\\\\\\n\\end{align}', false],
    ['\\begin{align} % a remark|\n\\end{align}', false],
    ['\\begin{align}\\label{eq:a|}\n\\end{align}', true],
    ['It follows from \\eq|', true],
    ['It follows from \\eqref{eq:a|}', true],
    ['It follows from \\eqref{eq:a| and more', true],
    ['In a paragraph \\begin{equ|', true],
    ['In a paragraph \\begin{equ|}', true],
    ['Whether to be|', false],
    ['Whether it is **bold|**', false],
    ['A [link to code|](x)', false],
    ['Code: `\\al|`', false],
    ['```latex\n\\al|\n```', false],
    ['```python\n# to be|\n```', false],
    ['<!-- to be| -->', false],
    ['<!--\nto be|\n-->', false],
    ['{% inc| %}', true],
    ['{% include fig|ure.html %}', true],
    ['{% include figure.html src="im|g.png" %}', true],
    ['{{ page.ti| }}', true],
    ['{{ page.title | esc| }}', true],
    ['{% comment %}scholium-ignore und|{% endcomment %}', true],
    ['---\nlay|\n---\n', true],
    ['---\nlayout: po|\n---\n', true],
    ['---\ntags: a b|\n---\n', true],
    ['---\ntitle: To be|\n---\n', false],
    ['---\ntitle: "To be|"\n---\n', false],
    ['---\ntitle: a # to be|\n---\n', false],
    ['---\ndescription: |\n  to be|\n---\n', false],
];

let passed = 0;
let failed = 0;
for (const [marked, want] of typing) {
    const bar = marked.lastIndexOf('|') === marked.indexOf('|') ? marked.indexOf('|') : marked.search(/(?<=\w)\|/);
    const post = marked.slice(0, bar) + marked.slice(bar + 1);
    const no = marked.slice(0, bar).split('\n').length - 1;
    const at = bar - marked.lastIndexOf('\n', bar - 1) - 2; // the character in front of the bar
    let stack = textmate.INITIAL;
    let type;
    post.split('\n').forEach((line, i) => {
        const { tokens, ruleStack } = markdown.tokenizeLine2(line, stack);
        stack = ruleStack;
        for (let k = 0; i === no && k < tokens.length && tokens[k] <= at; k += 2) {
            type = (tokens[k + 1] >>> 8) & 3;
        }
    });
    const [kind] = Object.entries(types).find(([, number]) => number === type) ?? ['other'];
    if ((quick[kind] === 'on') === want) {
        passed++;
    } else {
        failed++;
        console.log(`FAIL ${JSON.stringify(marked)}: ${want ? 'no suggestions' : 'suggestions'}, the type is ${kind}`);
    }
}
for (const [post, words] of cases) {
    const lines = post.split('\n');
    const scopes = [];
    let stack = textmate.INITIAL;
    for (const line of lines) {
        const { tokens, ruleStack } = markdown.tokenizeLine(line, stack);
        stack = ruleStack;
        scopes.push(tokens);
    }
    for (const [word, want] of words) {
        const no = lines.findLastIndex((l) => l.includes(word));
        const at = lines[no]?.lastIndexOf(word) ?? -1;
        const token = scopes[no]?.find((t) => t.startIndex <= at && at < t.endIndex);
        const found = token?.scopes.join(' ') ?? 'nothing';
        if (token && (want.startsWith('!') ? !found.includes(want.slice(1)) : found.includes(want))) {
            passed++;
        } else {
            failed++;
            console.log(`FAIL ${word} in ${JSON.stringify(post)}: ${found}, want ${want}`);
        }
    }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
