// Packs the extension with the program inside, once for each platform: scholium-linux-x64.vsix and so on. Go builds the
// program for all of them on any machine.
//
//     npm run package:platforms [-- linux-x64 …]

import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync } from 'node:fs';

const platforms = {
    'linux-x64': ['linux', 'amd64'],
    'linux-arm64': ['linux', 'arm64'],
    'darwin-x64': ['darwin', 'amd64'],
    'darwin-arm64': ['darwin', 'arm64'],
    'win32-x64': ['windows', 'amd64'],
    'win32-arm64': ['windows', 'arm64'],
};

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(platforms);
for (const platform of wanted) {
    if (!platforms[platform]) {
        throw new Error(`there is no platform ${platform}; there are ${Object.keys(platforms).join(', ')}`);
    }
    const [os, arch] = platforms[platform];
    const program = `bin/scholium${os === 'windows' ? '.exe' : ''}`;
    const file = `scholium-${platform}.vsix`;
    mkdirSync('bin', { recursive: true });
    try {
        execFileSync('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', program, '../../cmd/scholium'], {
            stdio: 'inherit', env: { ...process.env, GOOS: os, GOARCH: arch, CGO_ENABLED: '0' },
        });
        execFileSync('npx', ['vsce', 'package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--target', platform, '--out', file], {
            stdio: ['ignore', 'ignore', 'inherit'],
        });
    } finally {
        rmSync('bin', { recursive: true, force: true }); // or the extension for everywhere would hold it
    }
    console.log(`${file} ${(statSync(file).size / 1e6).toFixed(1)} MB`);
}
