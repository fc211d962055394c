// node tables.js FOLDER: writes FOLDER/table_v3.go, table_v4.go and method.go from the MathJax packages in
// node_modules (beside this file, or in $SCHOLIUM_NODE_MODULES).
//
// Each version is loaded in a process of its own. Every TeX package's configuration is asked for its maps, and every
// map for its entries; the arguments of a command are found by running it on a parser that notes what it reads.
'use strict';
const fs = require('fs'), path = require('path');
const { execFileSync } = require('child_process');

const modules = path.resolve(process.env.SCHOLIUM_NODE_MODULES || path.join(__dirname, 'node_modules'));
const versions = {
  3: {
    home: 'mathjax-full', code: 'mathjax-full/js', maps: 'SymbolMap.js',
    parts: 'mathjax-full/components/src', dependencies: 'mathjax-full/components/src/dependencies.js',
  },
  4: {
    home: '@mathjax/src', code: '@mathjax/src/cjs', maps: 'TokenMap.js',
    parts: '@mathjax/src/components/mjs', dependencies: '@mathjax/src/components/mjs/dependencies.js',
  },
};

if (process.argv[3]) {
  process.stdout.write(JSON.stringify(collect(process.argv[3])));
} else {
  write(process.argv[2] || path.join(__dirname, '..'));
}

// collect reads one version of MathJax.
function collect(version) {
  const at = versions[version];
  const code = (name) => require(path.join(modules, at.code, name));
  const methods = nameMethods(at, code);
  for (const folder of texFolders(at)) {
    for (const file of fs.readdirSync(folder)) if (/Configuration\.js$/.test(file)) require(path.join(folder, file));
  }
  const { ConfigurationHandler } = code('input/tex/Configuration.js');
  const { MapHandler } = code('input/tex/MapHandler.js');
  const dependencies = readDependencies(at);
  const autoload = ConfigurationHandler.get('autoload').options.autoload;
  const allow = ConfigurationHandler.get('require').options.require.allow;
  const signature = prober(version, code, dependencies);
  const out = {
    version: require(path.join(modules, at.home, 'package.json')).version,
    defaults: defaultPackages(at), full: fullPackages(code),
    packages: [], commands: [], environments: [], delimiters: [], operators: operators(code),
  };
  for (const name of [...ConfigurationHandler.keys()].sort()) {
    const config = ConfigurationHandler.get(name);
    if (!name || config.parser !== 'tex' || /extension|local/i.test(name)) continue;
    const on = Object.prototype.hasOwnProperty.call(autoload, name) ? autoload[name] : [];
    const [macros, environments] = on.length === 2 && Array.isArray(on[0]) ? on : [on, []];
    out.packages.push({
      name, priority: config.priority, needs: dependencies[name] || [], requirable: allow[name] !== false,
      loadedBy: macros, loadedByEnvironments: environments,
    });
    const seen = { macro: new Set(), environment: new Set(), delimiter: new Set() };
    for (const kind of ['delimiter', 'macro', 'environment']) {
      for (const mapName of [...(config.handler[kind] || [])].reverse()) {
        const map = MapHandler.getMap(mapName);
        if (!map || !map.map) continue;
        for (const [key, token] of map.map) {
          if (kind === 'delimiter') {
            if (!seen.delimiter.has(key)) out.delimiters.push({ name: key, package: name, char: token._char });
            seen.delimiter.add(key);
            continue;
          }
          // A delimiter map serves \langle as a macro too; its keys have their backslash.
          if (token._char !== undefined && mapName.includes('delimiter') && !/^\\/.test(key)) continue;
          const plain = token._char !== undefined ? key.replace(/^\\(?=.)/, '') : key;
          if (seen[kind].has(plain)) continue;
          seen[kind].add(plain);
          const entry = { name: plain, package: name, args: [], sig: '', char: '' };
          if (token._char !== undefined) {
            const attributes = token._attributes || {};
            entry.method = (map._parser && map._parser.name) || 'mathchar';
            entry.char = token._char;
            entry.args = [attributes.texClass === 1 ? 'op' : '', attributes.movesupsub ? 'limits' : ''];
            if (!entry.args.some(Boolean)) entry.args = [];
          } else {
            entry.method = methods.get(token._func) || name + '_other';
            entry.args = plainArgs(token._args);
            entry.sig = entry.method === 'Macro' ? macroSignature(token._args) : signature(kind, name, key, token);
          }
          (kind === 'macro' ? out.commands : out.environments).push(entry);
        }
      }
    }
  }
  return out;
}

function texFolders(at) {
  const root = path.join(modules, at.code, 'input/tex');
  return fs.readdirSync(root).map((name) => path.join(root, name)).filter((name) => fs.statSync(name).isDirectory());
}

