// Scholium's client in VS Code. The server does the work; here it is found, started, told what concerns it, and
// restarted when it must be.

import * as path from 'node:path';
import * as vscode from 'vscode';
import { ErrorAction, type ErrorHandler, LanguageClient, State } from 'vscode-languageclient/node';
import { findServer } from './binary';
import { offerQuiet } from './builtin';
import { copyEquation } from './equation';
import { linked, RulePages } from './rules';
import { documentSelector, siteFiles } from './sites';
import { count, Status, summary } from './status';

let log: vscode.OutputChannel;
let status: Status;
let client: LanguageClient | undefined;
// The program that runs as the server; empty where none was found.
let program = '';
// Where a program that came with the extension is.
let bundled = '';
// Starts and stops happen one after the other, in the order they were asked for.
let turn: Promise<void> = Promise.resolve();
// The colour that formulas are drawn in.
let drawnWith = '';

export async function activate(context: vscode.ExtensionContext): Promise<void> {
    log = vscode.window.createOutputChannel('Scholium');
    status = new Status();
    bundled = path.join(context.extensionPath, 'bin');
    // A folder that becomes a site, or is none any longer, changes which files concern the server.
    const sites = vscode.workspace.createFileSystemWatcher(siteFiles, false, true, false);
    const rules = new RulePages(() => program);
    context.subscriptions.push(
        log,
        status,
        sites,
        rules,
        sites.onDidCreate(restart),
        sites.onDidDelete(restart),
        vscode.workspace.onDidChangeWorkspaceFolders(restart),
        vscode.workspace.onDidChangeConfiguration((e) => {
            // The server itself asks for the others. A workspace that is trusted from now on changes the path, too.
            if (['path', 'logLevel'].some((name) => e.affectsConfiguration(`scholium.${name}`))) {
                void restart();
            }
        }),
        vscode.window.onDidChangeActiveColorTheme(() => {
            if (ink() !== drawnWith && client?.state === State.Running) {
                drawnWith = ink();
                void client.sendNotification('workspace/didChangeConfiguration', { settings: null });
            }
        }),
        vscode.commands.registerCommand('scholium.restart', restart),
        vscode.commands.registerCommand('scholium.showLog', () => log.show(true)),
        vscode.commands.registerCommand('scholium.proofread', proofread),
        vscode.commands.registerCommand('scholium.openRule', (code?: string) => rules.open(code)),
        vscode.commands.registerCommand('scholium.copyTeX', () => copyEquation(client, 'tex')),
        vscode.commands.registerCommand('scholium.copySVG', () => copyEquation(client, 'svg')),
        vscode.commands.registerCommand('scholium.menu', menu),
    );
    await restart();
    void offerQuiet(context.workspaceState);
}

// A Client can be stopped whenever there is reason to. The library refuses while the server is still being greeted, and that
// is just when it stops a client itself whose server ends without an answer; its refusal is then heard by nobody.
class Client extends LanguageClient {
    override stop(timeout?: number): Promise<void> {
        return super.stop(timeout).catch((err) => log.appendLine(String(err)));
    }
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
    status.set('starting');
    const server = await findServer(settings.get('path', ''), bundled, process.env);
    program = 'command' in server ? server.command : '';
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
    const starting: Client = new Client(
        'scholium',
        'Scholium',
        { command: server.command, args },
        {
            documentSelector: await documentSelector(),
            outputChannel: log,
            // A server that has ended cannot be written to. The library gives the client up when that is tried four times
            // before it hears of the end, and by hearing of it starts the server again: it is left to hear of it.
            errorHandler: {
                error: () => ({ action: ErrorAction.Continue, handled: true }),
                closed: () => usual.closed(),
            },
            // With the rules that are off: what is shown first is what stays.
            initializationOptions: { pictures: pictures(settings.get('pictures', true)), rules: settings.get('rules'), exclude: settings.get('exclude') },
            middleware: {
                workspace: {
                    // The server asks for the settings, and does not know the theme.
                    configuration: async (params, token, next) => {
                        const values = await next(params, token);
                        return Array.isArray(values) ? values.map(withInk) : values;
                    },
                },
            },
        },
    );
    const usual: ErrorHandler = starting.createDefaultErrorHandler();
    // Problems that are sent and those that the client asked for come different ways, and both through here.
    const convert = starting.protocol2CodeConverter.asDiagnostics.bind(starting.protocol2CodeConverter);
    starting.protocol2CodeConverter.asDiagnostics = async (...args: Parameters<typeof convert>) => linked(await convert(...args));
    starting.onDidChangeState((e) => {
        if (client === starting) {
            status.set(e.newState === State.Running ? 'running' : e.newState === State.Starting ? 'starting' : 'stopped', 'it has ended; see the log');
        }
    });
    client = starting;
    drawnWith = ink();
    try {
        await starting.start();
    } catch (err) {
        void complain(`${server.command} could not be started as a language server: ${err}`);
    }
}

// proofread shows the problems of all files. The server reads the whole site, and keeps the list up to date by itself.
async function proofread(): Promise<void> {
    await vscode.commands.executeCommand('workbench.actions.view.problems');
    const { problems, files } = count();
    void vscode.window.showInformationMessage(client?.state === State.Running ? summary(problems, files) : 'Scholium does not run: see its log.');
}

// menu is what a click on the status bar offers.
async function menu(): Promise<void> {
    const { problems, files } = count();
    const choices = [
        { label: '$(list-unordered) Proofread the whole site', detail: summary(problems, files), command: 'scholium.proofread' },
        { label: '$(book) Open a rule’s page', command: 'scholium.openRule' },
        { label: '$(output) Show log', command: 'scholium.showLog' },
        { label: '$(debug-restart) Restart server', command: 'scholium.restart' },
        { label: '$(gear) Settings', command: 'workbench.action.openSettings', argument: '@ext:scholium.scholium' },
    ];
    const choice = await vscode.window.showQuickPick(choices, { placeHolder: 'Scholium' });
    if (choice) {
        await vscode.commands.executeCommand(choice.command, choice.argument);
    }
}

function pictures(wanted: boolean): false | { color: string } {
    return wanted && { color: ink() };
}

// withInk says in the settings for the server in which colour formulas are to be drawn.
function withInk(settings: unknown): unknown {
    if (typeof settings !== 'object' || settings === null) {
        return settings;
    }
    return { ...settings, pictures: pictures((settings as { pictures?: boolean }).pictures !== false) };
}

// ink is a colour that can be read on the theme's background. An image in a hover cannot know what is around it.
function ink(): string {
    const { kind } = vscode.window.activeColorTheme;
    return kind === vscode.ColorThemeKind.Dark || kind === vscode.ColorThemeKind.HighContrast ? '#d4d4d4' : '#1f1f1f';
}

async function stop(): Promise<void> {
    const stopping = client;
    client = undefined;
    await stopping?.dispose();
}

// complain says why there is no server, and what can be done.
async function complain(why: string): Promise<void> {
    log.appendLine(why);
    status.set('stopped', why);
    const settings = 'Open settings';
    const again = 'Try again';
    const choice = await vscode.window.showErrorMessage(`Scholium: ${why}`, settings, again);
    if (choice === settings) {
        await vscode.commands.executeCommand('workbench.action.openSettings', 'scholium.path');
    } else if (choice === again) {
        await restart();
    }
}
