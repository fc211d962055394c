// node referee.js [3|4] <pages >verdicts: what MathJax itself makes of formulas.
//
// Each line of input is a page, {config, formulas: [{tex, display}]}; config is the tex section of a MathJax
// configuration. Each line of output is that page's verdict: {formulas: [{errors: [{id, message}], undefined: [name]}],
// labels: {name: number}}. A page may have html in place of formulas, and options of MathJax's document; then its verdict
// says what was found in it too. The packages are taken from the folder $SCHOLIUM_NODE_MODULES.
'use strict';
const path = require('path'), readline = require('readline');
const modules = path.resolve(process.env.SCHOLIUM_NODE_MODULES);
const four = process.argv[2] === '4';

async function start() {
  const main = four ? '@mathjax/src/bundle/node-main.cjs' : 'mathjax-full/es5/node-main.js';
  const MathJax = await require(path.join(modules, main)).init({
    loader: { load: ['adaptors/liteDOM', 'input/tex'] }, startup: { typeset: false },
  });
  const { TeX } = MathJax._.input.tex_ts;
  const { mathjax } = MathJax._.mathjax;
  return { MathJax, TeX, mathjax };
}

async function judge({ MathJax, TeX, mathjax }, page) {
  const config = page.config || {};
  const defaults = four ? ['base', 'ams', 'newcommand', 'textmacros', 'noundefined', 'require', 'autoload', 'configmacros']
    : ['base', 'ams', 'newcommand', 'noundefined', 'require', 'autoload', 'configmacros'];
  const packages = config.packages || defaults;
  for (const name of packages) {
    if (!defaults.includes(name)) await MathJax.loader.load('[tex]/' + name);
  }
  let errors = [];
  // A color that nobody uses tells what is undefined from what is meant to be red.
  const options = { ...MathJax.config.tex, ...config, packages, noundefined: { color: '#fe0102', background: '', size: '' } };
  options.formatError = (jax, error) => { errors.push({ id: error.id, message: error.message }); return jax.formatError(error); };
  const input = new TeX(options);
  const document = mathjax.document(page.html || '', { ...page.options, InputJax: input, OutputJax: undefined, renderActions: {} });
  const out = { formulas: [], labels: {} };
  const read = async (item, start) => {
    const verdict = { errors: [], undefined: [] };
    try {
      await mathjax.handleRetriesFor(() => { errors = []; start(); item.compile(document); });
      verdict.errors = errors;
    } catch (e) {
      verdict.errors = [{ id: 'Thrown', message: String(e && e.message) }];
    }
    if (item.root) {
      item.root.walkTree((n) => {
        if (n.kind !== 'mtext' || n.attributes.getExplicit('mathcolor') !== '#fe0102') return;
        const text = n.childNodes[0] && n.childNodes[0].text;
        if (/^\\/.test(text || '')) verdict.undefined.push(text.slice(1));
      });
    }
    return verdict;
  };
  let items = page.formulas.map((f) => new document.options.MathItem(f.tex, input, f.display));
  if (page.html !== undefined) {
    // A page instead of formulas: MathJax finds them. An escaped dollar is an item without a display.
    document.findMath();
    items = [...document.math].filter((item) => item.display !== null);
    out.found = items.map((item) => ({ tex: item.math, display: item.display }));
  }
  for (const item of items) out.formulas.push(await read(item, () => item.state(0)));
  // What refers to a label further down is read again, as MathDocument.compile does.
  for (const [i, item] of items.entries()) {
    const again = item.inputData.recompile;
    if (again) out.formulas[i] = await read(item, () => { item.state(again.state); item.inputData.recompile = again; });
  }
  const labels = input.parseOptions.tags.allLabels;
  for (const name of Object.keys(labels)) out.labels[name] = labels[name].tag;
  return out;
}

(async () => {
  const engine = await start();
  for await (const line of readline.createInterface({ input: process.stdin })) {
    if (line) process.stdout.write(JSON.stringify(await judge(engine, JSON.parse(line))) + '\n');
  }
})().catch((e) => { console.error(e); process.exit(1); });
