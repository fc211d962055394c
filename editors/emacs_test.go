//go:build unix

package editors

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// emacsInit is what the README puts into an init file, where the repository is
// in the place of its example.
const emacsInit = `(add-to-list 'load-path "/path/to/this/repository/editors/emacs")
(require 'scholium)
(add-hook 'markdown-mode-hook #'scholium-ensure)
`

// TestEmacs tests scholium.el with Eglot in the Emacs of Debian 12 and in that
// of Debian 13, and with lsp-mode in the former.
func TestEmacs(t *testing.T) {
	d := newDesk(t)
	readmeSays(t, "### Emacs", emacsInit)
	folder := here(t, "emacs")
	system := func(packages ...string) func(*testing.T) string {
		return func(t *testing.T) string {
			need(t, "emacs")
			for _, name := range packages {
				if d.start(t, nil, "emacs", "--batch", "--eval", "(progn (package-initialize) (require '"+name+"))").code != 0 {
					lacking(t, "Emacs has no "+name)
				}
			}
			return "emacs"
		}
	}
	next := func(t *testing.T) string { return unpacked(t, "emacs30") }
	for _, c := range []struct {
		name, script, client string
		program              func(*testing.T) string
	}{
		{"system", "test.el", "eglot", system("eglot", "markdown-mode")},
		{"next", "test.el", "eglot", next},
		{"lsp-mode", "test-lsp-mode.el", "lsp-mode", system("lsp-mode", "markdown-mode")},
	} {
		t.Run(c.name, func(t *testing.T) {
			emacs := c.program(t)
			version := d.start(t, nil, emacs, "--batch", "--eval", `(progn (package-initialize) (require '`+c.client+`)
				(princ (format "\nEmacs %s, `+c.client+` of %s\n" emacs-version (locate-library "`+c.client+`"))))`)
			t.Log(version.out[strings.LastIndex(version.out, "\nEmacs")+1:])
			// Emacs at a terminal does not care for SIGPIPE, but in batch mode a server that ends while it is written to takes Emacs with it.
			d.script(t, "sh", "-c", `trap "" PIPE; exec "$@"`, "sh", emacs, "--batch", "-L", folder, "-l", filepath.Join(folder, c.script))
			if c.name != "lsp-mode" {
				d.tidyElisp(t, emacs, filepath.Join(folder, "scholium.el"))
			}
		})
	}
}

// tidyElisp wants a package to compile without warnings and its comments to be
// as checkdoc wants them.
func (d *desk) tidyElisp(t *testing.T, emacs, file string) {
	t.Helper()
	compiled := filepath.Join(t.TempDir(), "compiled.elc")
	run := d.start(t, nil, emacs, "--batch",
		"--eval", `(setq byte-compile-error-on-warn t byte-compile-dest-file-function (lambda (_) "`+compiled+`"))`,
		"-f", "batch-byte-compile", file)
	if _, err := os.Stat(compiled); run.code != 0 || err != nil {
		t.Errorf("compiling %s: %v\n%s", file, err, run.out)
	}
	run = d.start(t, nil, emacs, "--batch", "-l", "checkdoc", "--eval", `(checkdoc-file "`+file+`")`)
	if run.code != 0 || strings.Contains(run.out, filepath.Base(file)+":") {
		t.Errorf("the comments of %s:\n%s", file, run.out)
	}
	// The headers are a package's.
	run = d.start(t, nil, emacs, "--batch", "-l", "package", "--eval", `(with-temp-buffer (insert-file-contents "`+file+`")
		(princ (format "\n%S" (package-desc-reqs (package-buffer-info)))))`)
	if run.code != 0 || !strings.Contains(run.out, "(eglot (1 9))") {
		t.Errorf("the headers of %s:\n%s", file, run.out)
	}
	// Its commands are found before it is loaded.
	run = d.start(t, nil, emacs, "--batch", "-l", "autoload", "--eval", `(with-temp-buffer
		(let ((generated-autoload-file "`+filepath.Join(t.TempDir(), "loaddefs.el")+`"))
		  (make-directory-autoloads "`+filepath.Dir(file)+`" generated-autoload-file)
		  (insert-file-contents generated-autoload-file) (princ (buffer-string))))`)
	for _, command := range []string{"ensure", "restart", "check", "explain", "insert-reference"} {
		if !strings.Contains(run.out, "(autoload 'scholium-"+command+" ") {
			t.Errorf("scholium-%s has no autoload:\n%s", command, run.out)
		}
	}
}
