import { SVG } from 'mathjax-full/js/output/svg.js';

export const output = new SVG({ fontCache: 'local', internalSpeechTitles: false });
