// Loads the bundled extension in node, with a stand-in for the module that only VS Code has, and looks at what it
// does: which server it starts and how, what it tells it, what it says when there is none.
//
//     node test/activate.js EXTENSION SITE POST LOG
//
// EXTENSION is the folder of the unpacked extension, SITE that of a blog, POST a file in it, and LOG the file in which
// the scholium on the PATH says how it was started and how it ended; LOG is "none" where there is none on the PATH, and
// "lost" where the server is to be lost.
// SCHOLIUM_WAIT is the most that is waited, in milliseconds.

'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { pathToFileURL, fileURLToPath } = require('node:url');

const [home, folder, post, logFile] = process.argv.slice(2);
const longest = Number(process.env.SCHOLIUM_WAIT || 60000);

// --- a stand-in for VS Code ---------------------------------------------------------------------------------------

class Uri {
    constructor(url) {
        this.url = url;
        this.scheme = url.split(':')[0];
        this.path = decodeURIComponent(new URL(url).pathname);
        this.authority = '';
        this.fsPath = this.scheme === 'file' ? fileURLToPath(url) : this.path;
    }
    static file(name) { return new Uri(pathToFileURL(name).toString()); }
    static parse(url) { return new Uri(url); }
    toString() { return this.url; }
}

class Position {
    constructor(line, character) { Object.assign(this, { line, character }); }
}

class Range {
    constructor(a, b, c, d) {
        this.start = a instanceof Position ? a : new Position(a, b);
        this.end = a instanceof Position ? b : new Position(c, d);
    }
}

class Disposable {
    constructor(f) { this.dispose = f ?? (() => {}); }
    static from(...all) { return new Disposable(() => all.forEach((d) => d.dispose())); }
}

class EventEmitter {
    listeners = new Set();
    event = (f, self) => {
        const bound = self ? f.bind(self) : f;
        this.listeners.add(bound);
        return new Disposable(() => this.listeners.delete(bound));
    };
    fire(e) { for (const f of this.listeners) f(e); }
    dispose() { this.listeners.clear(); }
}

class MarkdownString {
    constructor(value = '') { this.value = value; }
    appendMarkdown(s) { this.value += s; return this; }
    appendCodeblock(s, language = '') { this.value += `\n\`\`\`${language}\n${s}\n\`\`\`\n`; return this; }
}

class CancellationTokenSource {
    token = { isCancellationRequested: false, onCancellationRequested: () => new Disposable() };
    cancel() {}
    dispose() {}
}

// anything stands for what the test does not look at: it can be called, constructed, extended and asked for anything.
function anything(name) {
    function blank() {}
    return new Proxy(blank, {
        get: (target, key) => {
            if (key === 'prototype' || key in target) return target[key];
            if (typeof key === 'symbol' || key === 'then') return undefined;
            return (target[key] = anything(`${name}.${key}`));
        },
        apply: () => /\.(register|onDid|onWill|create|set)[^.]*$/.test(name) ? new Disposable() : undefined,
    });
}

const filled = (name, known) => new Proxy(known, {
    get: (target, key) => {
        if (key in target || typeof key === 'symbol' || key === 'then') return target[key];
        return (target[key] = anything(`${name}.${key}`));
    },
});

const seen = { errors: [], offers: [], updates: [], commands: new Map(), log: [], hovers: [], settings: {}, pages: new Map(), status: {} };

const uri = Uri.file(post);
const lines = fs.readFileSync(post, 'utf8').split('\n');
const post1 = {
    uri, fileName: post, languageId: 'markdown', version: 1, isClosed: false, isDirty: false,
    getText: () => lines.join('\n'), lineCount: lines.length, lineAt: (n) => ({ text: lines[n] }),
};

class CodeActionKind {
    constructor(value) { this.value = value; }
    append(part) { return new CodeActionKind(this.value ? `${this.value}.${part}` : part); }
}
CodeActionKind.Empty = new CodeActionKind('');
CodeActionKind.SourceFixAll = new CodeActionKind('source.fixAll');

