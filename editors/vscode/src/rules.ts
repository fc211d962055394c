// A rule's page: what `scholium explain CODE` prints, as a document that a problem's code leads to.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as vscode from 'vscode';

const scheme = 'scholium-rule';

// RulePages shows the pages of the program that runs as the server; program is empty where there is none.
export class RulePages implements vscode.TextDocumentContentProvider, vscode.Disposable {
    private readonly registered: vscode.Disposable;

    constructor(private readonly program: () => string) {
        this.registered = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
    }

    dispose(): void {
        this.registered.dispose();
    }

    async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
        const code = uri.path.replace(/^\/|\.md$/g, '');
        const page = await this.explain([code]);
        // Its first line is "code (severity)": the heading.
        return page.replace(/^(\S+) \((\w+)\)/, '# $1 ($2)').replace(/^(At fault|Mended): (.*)$/gm, '## $1: `$2`');
    }

    // open shows the page of a rule, which is asked for where none is named.
    async open(code?: string): Promise<void> {
        if (!code) {
            const lines = (await this.explain([])).trim().split('\n');
            const rules = lines.map((line) => /^(\S+)\s+(\S+)\s+(.*)$/.exec(line)).filter((m) => m !== null);
            const items = rules.map((m) => ({ label: m[1], description: m[2], detail: m[3] }));
            code = (await vscode.window.showQuickPick(items, { placeHolder: 'Which rule?', matchOnDetail: true }))?.label;
            if (!code) {
                return;
            }
        }
        const uri = vscode.Uri.parse(`${scheme}:/${code}.md`);
        const page = await vscode.workspace.openTextDocument(uri);
        await vscode.window.showTextDocument(page, { preview: true, viewColumn: vscode.ViewColumn.Beside });
    }

    private async explain(args: string[]): Promise<string> {
        const program = this.program();
        if (!program) {
            throw new Error('Scholium does not run: see its log.');
        }
        const { stdout } = await promisify(execFile)(program, ['explain', ...args], { timeout: 10000 });
        return stdout;
    }
}

// linked gives problems the way to their rule's page, from the code that is shown with them.
export function linked(problems: vscode.Diagnostic[]): vscode.Diagnostic[] {
    for (const problem of problems) {
        if (typeof problem.code === 'string') {
            const target = vscode.Uri.parse(`command:scholium.openRule?${encodeURIComponent(JSON.stringify([problem.code]))}`);
            problem.code = { value: problem.code, target };
        }
    }
    return problems;
}
