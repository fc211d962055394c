// No output: formulas are checked only.
export const output = null;