const vscode = filled('vscode', {
    CodeActionKind: filled('CodeActionKind', CodeActionKind),
    version: '1.99.0',
    Uri, Position, Range, Disposable, EventEmitter, MarkdownString, CancellationTokenSource,
    Hover: class { constructor(contents, range) { Object.assign(this, { contents: [contents].flat(), range }); } },
    CancellationError: class extends Error {},
    env: filled('env', { language: 'en', appName: 'a stand-in', machineId: '' }),
    ConfigurationTarget: { Global: 1, Workspace: 2, WorkspaceFolder: 3 },
    StatusBarAlignment: { Left: 1, Right: 2 },
    DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2, Hint: 3 },
    ThemeColor: class { constructor(id) { this.id = id; } },
    ColorThemeKind: { Light: 1, Dark: 2, HighContrast: 3, HighContrastLight: 4 },
    window: filled('window', {
        activeColorTheme: { kind: 2 },
        onDidChangeActiveColorTheme: () => new Disposable(),
        createOutputChannel: () => ({
            append: (s) => seen.log.push(s), appendLine: (s) => seen.log.push(s), show: () => seen.log.push('shown'),
            dispose() {}, clear() {}, replace() {}, hide() {},
        }),
        createStatusBarItem: () => Object.assign(seen.status, { show() {}, hide() {}, dispose() {} }),
        showInformationMessage: async (message, ...choices) => {
            seen.offers.push(message);
            return choices[0];
        },
        showErrorMessage: async (message) => void seen.errors.push(message),
        visibleTextEditors: [], activeTextEditor: undefined,
        tabGroups: { all: [], onDidChangeTabs: () => new Disposable(), onDidChangeTabGroups: () => new Disposable() },
    }),
    workspace: filled('workspace', {
        textDocuments: [post1],
        workspaceFolders: [{ uri: Uri.file(folder), name: 'site', index: 0 }],
        notebookDocuments: [], isTrusted: true,
        getWorkspaceFolder: () => vscode.workspace.workspaceFolders[0],
        getConfiguration: (section) => ({
            get: (key, fallback) => seen.settings[`${section ?? ''}.${key}`] ?? fallback,
            inspect: () => undefined, has: () => false,
            update: async (key, value, where) => void seen.updates.push([`${section}.${key}`, value, where]),
        }),
        registerTextDocumentContentProvider: (scheme, provider) => {
            seen.pages.set(scheme, provider);
            return new Disposable();
        },
        findFiles: async () => [Uri.file(path.join(folder, '_config.yml'))],
        createFileSystemWatcher: () => ({
            onDidCreate: () => new Disposable(), onDidChange: () => new Disposable(), onDidDelete: () => new Disposable(), dispose() {},
        }),
    }),
    commands: filled('commands', {
        registerCommand: (name, f) => { seen.commands.set(name, f); return new Disposable(() => seen.commands.delete(name)); },
        executeCommand: async () => undefined,
    }),
    languages: filled('languages', {
        match: (selector, doc) => [selector].flat().some((s) => s.language === doc.languageId && !s.pattern) ? 10 : 0,
        createDiagnosticCollection: () => ({ set() {}, delete() {}, clear() {}, get() {}, has() {}, forEach() {}, dispose() {} }),
        getDiagnostics: () => [],
        registerHoverProvider: (selector, provider) => {
            seen.hovers.push({ selector, provider });
            return new Disposable();
        },
    }),
});

// The servers that were started, the last one last.
const servers = [];
const childProcess = require('node:child_process');
const spawn = childProcess.spawn;
childProcess.spawn = (...args) => {
    servers.push(spawn(...args));
    return servers.at(-1);
};

const load = Module._load;
Module._load = function (name, ...rest) {
    return name === 'vscode' ? vscode : load.call(this, name, ...rest);
};

// --- the test -----------------------------------------------------------------------------------------------------

const extension = require(path.resolve(home, require(path.resolve(home, 'package.json')).main));

async function main() {
    const memory = new Map();
    const workspaceState = { get: (key, fallback) => memory.get(key) ?? fallback, update: async (key, value) => void memory.set(key, value) };
    const context = { subscriptions: [], extensionPath: home, workspaceState };
    await wait('activation', extension.activate(context));
    const manifest = require(path.resolve(home, 'package.json'));
    const told = [...manifest.contributes.commands.map((c) => c.command), 'scholium.menu'];
    assert.deepEqual([...seen.commands.keys()].sort(), told.sort());
    assert.deepEqual([seen.offers, seen.updates], [[], []], 'nobody has turned on the check of links');

    if (logFile === 'none' && fs.existsSync(path.join(home, 'bin'))) { // the program is inside
        assert.deepEqual(seen.errors, []);
        await hover();
        await wait('the end of the extension', extension.deactivate());
        return;
    }
    if (logFile === 'none') {
        assert.match(seen.status.text, /\$\(error\) Scholium/);
        assert.equal(seen.errors.length, 1, 'one message says that there is no server');
        assert.match(seen.errors[0], /not on the PATH.*scholium\.path/);
        seen.settings['scholium.path'] = path.join(folder, 'no', 'scholium');
        await wait('a start without a program', seen.commands.get('scholium.restart')());
        assert.match(seen.errors[1], /there is no program .*no.scholium, which the setting scholium\.path names/);
        await wait('the end of the extension', extension.deactivate());
        return;
    }

    assert.deepEqual(seen.errors, []);
    if (logFile === 'lost') {
        await lost();
        return;
    }
    assert.deepEqual(used(), ['serve --stdio']);
    assert.equal(seen.status.text, '$(check) Scholium');
    await hover();

    // A rule's page, as Markdown.
    const page = await wait('the page of a rule', seen.pages.get('scholium-rule').provideTextDocumentContent({ path: '/undefined-label.md' }));
    assert.match(page, /^# undefined-label \(error\)\n[^]*\n## At fault: `[^]*\n## Mended: `/);
    await wait('the page of no rule', assert.rejects(seen.pages.get('scholium-rule').provideTextDocumentContent({ path: '/nonsense.md' }), /there is no rule/));
    assert.deepEqual(used(), ['serve --stdio', 'explain undefined-label', 'exit 0', 'explain nonsense', 'exit 2']);
    fs.writeFileSync(logFile, 'serve --stdio\n');

    seen.settings['scholium.logLevel'] = 'info';
    await wait('a restart', seen.commands.get('scholium.restart')());
    await hover();

    seen.commands.get('scholium.showLog')();
    assert.ok(seen.log.includes('shown'));
    await wait('the end of the extension', extension.deactivate());
    assert.deepEqual(seen.errors, []);

    // VS Code's own check of links is on: it is offered to turn it off, once.
    seen.settings['markdown.validate.enabled'] = true;
    for (let again = 0; again < 2; again++) {
        seen.settings['scholium.path'] = path.join(folder, 'no', 'scholium');
        await wait('another activation', extension.activate(context));
        await wait('the end of it', extension.deactivate());
    }
    assert.equal(seen.offers.length, 1);
    assert.deepEqual(seen.updates, [['markdown.validate.enabled', false, 2]]);

    // The client does not wait for the end of what it has said goodbye to.
    await until('the end of both servers', () => ended() === 2);
}

// lost takes the server away while much is written to it: another one starts.
async function lost() {
    const { stdin } = servers.at(-1);
    const last = seen.hovers.at(-1);
    stdin.write = (...args) => { args.at(-1)(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })); };
    const asked = Array.from({ length: 10 }, () => last.provider.provideHover(post1, new Position(0, 0), new CancellationTokenSource().token));
    await wait('ten refusals', Promise.allSettled(asked));
    delete stdin.write;
    stdin.end();
    await until('another server', () => seen.hovers.at(-1) !== last && seen.status.text === '$(check) Scholium');
    for (const message of seen.errors) {
        assert.match(message, /^(Request|Sending) .* failed/, 'what was sent to the lost server'); // and no more than that
    }
    await hover();
    await wait('the end of the extension', extension.deactivate());
}

