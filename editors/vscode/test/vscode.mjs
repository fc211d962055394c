// A real VS Code: code-server, and a page of Debian's Chromium that shows it. Here is how it is started, seen and
// used; what it must do is in drive.mjs. Nothing sleeps: whatever is expected is waited for, and no longer than the
// longest that the script is told.

import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

// startVSCode installs the packed extension into a VS Code of its own, below the folder work, and opens the site.
// home is the folder that .ci/install-vscode prints, settings are the user's. Unless these turn it on, every folder is
// trusted.
export async function startVSCode({ home, work, vsix, site, settings, longest, scheme = 'dark' }) {
    const { chromium } = createRequire(path.join(home, 'package.json'))('playwright-core');
    const data = path.join(work, 'data');
    fs.rmSync(work, { recursive: true, force: true });
    fs.mkdirSync(path.join(data, 'User'), { recursive: true });
    const user = (all) => fs.writeFileSync(path.join(data, 'User', 'settings.json'), JSON.stringify({ 'security.workspace.trust.enabled': false, ...all }));
    user(settings);
    // The settings of the workspace, which the editor looks at again when they change.
    const set = (all) => fs.writeFileSync(path.join(site, '.vscode', 'settings.json'), JSON.stringify(all));
    fs.mkdirSync(path.join(site, '.vscode'), { recursive: true });
    set({});
    const code = [
        path.join(home, 'node_modules/code-server/out/node/entry.js'), '--auth', 'none', '--bind-addr', '127.0.0.1:0',
        '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override',
        '--user-data-dir', data, '--extensions-dir', path.join(work, 'extensions'),
    ];
    const env = { ...process.env, HOME: work };
    const installed = spawnSync('node', [...code, '--install-extension', vsix], { env, encoding: 'utf8' });
    if (installed.status !== 0) {
        throw new Error(`installing ${vsix}: ${installed.stdout}${installed.stderr}`);
    }
    const server = spawn('node', code, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const address = await new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`code-server does not start: ${said}`)), 60000);
        const hear = (chunk) => {
            said += chunk;
            const m = /listening on (http:\S+?)\/?\s/.exec(said);
            if (m) {
                clearTimeout(late);
                resolve(m[1]);
            }
        };
        server.stdout.on('data', hear);
        server.stderr.on('data', hear);
        server.on('exit', (status) => reject(new Error(`code-server ends with ${status}: ${said}`)));
    });
    const browser = await chromium.launch({
        executablePath: spawnSync('which', ['chromium'], { encoding: 'utf8' }).stdout.trim(), headless: true,
        args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
            '--disable-component-update', '--disable-sync'],
    });
    const strangers = new Set();
    // show opens a folder in a window that knows nothing of the others.
    const show = async (folder) => {
        const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: scheme });
        await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: address });
        const page = await context.newPage();
        page.setDefaultTimeout(60000); // for the editor itself; what Scholium does has longest
        page.on('request', (r) => {
            const { protocol, hostname } = new URL(r.url());
            if (/^(http|ws)/.test(protocol) && hostname !== '127.0.0.1' && !hostname.endsWith('.vscode-cdn.net')) {
                strangers.add(hostname);
            }
        });
        await page.goto(`${address}/?folder=${encodeURIComponent(folder)}`, { waitUntil: 'domcontentloaded' });
        await page.waitForSelector('.monaco-workbench .part.statusbar');
        return new Editor(page, folder, longest);
    };
    const editor = await show(site);
    // look takes a picture of each window.
    const look = async (name) => {
        for (const [i, context] of browser.contexts().entries()) {
            await context.pages()[0].screenshot({ path: `${name}${i === 0 ? '' : `-${i}`}.png` });
        }
    };
    const stop = async () => {
        await browser.close();
        server.removeAllListeners('exit');
        const gone = new Promise((resolve) => server.on('exit', resolve));
        server.kill('SIGTERM');
        await gone;
    };
    return { editor, page: editor.page, show, look, strangers, set, user, stop };
}

// An Editor is VS Code as its user sees it.
export class Editor {
    constructor(page, site, longest) {
        Object.assign(this, { page, site, longest, original: new Map() });
    }

