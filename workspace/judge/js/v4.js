// MathJax 4, with every package, so that \require and commands that load a package need no fetching.
import { mathjax } from '@mathjax/src/mjs/mathjax.js';
import { TeX } from '@mathjax/src/mjs/input/tex.js';
import TexParser from '@mathjax/src/mjs/input/tex/TexParser.js';
import { Configuration } from '@mathjax/src/mjs/input/tex/Configuration.js';
import { packages } from 'packages';
import { Loader } from '@mathjax/src/mjs/components/loader.js';
import { liteAdaptor } from '@mathjax/src/mjs/adaptors/liteAdaptor.js';
import { RegisterHTMLHandler } from '@mathjax/src/mjs/handlers/html.js';
import { STATE } from '@mathjax/src/mjs/core/MathItem.js';
import { output } from 'output';
import { begin } from './judge.js';

for (const name of packages) {
    Loader.preLoaded('[tex]/' + name);
}
begin({ mathjax, TeX, TexParser, Configuration, Loader, liteAdaptor, RegisterHTMLHandler, STATE, output });
