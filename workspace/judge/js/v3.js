// MathJax 3, with every package, so that \require and commands that load a package need no fetching.
import { mathjax } from 'mathjax-full/js/mathjax.js';
import { TeX } from 'mathjax-full/js/input/tex.js';
import TexParserModule from 'mathjax-full/js/input/tex/TexParser.js';
import { Configuration } from 'mathjax-full/js/input/tex/Configuration.js';
import { AllPackages } from 'mathjax-full/js/input/tex/AllPackages.js';
import 'mathjax-full/js/input/tex/autoload/AutoloadConfiguration.js';
import 'mathjax-full/js/input/tex/colorv2/ColorV2Configuration.js';
import 'mathjax-full/js/input/tex/physics/PhysicsConfiguration.js';
import 'mathjax-full/js/input/tex/require/RequireConfiguration.js';
import 'mathjax-full/js/input/tex/setoptions/SetOptionsConfiguration.js';
import { Loader } from 'mathjax-full/js/components/loader.js';
import { liteAdaptor } from 'mathjax-full/js/adaptors/liteAdaptor.js';
import { RegisterHTMLHandler } from 'mathjax-full/js/handlers/html.js';
import { STATE } from 'mathjax-full/js/core/MathItem.js';
import { output } from 'output';
import { begin } from './judge.js';

for (const name of [...AllPackages, 'autoload', 'colorv2', 'physics', 'require', 'setoptions']) {
    Loader.preLoad('[tex]/' + name);
}
begin({
    mathjax, TeX, TexParser: TexParserModule.default ?? TexParserModule, Configuration, Loader, liteAdaptor, RegisterHTMLHandler,
    STATE, output,
});
