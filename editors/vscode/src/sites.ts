// Which files concern the server: every Markdown file, and the HTML, YAML and BibTeX of Jekyll sites (layouts, includes,
// configuration, works). Elsewhere they are none of its business.

import * as path from 'node:path';
import * as vscode from 'vscode';
import type { TextDocumentFilter } from 'vscode-languageclient/node';

// siteFiles are the files that make a folder a site.
export const siteFiles = '**/_config.{yml,yaml}';

// More sites than this in one workspace are somebody's archive: their layouts are not followed while they are edited.
const mostSites = 100;

export async function documentSelector(): Promise<TextDocumentFilter[]> {
    const selector: TextDocumentFilter[] = [{ scheme: 'file', language: 'markdown' }];
    const found = await vscode.workspace.findFiles(siteFiles, '**/{node_modules,vendor,_site}/**', mostSites);
    for (const file of found) {
        const pattern = `${literal(path.dirname(file.fsPath))}/**`;
        for (const language of ['html', 'yaml', 'bibtex']) {
            selector.push({ scheme: 'file', language, pattern });
        }
    }
    return selector;
}

// literal writes a path as a glob that means just this path.
function literal(folder: string): string {
    return folder.split(path.sep).join('/').replace(/[[\]{}*?]/g, (c) => (c === ']' ? ']' : `[${c}]`));
}
