;;; test-lsp-mode.el --- Write posts in a real Emacs with lsp-mode  -*- lexical-binding: t -*-

;;; Commentary:

;; See test-common.el.

;;; Code:

(setq user-emacs-directory (file-name-as-directory (make-temp-file "scholium-emacs" t)))
(load (expand-file-name "test-common" (file-name-directory load-file-name)) nil t)
(setq lsp-session-file (expand-file-name "session" user-emacs-directory)
      lsp-server-install-dir user-emacs-directory
      lsp-auto-guess-root t
      lsp-restart 'ignore ; lsp-mode starts a server that ends at once again and again, deeper each time, until Emacs ends
      lsp-keep-workspace-alive t
      lsp-enable-snippet nil
      lsp-diagnostics-provider :flymake
      lsp-enable-file-watchers nil
      lsp-headerline-breadcrumb-enable nil
      lsp-modeline-code-actions-enable nil
      lsp-modeline-diagnostics-enable nil
      lsp-auto-execute-action nil
      scholium-client 'lsp-mode)
(require 'lsp-mode)
(require 'lsp-completion)
(require 'lsp-diagnostics)
(setq lsp-enabled-clients '(scholium))
(lsp-workspace-folders-add (directory-file-name (expand-file-name test-site)))

(defun test-server ()
  "Return the server, if it is ready."
  (let ((workspace (car (lsp-workspaces))))
    (and workspace (eq 'initialized (lsp--workspace-status workspace)) workspace)))

(defun test-open (file)
  "Show FILE as an author does, with the server."
  (find-file (expand-file-name file test-site))
  (lsp)
  (test-want (test-until #'test-server) "no server reads it" file))

(defun test-replace (mark from to)
  "Write TO in place of FROM in the line with MARK, for the server to see."
  (test-replace-text mark from to)
  (lsp--flush-delayed-changes)) ; idle timers do not run in batch mode

(defun test-problems ()
  "Return the texts that the server speaks of."
  (mapcar (lambda (d)
            (let ((range (lsp:diagnostic-range d)))
              (buffer-substring-no-properties (lsp--position-to-point (lsp:range-start range))
                                              (lsp--position-to-point (lsp:range-end range)))))
          (gethash (lsp--fix-path-casing buffer-file-name) (lsp-diagnostics t))))

(defun test-shows (expected what)
  "Wait until the problems are those EXPECTED, or say WHAT."
  (test-want (test-until (lambda () (equal (test-problems) expected))) what (test-problems)))

(test-step "the server reads a post"
  (test-open test-evidence)
  (test-want (eq 'scholium (lsp--client-server-id (lsp--workspace-client (test-server)))) "another server does"))

(test-step "problems appear behind 𝔼, and clear"
  (test-open test-evidence)
  (test-replace "𝔼" "eq:gap" "eq:gpa")
  (test-shows '("eq:gpa") "broken, not the name alone is at fault")
  (test-replace "𝔼" "eq:gpa" "eq:gap")
  (test-shows nil "mended, something is at fault"))

(test-step "hover shows number and equation in Unicode"
  (test-open test-evidence)
  (test-goto "𝔼" "eq:gap")
  (let* ((hover (lsp-request "textDocument/hover" (lsp--text-document-position-params)))
         (text (substring-no-properties (lsp--render-on-hover-content (lsp:hover-contents hover) t))))
    (test-want (and (string-match-p "(2)" text) (string-match-p "log p(x) − ℒ(q) = D" text)) "it says" text)))

(test-step "definition jumps into an include"
  (test-open test-evidence)
  (test-goto "figure.html" "figure.html")
  (lsp-find-definition)
  (test-want (equal buffer-file-name (expand-file-name "_includes/figure.html" test-site)) "point is in" buffer-file-name))

(test-step "completion offers the labels"
  (test-open test-evidence)
  (goto-char (point-max))
  (insert "\nType here: 𝔼 \\eqref{eq:")
  (lsp--flush-delayed-changes)
  (let ((all (mapcar #'substring-no-properties (all-completions "eq:" (nth 2 (lsp-completion-at-point))))))
    (test-want (equal (sort all #'string<) '("eq:elbo" "eq:gap" "eq:positive")) "offered are" all)))

(test-step "rename changes all places of a label"
  (test-open test-evidence)
  (test-goto "𝔼" "eq:elbo")
  (lsp-rename "eq:bound")
  (test-want (and (= 3 (test-places "eq:bound}")) (zerop (test-places "eq:elbo"))) "the text is" (test-text)))

(test-step "a code action mends a footnote"
  (test-open test-mistakes)
  (test-want (test-until (lambda () (member "Everybody" (test-problems)))) "it is not at fault" (test-problems))
  (test-goto "[^Everybody]" "Everybody")
  (lsp-execute-code-action (seq-find (lambda (a) (equal (lsp:code-action-title a) "Replace by everybody")) (lsp-code-actions-at-point)))
  (test-want (= 1 (test-places "everybody does[^everybody]")) "the line is" (test-line "We minimise")))

(test-step "scholium-insert-reference writes a reference to the chosen equation"
  (test-open test-evidence)
  (goto-char (point-max))
  (insert "\nBy 𝔼.")
  (backward-char)
  (let ((completing-read-function
         (lambda (_prompt table &rest _) (nth 1 (all-completions "" table)))))
    (call-interactively #'scholium-insert-reference))
  (test-want (equal (test-line "By 𝔼") "By 𝔼\\eqref{eq:gap}.") "the line is" (test-line "By 𝔼")))

(test-step "a server that is killed comes back"
  (test-open test-evidence)
  (let ((lsp-restart 'auto-restart))
    (test-other-server (lambda (id) (signal-process id 'KILL))))
  (test-replace "𝔼" "eq:gap" "eq:gpa")
  (test-shows '("eq:gpa") "the new server does not read"))

(test-restart)

(test-end)

;;; test-lsp-mode.el ends here