// nameMethods gives each function that a map can name a name: Frac, and physics_Quantity for a package's own.
function nameMethods(at, code) {
  const names = new Map();
  const note = (methods, prefix) => {
    for (const key of Object.keys(methods || {})) {
      if (typeof methods[key] === 'function' && !names.has(methods[key])) names.set(methods[key], prefix + key);
    }
  };
  const plain = ['base', 'ams', 'newcommand'];
  for (const folder of texFolders(at).sort((a, b) => rank(a) - rank(b))) {
    const own = path.basename(folder), prefix = plain.includes(own) ? '' : own + '_';
    for (const file of fs.readdirSync(folder)) {
      if (!/(Methods|Configuration)\.js$/.test(file)) continue;
      const exported = require(path.join(folder, file));
      for (const key of Object.keys(exported)) if (/Methods$|^default$/.test(key)) note(exported[key], prefix);
    }
  }
  // Some packages keep their methods to themselves: a map's own function table names them.
  const maps = code('input/tex/' + at.maps);
  return { get: (f) => names.get(f) || (f && f.name ? f.name : undefined), maps };
  function rank(folder) { const i = plain.indexOf(path.basename(folder)); return i < 0 ? plain.length : i; }
}

function readDependencies(at) {
  const text = fs.readFileSync(path.join(modules, at.dependencies), 'utf8');
  const all = eval('(' + text.match(/export const dependencies = (\{[\s\S]*?\n\})/)[1] + ')');
  const out = {};
  for (const key of Object.keys(all)) {
    if (key.startsWith('[tex]/')) out[key.slice(6)] = all[key].filter((x) => x.startsWith('[tex]/')).map((x) => x.slice(6));
  }
  return out;
}

function defaultPackages(at) {
  const text = fs.readFileSync(path.join(modules, at.parts, 'input/tex/tex.js'), 'utf8');
  return eval(text.match(/registerTeX\((\[[\s\S]*?\])\)/)[1]);
}

// fullPackages is what the component tex-full loads; version 4 has none.
function fullPackages(code) {
  try {
    return [...code('input/tex/AllPackages.js').AllPackages, 'require'].filter((name) => name !== 'noerrors');
  } catch (e) {
    return [];
  }
}

// operators is every character whose class in MathJax's operator table is OP: \limits may follow it.
function operators(code) {
  const { MmlMo } = code('core/MmlTree/MmlNodes/mo.js');
  const found = new Set();
  for (const form of ['infix', 'prefix', 'postfix']) {
    for (const key of Object.keys(MmlMo.OPTABLE[form])) if (MmlMo.OPTABLE[form][key][2] === 1 && [...key].length === 1) found.add(key);
  }
  return [...found].sort();
}

function plainArgs(args) {
  return (args || []).map((x) => (x === null || x === undefined ? '\x00' : typeof x === 'function' ? '\x00' : Array.isArray(x) ? x.join(',') : String(x)));
}

function macroSignature([, count = 0, optional]) {
  const out = Array(Math.max(0, (+count || 0) - (optional === undefined ? 0 : 1))).fill('m');
  if (optional !== undefined) out.unshift('o');
  return out.join('');
}

// prober returns what finds a signature: s star, o [optional], m mandatory, d delimiter as argument, D delimiter
// as after \left, l length, u up to a token; + where something is read by hand as well.
function prober(version, code, dependencies) {
  const Parser = code('input/tex/TexParser.js').default;
  const { TeX } = code('input/tex.js');
  const { MmlFactory } = code('core/MmlTree/MmlFactory.js');
  const { ConfigurationHandler } = code('input/tex/Configuration.js');
  code('handlers/html.js').RegisterHTMLHandler(code('adaptors/liteAdaptor.js').liteAdaptor());
  const letters = { GetArgument: 'm', ParseArg: 'm', GetBrackets: 'o', GetStar: 's', GetDelimiter: 'D', GetDelimiterArg: 'd', GetDimen: 'l', GetUpTo: 'u', ParseUpTo: 'u' };
  let events = null, depth = 0;
  for (const method of Object.keys(letters)) {
    const original = Parser.prototype[method];
    Parser.prototype[method] = function (...args) {
      if (!events || !this.probed || depth) return original.apply(this, args);
      depth++;
      try {
        const result = original.apply(this, args);
        events.push(letters[method]);
        return result;
      } finally {
        depth--;
      }
    };
  }
  class Probe extends Parser { Parse() {} }
  const tails = ['{x}{y}{z}{w}{v}{u}', '[1]{x}{y}{z}{w}{v}', '*{x}{y}{z}{w}{v}', '*[1]{x}{y}{z}{w}', '[x]', '{2}{x}{y}{z}{w}', '3pt{x}{y}',
    '\\foo{x}{y}{z}', '{\\foo}{x}{y}', '{\\foo}[1]{x}', '{red}{x}{y}', '{(}{x}{y}', '[2ex][l]{x}{y}', '{rgb}{1,0,0}{x}', '{foo}[1][d]{a}{b}',
    '{foo}{rgb}{1,0,0}', '{(}{)}{1pt}{0}{x}{y}', '[1pt]{2pt}{3pt}', '{1pt}{2pt}{3pt}', '3\\of{x}{y}', 'x\\over{y}', '{cc}{x}{y}', '[c]{cc}',
    '{align}', '[left=x]{align}'];
  const closure = (name, into = []) => {
    for (const need of dependencies[name] || []) closure(need, into);
    if (!into.includes(name)) into.push(name);
    return into;
  };
  return (kind, pack, key, token) => {
    const packages = [...new Set(['base', 'newcommand', ...closure(pack)])].filter((x) => ConfigurationHandler.get(x) && ConfigurationHandler.get(x).parser === 'tex');
    let best = '', score = -1;
    for (const tail of tails) {
      events = null;
      const jax = new TeX({ packages, formatError: (_, e) => { throw e; } });
      jax.setMmlFactory(new MmlFactory());
      const options = jax.parseOptions;
      options.clear();
      options.root = jax.mmlFactory.create('math');
      const probe = new Probe('', { isInner: false }, options);
      options.tags.startEquation({ display: true, root: options.root, math: '', inputData: {} });
      Object.assign(probe, { probed: true, string: tail, i: 0, currentCS: '\\' + key });
      events = [];
      let failed = false;
      try {
        if (kind === 'macro') token._func(probe, '\\' + key, ...token._args);
        else token._func(probe, probe.itemFactory.create('begin').setProperties({ name: key, end: token._args[0] }), ...token._args.slice(1));
      } catch (e) {
        failed = true;
      }
      const worth = (failed ? 0 : 100) + events.length;
      if (worth > score) [best, score] = [events.join(''), worth];
    }
    events = null;
    return best;
  };
}

