// Bundles MathJax for the engine inside Scholium: two versions, each to check formulas only and to draw them too.
// node build.mjs FOLDER writes FOLDER/v3-check.js.gz and so on.

import { build } from 'esbuild';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const folder = resolve(process.argv[2] ?? join(here, '../bundles'));
mkdirSync(folder, { recursive: true });

// What a browser has and MathJax looks for. What the last expression matched is an old custom of browsers that the
// engine does not keep; MathJax asks for it right behind a match.
const banner = `var self = globalThis, global = globalThis, __dirname = '/';
var console = globalThis.console || { log() {}, warn() {}, error() {}, info() {} };
var URL = globalThis.URL || function () { this.pathname = '/'; };
(function (match) {
    String.prototype.match = function (expression) {
        var found = match.call(this, expression);
        if (found) { RegExp['$&'] = found[0]; RegExp.$1 = found[1]; }
        return found;
    };
})(String.prototype.match);`;

// Every package of version 4, by the folders that have a configuration.
function packagesOfFour() {
    const root = join(here, 'node_modules/@mathjax/src/mjs/input/tex');
    const found = [];
    for (const name of readdirSync(root).sort()) {
        const file = name.includes('.') ? undefined : readdirSync(join(root, name)).find((f) => /Configuration\.js$/.test(f));
        if (file && name !== 'noerrors') {
            found.push([name, `@mathjax/src/mjs/input/tex/${name}/${file}`]);
        }
    }
    return found.map(([, file]) => `import '${file}';`).join('\n') + `\nexport const packages = ${JSON.stringify(found.map(([name]) => name))};`;
}

const plugin = (version, draw) => ({
    name: 'scholium',
    setup(b) {
        b.onResolve({ filter: /^output$/ }, () => ({ path: join(here, draw ? `${version}-output.js` : 'none.js') }));
        b.onResolve({ filter: /^packages$/ }, () => ({ path: 'packages', namespace: 'made' }));
        b.onLoad({ filter: /^packages$/, namespace: 'made' }, () => ({ contents: packagesOfFour(), resolveDir: here }));
        // Version 4 names its default font by an alias; only the TeX font is bundled.
        b.onResolve({ filter: /^#default-font\// }, () => ({ path: 'font', namespace: 'made' }));
        b.onLoad({ filter: /^font$/, namespace: 'made' }, () => ({
            contents: `import { MathJaxTexFont } from '@mathjax/mathjax-tex-font/mjs/svg.js';
export const Font = { fontName: 'mathjax-tex', DefaultFont: MathJaxTexFont };`,
            resolveDir: here,
        }));
    },
});

const bundled = new Set(); // folders of packages that have a part in it
for (const version of ['v3', 'v4']) {
    for (const draw of [false, true]) {
        const { outputFiles, metafile } = await build({
            metafile: true,
            entryPoints: [join(here, `${version}.js`)],
            bundle: true,
            minify: true,
            write: false,
            format: 'iife',
            platform: 'neutral',
            mainFields: ['main'],
            target: 'es2020',
            banner: { js: banner },
            plugins: [plugin(version, draw)],
            logLevel: 'error',
        });
        for (const [file, { bytesInOutput }] of Object.entries(Object.values(metafile.outputs)[0].inputs)) {
            const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file);
            if (folder && bytesInOutput > 0) bundled.add(folder[0]);
        }
        const name = `${version}-${draw ? 'draw' : 'check'}.js.gz`;
        const packed = gzipSync(outputFiles[0].contents, { level: 9 });
        writeFileSync(join(folder, name), packed);
        console.log(`${name}: ${outputFiles[0].contents.length} bytes, ${packed.length} packed`);
    }
}

// What is bundled, with its licences, which a release hands on.
const contents = [...bundled].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(here, folder, 'package.json'), 'utf8'));
    const texts = readdirSync(join(here, folder)).filter((file) => /^(licen[sc]e|notice|copying)/i.test(file)).sort();
    return { name, version, license, texts: texts.map((file) => readFileSync(join(here, folder, file), 'utf8')) };
});
writeFileSync(join(here, 'contents.json'), JSON.stringify(contents, null, 2) + '\n');
