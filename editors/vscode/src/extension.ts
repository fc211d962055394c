// Scholium's client in VS Code. The server does the work; here it is found, started, told what concerns it, and
// restarted when it must be.

import * as vscode from 'vscode';
import { LanguageClient } from 'vscode-languageclient/node';
import { findServer } from './binary';
import { documentSelector, siteFiles } from './sites';

let log: vscode.OutputChannel;
let client: LanguageClient | undefined;
// Starts and stops happen one after the other, in the order they were asked for.
let turn: Promise<void> = Promise.resolve();
// The colour that formulas are drawn in.
let drawnWith = '';

export async function activate(context: vscode.ExtensionContext): Promise<void> {
    log = vscode.window.createOutputChannel('Scholium');
    // A folder that becomes a site, or is none any longer, changes which files concern the server.
    const sites = vscode.workspace.createFileSystemWatcher(siteFiles, false, true, false);
    context.subscriptions.push(
        log,
        sites,
        sites.onDidCreate(restart),
        sites.onDidDelete(restart),
        vscode.workspace.onDidChangeWorkspaceFolders(restart),
        vscode.workspace.onDidGrantWorkspaceTrust(restart),
        vscode.workspace.onDidChangeConfiguration((e) => {
            if (['path', 'logLevel', 'pictures', 'hints'].some((name) => e.affectsConfiguration(`scholium.${name}`))) {
                void restart();
            }
        }),
        vscode.window.onDidChangeActiveColorTheme(() => {
            if (ink() !== drawnWith) {
                void restart();
            }
        }),
        vscode.commands.registerCommand('scholium.restart', restart),
        vscode.commands.registerCommand('scholium.showLog', () => log.show(true)),
    );
    await restart();
}

export function deactivate(): Promise<void> {
    return inTurn(stop);
}

function restart(): Promise<void> {
    return inTurn(async () => {
        await stop();
        await start();
    });
}

function inTurn(work: () => Promise<void>): Promise<void> {
    turn = turn.then(work).catch((err) => {
        log.appendLine(String(err));
    });
    return turn;
}

async function start(): Promise<void> {
    const settings = vscode.workspace.getConfiguration('scholium');
    const server = await findServer(settings.get('path', ''), process.env);
    if ('missing' in server) {
        void complain(server.missing);
        return;
    }
    const args = ['serve', '--stdio'];
    const level = settings.get('logLevel', 'warn');
    if (level !== 'warn') {
        args.push('--log-level', level);
    }
    log.appendLine([server.command, ...args].join(' '));
    const starting = new LanguageClient(
        'scholium',
        'Scholium',
        { command: server.command, args },
        {
            documentSelector: await documentSelector(),
            outputChannel: log,
            initializationOptions: {
                pictures: settings.get('pictures', true) ? { color: ink() } : false,
                hints: {
                    references: settings.get('hints.references', true),
                    numbers: settings.get('hints.numbers', true),
                    footnotes: settings.get('hints.footnotes', true),
                },
            },
        },
    );
    client = starting;
    drawnWith = ink();
    try {
        await starting.start();
    } catch (err) {
        void complain(`${server.command} could not be started as a language server: ${err}`);
    }
}

// ink is a colour that can be read on the theme's background. An image in a hover cannot know what is around it.
function ink(): string {
    const { kind } = vscode.window.activeColorTheme;
    return kind === vscode.ColorThemeKind.Dark || kind === vscode.ColorThemeKind.HighContrast ? '#d4d4d4' : '#1f1f1f';
}

async function stop(): Promise<void> {
    const stopping = client;
    client = undefined;
    await stopping?.dispose().catch(() => undefined); // one that never came up has nothing to stop, and says so
}

// complain says why there is no server, and what can be done.
async function complain(why: string): Promise<void> {
    log.appendLine(why);
    const settings = 'Open settings';
    const again = 'Try again';
    const choice = await vscode.window.showErrorMessage(`Scholium: ${why}`, settings, again);
    if (choice === settings) {
        await vscode.commands.executeCommand('workbench.action.openSettings', 'scholium.path');
    } else if (choice === again) {
        await restart();
    }
}
