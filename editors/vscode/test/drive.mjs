// Writes a post in a real VS Code, with the packed extension and the real server, and looks at what an author sees.
//
//     node test/drive.mjs HOME WORK VSIX SITE [SETTING=VALUE]…
//
// HOME is the folder that .ci/install-vscode prints, WORK one for the editor's own files, VSIX the packed extension,
// SITE a copy of the example site. The rest are settings of the user. SCHOLIUM_LOG names the file to which every server
// that is started writes its process, SCHOLIUM_WAIT the most that is waited for anything, in milliseconds; with
// SCHOLIUM_DRAWS=1 hovers must show the formula drawn, and SCHOLIUM_PICTURES names a folder for pictures of what is seen.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { startVSCode } from './vscode.mjs';

const [home, work, vsix, site, ...given] = process.argv.slice(2);
const longest = Number(process.env.SCHOLIUM_WAIT || 40000);
const right = '_posts/2024-03-01-evidence.md';
const wrong = '_posts/2024-04-01-mistakes.md';

const settings = {
    'workbench.startupEditor': 'none', 'files.autoSave': 'off', 'telemetry.telemetryLevel': 'off', 'extensions.autoUpdate': false, 'extensions.autoCheckUpdates': false, 'extensions.ignoreRecommendations': true,
    'workbench.tips.enabled': false, 'editor.minimap.enabled': false,
    'chat.commandCenter.enabled': false, 'workbench.colorTheme': 'Default Dark Modern', 'editor.wordWrap': 'on',
};
for (const word of given) {
    const at = word.indexOf('=');
    settings[word.slice(0, at)] = JSON.parse(word.slice(at + 1));
}

const began = Date.now();
const vscode = await startVSCode({ home, work, vsix, site, settings, longest });
const { editor, page } = vscode;
console.log(`VS Code is up after ${Date.now() - began} ms`);

const walkthrough = JSON.parse(fs.readFileSync(new URL('../package.json', import.meta.url), 'utf8')).contributes.walkthroughs[0];

const picture = async (name, clip) => {
    if (process.env.SCHOLIUM_PICTURES) {
        await page.screenshot({ path: path.join(process.env.SCHOLIUM_PICTURES, `${name}.png`), clip });
    }
};