// ---- writing Go

function write(folder) {
  const data = {};
  for (const version of Object.keys(versions)) {
    data[version] = JSON.parse(execFileSync(process.execPath, [__filename, folder, version], { maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] }));
  }
  const names = new Set();
  for (const d of Object.values(data)) for (const e of [...d.commands, ...d.environments]) names.add(e.method);
  const twins = (name) => names.has(name.charAt(0).toUpperCase() + name.slice(1)) && /^[a-z]/.test(name); // rule and Rule
  const constants = new Map([...names].sort().map((name) => [name, constant(twins(name) ? 'lower_' + name : name)]));
  fs.writeFileSync(path.join(folder, 'method.go'), methodFile(constants));
  for (const [version, d] of Object.entries(data)) fs.writeFileSync(path.join(folder, `table_v${version}.go`), tableFile(version, d, constants));
}

function constant(method) {
  return 'm' + method.split('_').map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('');
}

function methodFile(constants) {
  const lines = ['// Code generated by gen/tables.js; DO NOT EDIT.', '', 'package tex', '',
    "// A method is the function of MathJax that a command or environment runs. Those of packages other than", '// base, ams and newcommand begin with the name of their package.', 'type method uint16', '', 'const (', '\tmNone method = iota'];
  for (const value of [...new Set(constants.values())].sort()) lines.push('\t' + value);
  lines.push(')', '');
  return lines.join('\n');
}

function tableFile(version, d, constants) {
  const index = new Map(d.packages.map((p, i) => [p.name, i]));
  const text = (s) => JSON.stringify(s).replace(/[\u007f-\u00a0\u0300-\u036f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u20d0-\u20ff\ue000-\uf8ff]/g, (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'))
    .replace(/\\u0000/g, '\\x00').replace(/\\u001f/g, '\\x1f');
  const bytes = (a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)) || index.get(a.package) - index.get(b.package);
  const list = (a) => a.length ? `[]string{${a.map(text).join(', ')}}` : 'nil';
  const entry = (e) => {
    const fields = [text(e.name), index.get(e.package), constants.get(e.method), text(e.sig), text(e.args.join('\x1f')), text(e.char)];
    while (fields.length > 3 && fields[fields.length - 1] === '""') fields.pop();
    return fields;
  };
  const row = (e) => {
    const names = ['name', 'pkg', 'method', 'sig', 'args', 'char'];
    return '\t{' + entry(e).map((f, i) => (f === '""' ? '' : `${names[i]}: ${f}`)).filter(Boolean).join(', ') + '},';
  };
  const lines = ['// Code generated by gen/tables.js; DO NOT EDIT.', '', 'package tex', '', `// MathJax ${d.version}.`, '',
    `var v${version}Packages = [...]packageEntry{`];
  for (const p of d.packages) {
    lines.push(`\t{name: ${text(p.name)}, priority: ${p.priority}, requirable: ${p.requirable}, full: ${d.full.includes(p.name)}, byDefault: ${d.defaults.indexOf(p.name) + 1}, needs: ${list(p.needs)}, loadedBy: ${list(p.loadedBy)}, loadedByEnvironments: ${list(p.loadedByEnvironments)}},`);
  }
  lines.push('}', '', `var v${version}Commands = [...]entry{`, ...d.commands.sort(bytes).map(row), '}', '');
  lines.push(`var v${version}Environments = [...]entry{`, ...d.environments.sort(bytes).map(row), '}', '');
  lines.push(`var v${version}Delimiters = [...]delimiterEntry{`);
  for (const e of d.delimiters.sort(bytes)) lines.push(`\t{${text(e.name)}, ${index.get(e.package)}, ${text(e.char)}},`);
  lines.push('}', '', '// What MathJax\'s operator table gives the class OP.', `const v${version}Operators = ${text(d.operators.join(''))}`, '');
  return lines.join('\n');
}
