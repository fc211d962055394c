// Which files concern the server: every Markdown file, and the HTML, YAML and BibTeX of Jekyll sites (layouts, includes,
// configuration, works). Elsewhere they are none of its business. Those of a site are known by their names: other
// extensions, and settings of the user, have other languages for them (Jekyll, Liquid, Jinja).

import * as path from 'node:path';
import * as vscode from 'vscode';
import type { TextDocumentFilter } from 'vscode-languageclient/node';

// siteFiles are the files that make a folder a site.
export const siteFiles = '**/_config.{yml,yaml}';

// More sites than this in one workspace are somebody's archive: their layouts are not followed while they are edited.
const mostSites = 100;

const endings = ['md', 'markdown', 'mkd', 'mkdn', 'mkdown', 'html', 'htm', 'liquid', 'yml', 'yaml', 'bib'];

export async function documentSelector(): Promise<TextDocumentFilter[]> {
    const selector: TextDocumentFilter[] = [{ scheme: 'file', language: 'markdown' }];
    const found = await vscode.workspace.findFiles(siteFiles, '**/{node_modules,vendor,_site}/**', mostSites);
    for (const file of found) {
        selector.push({ scheme: 'file', pattern: `${literal(path.dirname(file.fsPath))}/**/*.{${endings}}` });
    }
    return selector;
}

// literal writes a path as a glob that means just this path.
function literal(folder: string): string {
    return folder.split(path.sep).join('/').replace(/[[\]{}*?]/g, (c) => (c === ']' ? ']' : `[${c}]`));
}
