import { SVG } from '@mathjax/src/mjs/output/svg.js';
import { MathJaxTexFont } from '@mathjax/mathjax-tex-font/mjs/svg.js';

export const output = new SVG({ fontCache: 'local', fontData: MathJaxTexFont, linebreaks: { inline: false } });
