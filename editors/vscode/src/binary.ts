// Where the program scholium is.

import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';

export type Server = { command: string } | { missing: string };

// findServer returns the program that the setting names, or else the one that came with the extension (in the folder
// bundled), or else the first scholium on the PATH; where there is none, a sentence for the author that says so.
export async function findServer(setting: string, bundled: string, env: NodeJS.ProcessEnv): Promise<Server> {
    const named = setting.trim();
    const endings = process.platform === 'win32' ? ['.exe', ''] : [''];
    if (named.includes('/') || named.includes(path.sep)) {
        const file = named.startsWith('~/') ? path.join(os.homedir(), named.slice(2)) : named;
        if (await runs(file)) {
            return { command: file };
        }
        return { missing: `there is no program ${file}, which the setting scholium.path names.` };
    }
    const name = named || 'scholium';
    const folders = (env.PATH ?? env.Path ?? '').split(path.delimiter);
    for (const folder of named ? folders : [bundled, ...folders]) {
        for (const ending of endings) {
            const file = path.join(folder, name + ending);
            if (folder && (await runs(file))) {
                return { command: file };
            }
        }
    }
    return {
        missing: `the program ${name} is not on the PATH. Install it, or set scholium.path to where it is.`,
    };
}

async function runs(file: string): Promise<boolean> {
    try {
        await access(file, constants.X_OK);
        return (await stat(file)).isFile();
    } catch {
        return false;
    }
}
