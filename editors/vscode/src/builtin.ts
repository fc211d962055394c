// VS Code's own check of links in Markdown (off unless somebody turned it on) knows neither Jekyll's links nor
// kramdown's footnotes and formulas. Where it runs beside Scholium, it is offered once to turn it off: never silently.

import * as vscode from 'vscode';

const asked = 'scholium.askedAboutMarkdownValidation';

export async function offerQuiet(memory: vscode.Memento): Promise<void> {
    const markdown = vscode.workspace.getConfiguration('markdown');
    if (!markdown.get('validate.enabled', false) || memory.get(asked, false)) {
        return;
    }
    const off = 'Turn it off in this workspace';
    const keep = 'Keep it';
    const choice = await vscode.window.showInformationMessage(
        'VS Code’s own check of Markdown links takes Jekyll’s links, formulas and footnotes for mistakes. Scholium checks them as Jekyll does.',
        off,
        keep,
    );
    if (choice === undefined) {
        return; // looked away: it may be asked another time
    }
    await memory.update(asked, true);
    if (choice === off) {
        await markdown.update('validate.enabled', false, vscode.ConfigurationTarget.Workspace);
    }
}
