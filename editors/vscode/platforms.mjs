// Packs the extension with the program inside, once for each platform: scholium-linux-x64.vsix and so on. Go builds the
// program for all of them on any machine.
//
//     npm run package:platforms [-- [--programs FOLDER] [--out FOLDER] [--version VERSION] [linux-x64 …]]
//
// With --programs nothing is built: the folder holds the programs, named as Go names systems: linux-amd64 and so on. The
// platform "universal" has no program inside. VERSION is the extension's, where it is not that of package.json. Nothing is
// written here but what is asked for: the packing is done in a folder of its own.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const platforms = {
    'linux-x64': ['linux', 'amd64'],
    'linux-arm64': ['linux', 'arm64'],
    'darwin-x64': ['darwin', 'amd64'],
    'darwin-arm64': ['darwin', 'arm64'],
    'win32-x64': ['windows', 'amd64'],
    'win32-arm64': ['windows', 'arm64'],
};

const { values: given, positionals } = parseArgs({
    options: { programs: { type: 'string' }, out: { type: 'string', default: '.' }, version: { type: 'string' } },
    allowPositionals: true,
});
const wanted = positionals.length > 0 ? positionals : Object.keys(platforms);
for (const platform of wanted) {
    if (platform !== 'universal' && !platforms[platform]) {
        throw new Error(`there is no platform ${platform}; there are universal, ${Object.keys(platforms).join(', ')}`);
    }
}

const work = mkdtempSync(join(tmpdir(), 'scholium-vsix-'));
try {
    for (const part of ['package.json', 'README.md', 'LICENSE', '.vscodeignore', 'images', 'snippets', 'syntaxes']) {
        cpSync(part, join(work, part), { recursive: true });
    }
    execFileSync('node', ['bundle.mjs', join(work, 'dist')], { stdio: 'inherit' });
    for (const platform of wanted) {
        pack(platform, resolve(given.out, `scholium-${platform}.vsix`));
    }
} finally {
    rmSync(work, { recursive: true, force: true });
}

function pack(platform, file) {
    const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', file];
    rmSync(join(work, 'bin'), { recursive: true, force: true });
    if (platform !== 'universal') {
        options.push('--target', platform);
        const [os, arch] = platforms[platform];
        const program = join(work, 'bin', `scholium${os === 'windows' ? '.exe' : ''}`);
        mkdirSync(join(work, 'bin'));
        if (given.programs) {
            cpSync(join(given.programs, `${os}-${arch}`), program);
        } else {
            execFileSync('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', program, '../../cmd/scholium'], {
                stdio: 'inherit', env: { ...process.env, GOOS: os, GOARCH: arch, CGO_ENABLED: '0' },
            });
        }
    }
    if (given.version) {
        options.unshift(given.version, '--no-update-package-json');
    }
    execFileSync('node', [resolve('node_modules/@vscode/vsce/vsce'), 'package', ...options], { cwd: work, stdio: ['ignore', 'ignore', 'inherit'] });
    console.log(`${file} ${(statSync(file).size / 1e6).toFixed(1)} MB`);
}
