// The item in the status bar: whether the server runs, how many problems there are, and the way to the commands.

import * as vscode from 'vscode';

export type State = 'starting' | 'running' | 'stopped';

export class Status implements vscode.Disposable {
    private readonly item = vscode.window.createStatusBarItem('scholium', vscode.StatusBarAlignment.Right, 90);
    private readonly heard: vscode.Disposable;
    private state: State = 'starting';
    private why = '';

    constructor() {
        this.item.name = 'Scholium';
        this.item.command = 'scholium.menu';
        this.heard = vscode.languages.onDidChangeDiagnostics(() => this.draw());
        this.draw();
        this.item.show();
    }

    dispose(): void {
        this.heard.dispose();
        this.item.dispose();
    }

    // set says how it is with the server, and why.
    set(state: State, why = ''): void {
        this.state = state;
        this.why = why;
        this.draw();
    }

    private draw(): void {
        const { problems, files } = count();
        switch (this.state) {
            case 'starting':
                this.item.text = '$(loading~spin) Scholium';
                this.item.tooltip = 'Scholium is starting';
                break;
            case 'stopped':
                this.item.text = '$(error) Scholium';
                this.item.tooltip = `Scholium does not run: ${this.why}`;
                break;
            case 'running':
                this.item.text = problems === 0 ? '$(check) Scholium' : `$(warning) Scholium: ${problems}`;
                this.item.tooltip = summary(problems, files);
        }
        const background = this.state === 'stopped' ? 'statusBarItem.errorBackground' : undefined;
        this.item.backgroundColor = background ? new vscode.ThemeColor(background) : undefined;
    }
}

// count is how many problems Scholium knows, and in how many files. Hints, which are no more than a remark, are none.
export function count(): { problems: number; files: number } {
    let problems = 0;
    let files = 0;
    for (const [, list] of vscode.languages.getDiagnostics()) {
        const ours = list.filter((d) => d.source === 'scholium' && d.severity !== vscode.DiagnosticSeverity.Hint).length;
        problems += ours;
        files += ours > 0 ? 1 : 0;
    }
    return { problems, files };
}

export function summary(problems: number, files: number): string {
    const plural = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
    return problems === 0 ? 'Scholium: no problems' : `Scholium: ${plural(problems, 'problem')} in ${plural(files, 'file')}`;
}
