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
const grammars = { 'scholium.markdown.injection': path.join(here, 'syntaxes/scholium.json') };
const injections = { 'text.html.markdown': ['scholium.markdown.injection'] };
for (const name of ['markdown-basics', 'markdown-math', 'html', 'yaml', 'latex']) {
    const folder = path.join(code, 'extensions', name);
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

let passed = 0;
let failed = 0;
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