const checks = {
    'problems appear, and clear after an edit': async () => {
        await editor.open(wrong);
        await editor.goto(wrong, 'minimise \\eqref{eq:los|}');
        await editor.until('eq:los is underlined', () => editor.underlined('eq:los', 'minimise \\eqref{'));
        await editor.type('s');
        await editor.until('eq:loss is not underlined', async () => await editor.box('minimise \\eqref{eq:loss}') && !(await editor.underlined('eq:loss', 'minimise \\eqref{')));
        await editor.undo(wrong);
        await editor.until('eq:los is underlined again', () => editor.underlined('eq:los', 'minimise \\eqref{'));
    },

    'columns are right behind 𝔼': async () => {
        await editor.open(right);
        await editor.goto(right, 'may write \\eqref{eq:gap|}');
        await editor.type('x');
        await editor.until('eq:gapx is underlined', () => editor.underlined('eq:gapx'));
        await editor.undo(right);
        await editor.until('nothing is underlined', () => page.evaluate(() => !document.querySelector('.squiggly-error')));
    },

    'completion behind \\eqref{ inserts a label': async () => {
        await editor.open(right);
        await editor.goto(right, 'with equality.|');
        await editor.type(' See \\eqref{');
        await row(/eq:elbo/);
        await editor.type('ga');
        await editor.until('eq:gap is chosen', () => page.locator('.suggest-widget.visible .monaco-list-row.focused', { hasText: 'eq:gap' }).count());
        await editor.press('Enter');
        await editor.saved('the label is written', right, (doc) => doc.includes('with equality. See \\eqref{eq:gap}\n'));
        await editor.undo(right);
    },

    'suggestions come while a formula is typed, and not in running text': async () => {
        const suggested = () => page.locator('.suggest-widget.visible .monaco-list-row').count();
        await editor.open(right);
        // There is a snippet "beq". Suggestions, if any were asked for, are there before a hover that was asked for later.
        await editor.goto(right, '## The bound|');
        await editor.type(' to be');
        await editor.until('the-bound is underlined', () => editor.underlined('the-bound', '#'));
        await editor.hover('eq:elbo', 'eq:elbo', 'lost in \\eqref{');
        assert.equal(await suggested(), 0);
        await editor.press('Enter');
        await editor.saved('no snippet is written', right, (doc) => doc.includes('## The bound to be\n\n'));
        await editor.undo(right);
        // In a bare environment, and between dollars. The list that a backslash opens is closed, so that the letters open it.
        for (const place of ['\\mathcal{L}(q),|', 'p(z \\given x)|$']) {
            await editor.goto(right, place);
            await editor.type(' \\');
            await editor.until('a list is opened', suggested);
            await editor.press('Escape');
            await editor.until('the list is closed', async () => !(await suggested()));
            await editor.type('vareps');
            await row(/\\varepsilon/);
            await editor.press('Enter');
            await editor.saved('the command is written', right, (doc) => doc.includes(`${place.replace('|', ' \\varepsilon')}`));
            await editor.undo(right);
        }
    },

    'snippets are offered, and write what a post needs': async () => {
        const snippets = [
            ['beq', 'Equation with a label', '\\begin{equation}\\label{eq:name}\n  \n\\end{equation}'],
            ['bal', 'Aligned equations', '\\begin{align}\n  a &= b \\label{eq:name} \\newline\n  &= c.\n\\end{align}'],
            ['formula', 'Display without a number', '$$\n  \n$$'],
            ['macros', 'Macros of this page', '$$\n\\newcommand{\\name}{\\mathbb{E}}\n$$'],
            ['fn', 'Footnote', '[^name]: Text.'],
            ['postlink', 'Post on this machine', '[text]({% post_url 2024-01-01-title %})'],
            ['ignore', 'Silence a rule here', '{% comment %}scholium-ignore code{% endcomment -%}'],
        ];
        await editor.open(right);
        const insert = async (prefix, name) => {
            await editor.goto(right, 'with equality.|');
            await editor.type(`\n\n${prefix}`);
            await editor.choose(prefix, name);
        };
        // The server reads what was inserted, and what is then filled in.
        await insert('beq', 'Equation with a label');
        await editor.type('zero');
        // Tab would take a suggestion for the letters that it has heard of.
        await editor.until('nothing is suggested', () => page.evaluate(() => !document.querySelector('.suggest-widget.visible')));
        await editor.press('Tab');
        await editor.type('x');
        await editor.saved('the equation is filled in', right, (doc) => doc.includes('\\begin{equation}\\label{eq:zero}\n  x\n\\end{equation}\n'));
        await editor.hover('eq:zero', 'eq:zero', 'label{');
        await editor.undo(right);
        for (const [prefix, name, text] of snippets) {
            await insert(prefix, name);
            await editor.press('Escape'); // no more places to fill in
            await editor.saved(`${name} is written`, right, (doc) => doc.includes(`with equality.\n\n${text}\n\n`));
            await editor.undo(right);
        }
    },

    'hover shows the equation': async () => {
        await editor.open(right);
        await editor.goto(right, 'lost in \\eqref{|eq:elbo}');
        const hover = await editor.hover('eq:elbo', 'eq:elbo', 'lost in \\eqref{');
        if (process.env.SCHOLIUM_DRAWS !== '1') {
            return;
        }
        // The first may come before it is drawn; it is there the next time.
        const drawn = page.locator('.monaco-hover:not(.hidden) img[src^="data:image/svg+xml"]').first();
        await editor.until('the equation is drawn', async () => await drawn.count() || (await editor.hover('eq:elbo', 'eq:elbo', 'lost in \\eqref{'), false));
        const size = await editor.until('the picture has a size', () => drawn.evaluate((img) => img.complete && img.naturalWidth > 100 && [img.width, img.height]));
        const { colours, ink } = await editor.colours(drawn);
        assert.ok(colours > 8 && ink > 0.02 && ink < 0.6, `a picture of ${size} with ${colours} colours, ${ink} of it ink`);
        assert.ok(await hover.count());
        await picture('hover', { x: 348, y: 220, width: 932, height: 260 });
    },

    'definition jumps to another file': async () => {
        await editor.open(right);
        await editor.goto(right, '{% include fig|ure.html');
        await editor.press('F12');
        await editor.shows('figure.html');
    },

    'rename changes all places of a label': async () => {
        await editor.open(right);
        const doc = editor.original.get(right);
        await editor.goto(right, 'may write \\eqref{eq:|gap}');
        await editor.press('F2');
        const input = page.locator('.rename-box input, .rename-input').first();
        await input.waitFor({ timeout: longest });
        await input.fill('eq:slack');
        await editor.press('Enter');
        await editor.saved('eq:slack stands for eq:gap', right, (now) => now === doc.replaceAll('eq:gap', 'eq:slack') && now.split('eq:slack').length === 3);
        await editor.undo(right);
    },

    'a quick fix mends a footnote': async () => {
        await editor.open(wrong);
        await editor.goto(wrong, '[^Every|body]');
        await editor.until('the marker is underlined', () => editor.underlined('Everybody', 'does[^'));
        await editor.press('Control+.');
        await page.locator('.action-widget .monaco-list-row.focused', { hasText: 'everybody' }).first().waitFor({ timeout: longest });
        await picture('fix', { x: 348, y: 150, width: 932, height: 260 });
        await editor.press('Enter');
        await editor.saved('the marker is mended', wrong, (doc) => doc.includes('does[^everybody].'));
        await editor.undo(wrong);
    },

    'inlay hints say what readers will see': async () => {
        await editor.open(right);
        await editor.goto(right, 'lost in \\eqref{|eq:elbo}');
        await editor.until('(1) stands behind the reference', () => page.evaluate(
            () => [...document.querySelectorAll('.view-line')].some((l) => /lostin\\eqref\{eq:elbo\}\(1\)isa/.test(l.textContent.replace(/[\s\u200a-\u200f]/g, '')))));
    },

    'the status bar counts the problems': async () => {
        await editor.open(wrong);
        await editor.until('the status bar counts', () => page.evaluate(() => /Scholium: \d+/.test(document.querySelector('.part.statusbar').innerText)));
        await picture('problems', { x: 348, y: 35, width: 932, height: 765 });
    },

    'a problem leads to the page of its rule': async () => {
        await editor.open(wrong);
        await editor.goto(wrong, 'minimise \\eqref{|eq:los}');
        const hover = await editor.hover('eq:los', 'undefined-label', 'minimise \\eqref{');
        await hover.locator('a', { hasText: 'undefined-label' }).first().click();
        await editor.until('the page is shown', () => page.evaluate(
            () => [...document.querySelectorAll('.view-line')].some((l) => /^#\sundefined-label\s\(error\)/.test(l.textContent))));
        await editor.press('Escape');
        await editor.press('Control+W');
        await editor.shows('2024-04-01-mistakes.md');
    },

    'an equation is copied as TeX and as SVG': async () => {
        await editor.open(right);
        await editor.goto(right, 'tight in \\eqref{eq:|positive}');
        await copied('Scholium: Copy equation as TeX', (text) => text.includes('\\label{eq:positive}') && !text.includes('\\begin{equation}'));
        if (process.env.SCHOLIUM_DRAWS === '1') {
            await copied('Scholium: Copy equation as SVG', (text) => /^<svg[^]*<\/svg>\s*$/.test(text));
        }
    },

    'settings change what is reported': async () => {
        await editor.open(wrong);
        await editor.goto(wrong, 'minimise \\eqref{eq:los|}');
        await editor.until('eq:los is underlined', () => editor.underlined('eq:los', 'minimise \\eqref{'));
        vscode.set({ 'scholium.rules': { 'undefined-label': 'off' } });
        await editor.until('eq:los is not underlined', async () => !(await editor.underlined('eq:los', 'minimise \\eqref{')));
        vscode.set({});
        await editor.until('eq:los is underlined again', () => editor.underlined('eq:los', 'minimise \\eqref{'));
    },

    'a site’s files are read whatever language they have in the editor': async () => {
        vscode.set({ 'files.associations': { '*.md': 'plaintext', '*.html': 'plaintext' } });
        const plain = () => editor.until('the file is plain text', () => page.locator('.part.statusbar', { hasText: 'Plain Text' }).count());
        await editor.open(right);
        await plain();
        await editor.goto(right, 'lost in \\eqref{eq:|elbo}');
        await editor.hover('eq:elbo', 'eq:elbo', 'lost in \\eqref{');
        await copied('Scholium: Copy equation as TeX', (text) => text.includes('\\label{eq:elbo}'));
        await editor.open('_includes/figure.html');
        await plain();
        await editor.hover('caption', 'a parameter that pages give', 'alt="{{ include.');
        vscode.set({});
    },

    'formulas are drawn in the colour of the theme': async () => {
        await editor.open(right);
        await editor.goto(right, 'lost in \\eqref{|eq:elbo}');
        const colour = async () => {
            await editor.hover('eq:elbo', 'eq:elbo', 'lost in \\eqref{');
            const image = page.locator('.monaco-hover:not(.hidden) img[src^="data:image/svg+xml;base64,"]').first();
            const address = await image.getAttribute('src', { timeout: 1000 }).catch(() => '');
            return /color="(#[0-9a-f]+)"/.exec(Buffer.from(address.slice(address.indexOf(',') + 1), 'base64').toString())?.[1];
        };
        if (process.env.SCHOLIUM_DRAWS !== '1') {
            await editor.hover('eq:elbo', 'eq:elbo', 'lost in \\eqref{');
            return;
        }
        await editor.until('light ink on a dark page', async () => await colour() === '#d4d4d4');
        vscode.set({ 'workbench.colorTheme': 'Default Light Modern' });
        await editor.until('dark ink on a light page', async () => await colour() === '#1f1f1f');
        vscode.set({});
        await editor.until('light ink again', async () => await colour() === '#d4d4d4');
    },

    'the whole site is proofread': async () => {
        await editor.open(right);
        await editor.command('Scholium: Proofread the whole site');
        await page.locator('.notification-toast', { hasText: /\d+ problems in 1 file/ }).first().waitFor({ timeout: longest });
        await page.locator('.markers-panel .monaco-list-row', { hasText: 'eq:los' }).first().waitFor({ timeout: longest });
        await editor.command('View: Toggle Panel Visibility');
    },

    'the walkthrough shows its steps, and where they lead': async () => {
        const { title, steps } = walkthrough;
        await editor.command('Welcome: Open Walkthrough...');
        await page.locator('.quick-input-widget .monaco-list-row', { hasText: title }).first().click();
        for (const { title, description, media } of steps) {
            const step = page.locator('.getting-started-step', { hasText: title });
            await step.locator('.step-title').click();
            const image = page.locator('.getting-started-media img');
            await editor.until(`${title} shows ${media.image}`, () => image.evaluateAll(
                (all, text) => all.length === 1 && all[0].alt === text && all[0].complete && all[0].naturalWidth > 100, media.altText));
            for (const [, label, command] of description.matchAll(/\[([^\]]+)\]\(command:([^?)]+)/g)) {
                const leads = {
                    'vscode.openFolder': page.locator('.quick-input-widget', { hasText: 'Open Folder' }),
                    'scholium.proofread': page.locator('.notification-toast', { hasText: /\d+ problems in 1 file/ }),
                    'scholium.openRule': page.locator('.quick-input-widget .monaco-list-row', { hasText: 'broken-anchor' }),
                    'workbench.action.openSettings': page.locator('.settings-editor .setting-item-description', { hasText: 'Files whose problems are not shown' }),
                }[command];
                assert.ok(leads, `where ${command} leads is not known`);
                // A list closes where something else takes the focus, and lies in the way where it comes late.
                await editor.until(`${label} leads to ${command}`, async () => {
                    const patience = Math.min(5000, editor.longest);
                    await step.locator('.monaco-button', { hasText: label }).click({ timeout: patience }).catch(() => {});
                    return editor.until(label, () => leads.first().isVisible(), patience).catch(() => false);
                });
                await editor.press('Escape');
            }
        }
        await editor.command('View: Close All Editors');
        await editor.command('View: Toggle Panel Visibility');
    },

    'the server is killed, and comes back': async () => {
        await editor.open(right);
        const before = servers();
        assert.ok(before.length > 0, 'there is a server to kill');
        process.kill(before.at(-1), 'SIGKILL');
        await editor.until('another server runs', () => servers().length > before.length);
        await editor.goto(right, 'tight in \\eqref{eq:positive|}');
        await editor.type('x');
        await editor.until('eq:positivex is underlined', () => editor.underlined('eq:positivex'));
        await editor.undo(right);
    },

    'a workspace that is not trusted names no program': async () => {
        // The workspace comes with a program of its own. It would serve as well as the user's, and says that it was run.
        const folder = path.join(work, 'not-trusted');
        const theirs = path.join(work, 'theirs');
        const ran = () => fs.existsSync(`${theirs}.log`);
        fs.cpSync(site, folder, { recursive: true });
        fs.writeFileSync(theirs, `#!/bin/sh\necho "$@" >>'${theirs}.log'\nexec '${settings['scholium.path']}' "$@"\n`, { mode: 0o755 });
        // Its other settings are harmless, and obeyed.
        fs.writeFileSync(path.join(folder, '.vscode', 'settings.json'), JSON.stringify({ 'scholium.path': theirs, 'scholium.rules': { 'undefined-footnote': 'off' } }));
        vscode.user({ ...settings, 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' });
        const before = servers().length;
        const there = await vscode.show(folder);
        const restricted = there.page.locator('.part.statusbar', { hasText: 'Restricted Mode' });
        const serves = async () => {
            await there.open(wrong);
            await there.goto(wrong, 'minimise \\eqref{eq:los|}');
            await there.until('eq:los is underlined', () => there.underlined('eq:los', 'minimise \\eqref{'));
            await there.until('Everybody is not underlined', async () => !(await there.underlined('Everybody', 'does[^')));
            await there.type('s');
            await there.until('eq:loss is not underlined', async () => await there.box('minimise \\eqref{eq:loss}') && !(await there.underlined('eq:loss', 'minimise \\eqref{')));
            await there.undo(wrong);
        };
        await restricted.waitFor({ timeout: 60000 });
        await serves();
        await there.command('Scholium: Restart server');
        await there.until('the user’s program is started twice', () => servers().length >= before + 2);
        await serves();
        assert.ok(!ran(), 'a workspace that is not trusted has its program run');
        await restricted.waitFor({ timeout: 60000 });

        await there.command('Workspaces: Manage Workspace Trust');
        await there.page.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ }).first().click();
        await restricted.waitFor({ state: 'detached', timeout: 60000 });
        await there.until('the program of the workspace is run', ran);
        await serves();
        await there.page.context().close();
        vscode.user(settings);
    },
};

// copied runs a command until it has copied what is right.
function copied(title, right) {
    return editor.until(title, async () => {
        await editor.command(title);
        return editor.until(title, async () => right(await page.evaluate(() => navigator.clipboard.readText())), 2000).catch(() => false);
    });
}

// row waits for one of the suggestions.
async function row(text) {
    const found = page.locator('.suggest-widget.visible .monaco-list-row').filter({ hasText: text }).first();
    await found.waitFor({ timeout: longest });
    return found;
}

const servers = () => fs.existsSync(process.env.SCHOLIUM_LOG)
    ? fs.readFileSync(process.env.SCHOLIUM_LOG, 'utf8').split('\n').filter((l) => /^\d+$/.test(l)).map(Number) : [];

process.on('SIGINT', () => void vscode.stop().then(() => process.exit(1)));

let passed = 0;
let failed = 0;
const only = process.env.SCHOLIUM_ONLY;
try {
    for (const [name, check] of Object.entries(checks)) {
        if (only && !name.includes(only)) {
            continue;
        }
        const start = Date.now();
        try {
            await check();
            passed++;
            console.log(`ok   ${name} (${Date.now() - start} ms)`);
        } catch (err) {
            failed++;
            console.log(`FAIL ${name}: ${err.message.split('\n')[0]} (${Date.now() - start} ms)`);
            console.log(`     ${await editor.seen()}`);
            if (process.env.SCHOLIUM_SEEN) {
                await vscode.look(path.join(process.env.SCHOLIUM_SEEN, `${failed}`));
            }
            // Whatever was typed goes, and spoils no other check.
            for (const file of editor.original.keys()) {
                fs.writeFileSync(path.join(site, file), editor.original.get(file));
            }
            await editor.command('File: Revert File').catch(() => {});
        }
    }
    if (vscode.strangers.size > 0) {
        console.log(`the page asked ${[...vscode.strangers].join(', ')}`);
    }
} finally {
    await vscode.stop();
}
console.log(`${passed} passed, ${failed} failed, ${Date.now() - began} ms in all`);
process.exit(failed > 0 ? 1 : 0);
