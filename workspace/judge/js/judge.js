// What Scholium asks of MathJax, the same for both versions.

import { install } from './positions.js';

export function begin(mj) {
    const positions = install(mj.TexParser);
    const adaptor = mj.liteAdaptor();
    mj.RegisterHTMLHandler(adaptor);

    // A page that loads noundefined goes on behind an unknown command and prints its name in red. So do we, and note it.
    mj.Configuration.create('scholium', {
        fallback: {
            macro(parser, name) {
                // Version 4 passes a token's name with its backslash, version 3 without.
                const written = name.startsWith('\\') ? name : '\\' + name;
                unknown.push({ name: written, ...positions.now() });
                parser.Push(parser.create('node', 'mtext', [], { mathcolor: 'red' }, parser.create('text', written)));
            },
        },
        priority: 3,
    });

    let tex, doc;
    let errors = [], unknown = [];

    // Every package is here: what is to be fetched all the same is nowhere.
    let missing = '';
    mj.Loader.load = (name) => {
        missing = name.replace(/^\[.*\]\//, '');
        return new Promise(() => {});
    };
    const four = mj.mathjax.version.startsWith('4');

    // Begins a page. What it is given is a page's configuration.
    function reset(given) {
        const { packages, tags, macros, environments, noAutoload } = JSON.parse(given);
        const options = {
            packages: packages.map((p) => (p === 'noundefined' ? 'scholium' : p)),
            tags,
            formatError(jax, error) {
                errors.push({ id: error.id, message: error.message, ...positions.now() });
                return jax.formatError(error);
            },
        };
        if (packages.includes('configmacros')) {
            Object.assign(options, { macros: macros ?? {}, environments: environments ?? {} });
        }
        if (packages.includes('autoload') && noAutoload?.length) {
            options.autoload = Object.fromEntries(noAutoload.map((p) => [p, []]));
        }
        tex = new mj.TeX(options);
        // The number beside an equation is a column of it, in a picture.
        if (mj.output) {
            tex.postFilters.add(({ data }) => numbersInside(data.root), 100);
        }
        doc = mj.mathjax.document('', mj.output ? { InputJax: tex, OutputJax: mj.output } : { InputJax: tex });
        // Proof trees are laid out while they are read; how wide their parts are makes no error.
        doc.outputJax.getBBox ??= () => ({ w: 1, h: 1, d: 0 });
        return '';
    }

    // MathJax breaks off and wants to begin again where a package has been added that looks at formulas beforehand.
    function again(convert) {
        missing = '';
        for (let left = 3; ; left--) {
            errors = [];
            unknown = [];
            positions.begin();
            try {
                return convert();
            } catch (error) {
                if (!error.retry || missing || left === 0) {
                    throw error;
                }
            }
        }
    }

    // What breaks MathJax off. Version 4 makes an error of a package that no one has; version 3 then sets no formula of
    // the page any more.
    function thrown(error) {
        let said = { id: 'Thrown', message: String(error.message) };
        if (missing && four) {
            said = { id: 'RequireFail', message: `Extension "${missing}" failed to load` };
        } else if (missing) {
            said = { id: 'Retry', message: `Extension "${missing}" failed to load` };
        }
        errors = [{ ...said, ...positions.now() }];
    }

    // Reads one formula behind those before it, and says what a reader would see of it. Its labels are forgotten: not
    // every formula of the page is read, so that which labels are taken is for others to know.
    function check(formula, display) {
        const { tags } = tex.parseOptions;
        const [labels, ids] = [{ ...tags.allLabels }, { ...tags.allIds }];
        try {
            again(() => doc.convert(formula, { display, end: mj.STATE.COMPILED }));
        } catch (error) {
            thrown(error);
        }
        Object.assign(tags, { allLabels: labels, allIds: ids });
        return JSON.stringify({ errors, unknown });
    }

    // Draws one formula, numbered from `number` on; labels are those of the page with their numbers.
    function draw(formula, display, number, labels) {
        tex.reset(number - 1);
        const known = tex.parseOptions.tags.allLabels;
        for (const [name, tag] of Object.entries(JSON.parse(labels))) {
            // Those that it defines itself it defines once more.
            if (!formula.includes(`\\label{${name}}`)) {
                known[name] = { tag, id: '' };
            }
        }
        let svg = '';
        try {
            svg = adaptor.innerHTML(again(() => doc.convert(formula, { display, em: 16, ex: 8, containerWidth: 1e6 })));
        } catch (error) {
            thrown(error);
        }
        tex.reset(0);
        return JSON.stringify({ errors, unknown, svg });
    }

    // Makes a last column of the numbers of rows, which MathJax would set at the margin of the page.
    function numbersInside(root) {
        const tables = [];
        root.walkTree((node) => {
            if (node.isKind('mtable') && node.childNodes.some((row) => row.isKind('mlabeledtr'))) {
                tables.push(node);
            }
        });
        for (const table of tables) {
            const columns = Math.max(...table.childNodes.map((row) => row.childNodes.length - (row.isKind('mlabeledtr') ? 1 : 0)));
            const rows = table.childNodes.map((row) => {
                const labelled = row.isKind('mlabeledtr');
                const cells = row.childNodes.slice(labelled ? 1 : 0);
                while (cells.length < columns) {
                    cells.push(table.factory.create('mtd'));
                }
                cells.push(labelled ? row.childNodes[0] : table.factory.create('mtd'));
                return table.factory.create('mtr', { ...row.attributes.getAllAttributes() }, cells);
            });
            const spacing = String(table.attributes.getExplicit('columnspacing') ?? '1em').trim().split(/\s+/);
            while (spacing.length < columns - 1) {
                spacing.push(spacing[spacing.length - 1]);
            }
            table.attributes.set('columnspacing', [...spacing.slice(0, columns - 1), '3em'].join(' '));
            table.attributes.unset?.('side');
            table.setChildren(rows);
        }
        if (tables.length) {
            root.setInheritedAttributes({}, !!root.attributes.get('display'), 0, false);
        }
    }

    Object.assign(globalThis, { scholiumReset: reset, scholiumCheck: check, scholiumDraw: draw, scholiumMathJax: mj.mathjax.version });
}