let awaited = 'the first thing';

// wait waits for something, which is named where it does not come.
function wait(what, promise) {
    awaited = what;
    return promise;
}

// until waits for what nobody tells of.
async function until(what, condition) {
    awaited = what;
    while (!condition()) {
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
}

const ended = () => used().filter((line) => line.startsWith('exit')).length;
const used = () => fs.readFileSync(logFile, 'utf8').trim().split('\n');

// hover asks as VS Code does when the pointer rests on the reference.
async function hover() {
    const last = seen.hovers.at(-1);
    assert.ok(last, 'the server was asked what it can do, and hovers are part of it');
    const selected = last.selector.map((s) => s.language ?? s.pattern);
    assert.deepEqual(selected, ['markdown', `${folder}/**/*.{md,markdown,mkd,mkdn,mkdown,html,htm,liquid,yml,yaml,bib}`]);
    const line = lines.findIndex((l) => l.includes('𝔼') && l.includes('\\eqref{eq:elbo}'));
    const at = new Position(line, lines[line].indexOf('eq:elbo')); // UTF-16, as VS Code counts
    const answer = await wait('a hover', last.provider.provideHover(post1, at, new CancellationTokenSource().token));
    assert.ok(answer, 'there is a hover on the reference');
    const shown = answer.contents.map((c) => c.value).join('\n');
    assert.match(shown, /\(1\).*eq:elbo/);
    const drawn = /\]\(data:image\/svg\+xml;base64,([A-Za-z0-9+/=]+)\)/.exec(shown);
    if (process.env.SCHOLIUM_DRAWS === '1') {
        if (!drawn) {
            return hover(); // it is there the next time
        }
        assert.match(Buffer.from(drawn[1], 'base64').toString(), /^<svg [^>]*color="#d4d4d4"/);
    }
    assert.deepEqual([answer.range.start.character, answer.range.end.character], [at.character, at.character + 'eq:elbo'.length]);
}

// What was asked of a server that has just ended is refused by the client, and not everybody there looks at the answer.
// VS Code takes a note of it and goes on.
const refused = [-32097, 'EPIPE', 'ERR_STREAM_WRITE_AFTER_END'];
process.on('unhandledRejection', (err) => {
    if (!refused.includes(err?.code)) {
        fail(err, 'nobody has heard of this');
    }
});

// fail says what went wrong, what was awaited, and what is known of the server.
function fail(err, how) {
    const log = fs.existsSync(logFile) ? fs.readFileSync(logFile, 'utf8').trim() : 'it was never started';
    console.error(`${how} while waiting for ${awaited}:`, err, `\n\nhow the server was started and ended:\n${log}`,
        `\n\nwhat was shown: ${JSON.stringify(seen.errors)}, status bar ${seen.status.text}`, `\n\nthe log of the extension:\n${seen.log.join('\n')}`);
    process.exit(1);
}

const late = setTimeout(() => fail(`no answer in ${longest} ms`, 'time is up'), longest);
main().then(
    () => { clearTimeout(late); console.log('1 passed, 0 failed'); process.exit(0); },
    (err) => fail(err, 'this went wrong'),
);
