// Bundles the extension into one file, and the licences of what is bundled into another.
//
//     node bundle.mjs [FOLDER]
//
// FOLDER is where they go, dist where none is given.

import { build } from 'esbuild';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const out = process.argv[2] ?? 'dist';

const { metafile } = await build({
    entryPoints: ['src/extension.ts'],
    outfile: join(out, 'extension.js'),
    bundle: true,
    platform: 'node',
    target: 'node18', // VS Code 1.85's
    format: 'cjs',
    external: ['vscode'],
    minify: true,
    metafile: true,
    logLevel: 'warning',
});

const folders = new Set();
for (const file of Object.keys(metafile.inputs)) {
    const inside = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file);
    if (inside) {
        folders.add(inside[0]);
    }
}
const notices = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((f) => /^licen[cs]e/i.test(f));
    const text = file ? readFileSync(join(folder, file), 'utf8').trim() : 'No text of its licence is part of the package.';
    return `${name} ${version} (${license})\n\n${text}\n`;
});
writeFileSync(join(out, 'NOTICES.txt'), notices.join(`\n${'-'.repeat(80)}\n\n`));
