// Copies the equation at the cursor, or the one that a reference there names.

import * as vscode from 'vscode';
import { type LanguageClient, State } from 'vscode-languageclient/node';

interface Equation {
    tex: string;
    display: boolean;
    picture?: string; // a data URI
}

export async function copyEquation(client: LanguageClient | undefined, as: 'tex' | 'svg'): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (!editor) {
        return;
    }
    if (client?.state !== State.Running) {
        void vscode.window.showInformationMessage('Scholium does not run: see its log.');
        return;
    }
    const found = await client.sendRequest<Equation | null>('scholium/equation', {
        textDocument: client.code2ProtocolConverter.asTextDocumentIdentifier(editor.document),
        position: client.code2ProtocolConverter.asPosition(editor.selection.active),
    });
    if (!found) {
        void vscode.window.showInformationMessage('Scholium: there is no equation at the cursor.');
        return;
    }
    if (as === 'tex') {
        await vscode.env.clipboard.writeText(found.tex);
    } else if (found.picture) {
        await vscode.env.clipboard.writeText(Buffer.from(found.picture.slice(found.picture.indexOf(',') + 1), 'base64').toString());
    } else {
        void vscode.window.showInformationMessage('Scholium: this equation cannot be drawn.');
        return;
    }
    void vscode.window.setStatusBarMessage(`Scholium: the equation is copied as ${as === 'tex' ? 'TeX' : 'SVG'}.`, 3000);
}