    // until waits for a condition, and says what it waited for where it does not come true. The condition returns
    // what is handed on, or something false.
    async until(what, condition, longest = this.longest) {
        const end = Date.now() + longest;
        for (;;) {
            const got = await condition();
            if (got) {
                return got;
            }
            if (Date.now() > end) {
                throw new Error(`${what}: not in ${longest} ms`);
            }
            await this.page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => resolve()); }));
        }
    }

    // text is the file as it is on disk.
    text(file) { return fs.readFileSync(path.join(this.site, file), 'utf8'); }

    // saved saves the file that is shown until it is on disk as it must be.
    async saved(what, file, right, longest = this.longest) {
        await this.until(what, async () => {
            await this.page.keyboard.press('Control+S');
            return this.until(what, () => right(this.text(file)), 500).catch(() => false);
        }, longest);
    }

    // undo takes all changes of a file back: an editor undoes no more than was done.
    async undo(file) {
        await this.page.keyboard.press('Escape');
        await this.until(`${file} is as it was`, async () => {
            await this.page.keyboard.press('Control+Z');
            await this.page.keyboard.press('Control+S');
            const saved = () => this.page.evaluate(() => !document.querySelector('.tabs-container .tab.active.dirty'));
            return await this.until('it is saved', saved, 500).catch(() => false) && this.text(file) === this.original.get(file);
        }, 60000);
    }

    // open shows a file.
    async open(file) {
        if (!this.original.has(file)) {
            this.original.set(file, this.text(file));
        }
        const name = path.basename(file);
        await this.page.keyboard.press('Escape');
        await this.page.keyboard.press('Control+P');
        const input = this.page.locator('.quick-input-widget input').first();
        await input.waitFor();
        await input.fill(name);
        await this.page.locator('.quick-input-widget .monaco-list-row.focused', { hasText: name }).waitFor();
        await this.page.keyboard.press('Enter');
        await this.shows(name, 60000);
    }

    // shows waits until a file is the one that is seen.
    async shows(name, longest = this.longest) {
        await this.until(`${name} is shown`, () => this.page.evaluate((tab) => {
            const active = document.querySelector('.tabs-container .tab.active');
            return active?.getAttribute('data-resource-name') === tab && document.querySelector('.monaco-editor.focused .view-line');
        }, name), longest);
    }

    // place is where a text stands in a file: line and column from 1, columns in UTF-16. The text may be given with a
    // bar, which is then the place meant.
    place(file, needle) {
        const doc = this.text(file);
        const bar = needle.includes('|') ? needle.indexOf('|') : needle.length;
        const word = needle.replace('|', '');
        const at = doc.indexOf(word);
        if (at < 0) {
            throw new Error(`there is no ${word} in ${file}`);
        }
        const before = doc.slice(0, at + bar);
        return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
    }

    // goto puts the cursor at a place of a file that is shown.
    async goto(file, needle) {
        const { line, column } = this.place(file, needle);
        await this.page.keyboard.press('Escape');
        await this.page.keyboard.press('Control+G');
        const input = this.page.locator('.quick-input-widget input').first();
        await input.waitFor();
        await input.fill(`:${line}:${column}`);
        await this.page.keyboard.press('Enter');
        // The status bar counts what is seen: an astral character is one column there.
        const seen = [...this.text(file).split('\n')[line - 1].slice(0, column - 1)].length + 1;
        // Keys are the editor's only once the box for the line has given the focus back.
        await this.until(`the cursor is in line ${line}, column ${seen}`, () => this.page.evaluate(
            (at) => document.querySelector('.part.statusbar').innerText.includes(at) && document.querySelector('.monaco-editor.focused .view-line')
                && !document.querySelector('.quick-input-widget')?.checkVisibility(), `Ln ${line}, Col ${seen}`), 60000);
    }

    type(text) { return this.page.keyboard.type(text, { delay: 15 }); }
    press(key) { return this.page.keyboard.press(key); }

    // choose asks for suggestions for a word that has just been typed, and takes the one with a description. A list can be
    // lost while the editor still moves: it is asked for again.
    async choose(word, description) {
        const row = this.page.locator('.suggest-widget.visible .monaco-list-row', { hasText: description });
        await this.until(`${description} is offered for ${word}`, async () => {
            await this.press('Control+Space');
            if (await row.first().waitFor({ timeout: Math.min(this.longest, 5000) }).then(() => true, () => false)) {
                return true;
            }
            await this.press('Escape');
            return false;
        });
        await this.until(`${word} is chosen`, async () => {
            if (await row.and(this.page.locator('.focused')).count()) {
                return true;
            }
            await this.press('ArrowDown');
            return false;
        });
        await this.press('Enter');
    }

    // seen says what has the focus, and which boxes and lists are open.
    seen() {
        return this.page.evaluate(() => {
            const boxes = [...document.querySelectorAll('.quick-input-widget, .suggest-widget, .notification-toast, .monaco-hover, .context-view, .monaco-dialog-box')];
            const open = boxes.filter((box) => box.checkVisibility() && box.innerText.trim()).map((box) => `${box.className.split(' ')[0]}: ${box.innerText.trim().slice(0, 200)}`);
            const tab = document.querySelector('.tabs-container .tab.active');
            return [`${tab?.getAttribute('data-resource-name')}${tab?.classList.contains('dirty') ? ' (changed)' : ''}`, `focus in ${document.activeElement?.className}`, ...open].join('; ').replace(/\s+/g, ' ');
        }).catch((err) => String(err));
    }

    // command runs one of the palette's.
    async command(title) {
        await this.page.keyboard.press('Escape');
        await this.page.keyboard.press('F1');
        const input = this.page.locator('.quick-input-widget input').first();
        await input.waitFor();
        await input.fill(`>${title}`);
        const row = this.page.locator('.quick-input-widget .monaco-list-row.focused', { hasText: title });
        await row.waitFor({ timeout: this.longest });
        await this.page.keyboard.press('Enter');
    }

    // box is where a text is seen on the screen that follows another one, or null.
    box(needle, before = '') {
        return this.page.evaluate(([lead, word]) => {
            for (const line of document.querySelectorAll('.monaco-editor.focused .view-line, .editor-instance .view-line')) {
                const nodes = [];
                const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
                for (let n = walk.nextNode(); n; n = walk.nextNode()) {
                    nodes.push(n);
                }
                const text = nodes.map((n) => n.data).join('').replaceAll('\u00a0', ' ');
                const at = text.indexOf(lead + word) + lead.length;
                if (at < lead.length) {
                    continue;
                }
                // A word may be coloured in pieces.
                const range = document.createRange();
                let seen = 0;
                for (const n of nodes) {
                    if (at >= seen && at < seen + n.data.length) {
                        range.setStart(n, at - seen);
                    }
                    if (at + word.length > seen && at + word.length <= seen + n.data.length) {
                        range.setEnd(n, at + word.length - seen);
                    }
                    seen += n.data.length;
                }
                const { left, right, top, bottom } = range.getBoundingClientRect();
                return { left, right, top, bottom, x: (left + right) / 2, y: (top + bottom) / 2 };
            }
            return null;
        }, [before, needle]);
    }

    // underlined reports whether a squiggle stands exactly below a text that follows another: neither a column more nor
    // less.
    async underlined(needle, before = '') {
        const text = await this.box(needle, before);
        if (!text) {
            return false;
        }
        return this.page.evaluate((at) => {
            for (const mark of document.querySelectorAll('.squiggly-error, .squiggly-warning')) {
                const { left, right, top, bottom } = mark.getBoundingClientRect();
                const middle = (top + bottom) / 2;
                if (Math.abs(left - at.left) < 2 && Math.abs(right - at.right) < 2 && middle > at.top - 2 && middle < at.bottom + 6) {
                    return true;
                }
            }
            return false;
        }, text);
    }

    // hover rests the pointer on a text and returns the hover that says what is expected. One can be lost while the
    // editor still moves: the pointer leaves and comes again.
    async hover(needle, expected, before = '') {
        const found = this.page.locator('.monaco-hover:not(.hidden)').filter({ hasText: expected }).first();
        await this.until(`a hover over ${needle} with ${expected}`, async () => {
            const at = await this.box(needle, before);
            if (!at) {
                return false;
            }
            await this.page.mouse.move(200, 600); // nothing is there
            await this.page.locator('.monaco-hover:not(.hidden)').first().waitFor({ state: 'hidden', timeout: 10000 });
            await this.page.mouse.move(at.x, at.y, { steps: 5 });
            return found.waitFor({ timeout: Math.min(this.longest, 3000) }).then(() => true, () => false);
        });
        return found;
    }

    // colours returns how many different colours a part of the screen has, and how much of it is not its most common.
    async colours(locator) {
        const shot = await locator.screenshot();
        return this.page.evaluate(async (data) => {
            const image = await createImageBitmap(new Blob([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], { type: 'image/png' }));
            const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
            canvas.drawImage(image, 0, 0);
            const count = new Map();
            const { data: bytes } = canvas.getImageData(0, 0, image.width, image.height);
            for (let i = 0; i < bytes.length; i += 4) {
                const colour = (bytes[i] << 16) | (bytes[i + 1] << 8) | bytes[i + 2];
                count.set(colour, (count.get(colour) ?? 0) + 1);
            }
            const ground = Math.max(...count.values());
            return { colours: count.size, ink: 1 - ground / (bytes.length / 4) };
        }, shot.toString('base64'));
    }
}
