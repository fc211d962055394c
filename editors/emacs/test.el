;;; test.el --- Write posts in a real Emacs with Eglot  -*- lexical-binding: t -*-

;;; Commentary:

;; See test-common.el.

;;; Code:

(load (expand-file-name "test-common" (file-name-directory load-file-name)) nil t)
(require 'eglot)
(require 'flymake)

(setq eglot-sync-connect t
      eglot-connect-timeout test-longest
      eglot-autoreconnect t
      eglot-autoshutdown nil
      eglot-confirm-server-initiated-edits nil
      flymake-no-changes-timeout 0.1) ; with nil, eglot 1.9 keeps problems to itself

(defvar test-published nil "How many problems the server spoke of last, by URI.")

(cl-defmethod eglot-handle-notification :after
  (_server (_method (eql textDocument/publishDiagnostics)) &key uri diagnostics &allow-other-keys)
  "Count the DIAGNOSTICS of a URI."
  (setf (alist-get uri test-published nil nil #'equal) (length diagnostics)))

(defun test-flush ()
  "Tell the server what changed.  Idle timers never run in batch mode."
  (eglot--signal-textDocument/didChange)
  (flymake-start))

(defun test-server ()
  "Return the server, if it runs."
  (let ((server (eglot-current-server)))
    (and server (eglot-managed-p) (jsonrpc-running-p server) server)))

(defun test-open (file)
  "Show FILE as an author does, with the server."
  (find-file (expand-file-name file test-site))
  (scholium-ensure)
  (run-hooks 'post-command-hook) ; where eglot-ensure waits
  (test-want (test-until #'test-server) "no server reads it" file)
  (flymake-start))             ; deferred until a window shows the buffer

(defun test-replace (mark from to)
  "Write TO in place of FROM in the line with MARK, for the server to see."
  (test-replace-text mark from to)
  (test-flush))

(defun test-problems ()
  "Return the texts that are underlined."
  (mapcar (lambda (d)
            (buffer-substring-no-properties (flymake-diagnostic-beg d) (flymake-diagnostic-end d)))
          (flymake-diagnostics)))

(defun test-shows (expected what)
  "Wait until the underlined texts are those EXPECTED.
What is underlined goes with its text, so the server must agree.
WHAT is said otherwise."
  (let ((uri (plist-get (eglot--TextDocumentIdentifier) :uri)))
    (test-want (test-until (lambda ()
                             (and (eql (alist-get uri test-published nil nil #'equal) (length expected))
                                  (equal (test-problems) expected))))
               what (test-problems))))

(defun test-candidates ()
  "Return the candidates of completion at point."
  (let* ((capf (eglot-completion-at-point))
         (typed (buffer-substring-no-properties (nth 0 capf) (nth 1 capf)))
         (table (nth 2 capf))
         (all (completion-all-completions typed table nil (length typed)
                                          (completion-metadata typed table nil))))
    (when (consp all) (setcdr (last all) nil))
    (mapcar #'substring-no-properties all)))

(defun test-complete ()
  "Complete at point, where one candidate is left, and return the line."
  (let ((completion-at-point-functions '(eglot-completion-at-point))
        (buffer (current-buffer))
        (tick (buffer-modified-tick)))
    (completion-at-point)
    ;; From Emacs 29 on a lone candidate may only be listed: take it there.
    (when (= tick (buffer-modified-tick))
      (with-selected-window (or (get-buffer-window "*Completions*") (display-buffer "*Completions*"))
        (goto-char (point-min))
        (next-completion 1)
        (choose-completion))
      (set-buffer buffer))
    (test-flush)
    (buffer-substring-no-properties (line-beginning-position) (line-end-position))))

(defun test-hover (text)
  "Return what is said about the thing at point when it has TEXT."
  (let (said)
    (dolist (f eldoc-documentation-functions)
      (when (functionp f)
        (funcall f (lambda (text &rest _)
                     (when (stringp text) (push (substring-no-properties text) said))))))
    (test-until (lambda () (cl-find-if (lambda (s) (string-match-p (regexp-quote text) s)) said)))))

(test-step "the server reads a post"
  (test-open test-evidence)
  (test-want (derived-mode-p 'markdown-mode) "the mode" major-mode)
  (test-want (file-equal-p (scholium-site) test-site) "the site" (scholium-site)))

(test-step "problems appear behind 𝔼, and clear"
  (test-open test-evidence)
  (test-replace "𝔼" "eq:gap" "eq:gpa")
  (test-shows '("eq:gpa") "broken, not the name alone is underlined")
  (test-replace "𝔼" "eq:gpa" "eq:gap")
  (test-shows nil "mended, it is underlined")
  (test-replace "𝔼" "eq:gap" "eq:gpa")
  (test-shows '("eq:gpa") "broken again, it is not underlined"))

(test-step "hover shows number and equation in Unicode"
  (test-open test-evidence)
  (test-goto "𝔼" "eq:gap")
  (let ((text (test-hover "log p(x) − ℒ(q) = D")))
    (test-want (and text (string-match-p "(2)" text)) "it says" text)))

(test-step "definition jumps into an include, and behind 𝔼 to a label"
  (test-open test-evidence)
  (test-goto "figure.html" "figure.html")
  (xref-find-definitions (xref-backend-identifier-at-point (xref-find-backend)))
  (test-want (equal buffer-file-name (expand-file-name "_includes/figure.html" test-site)) "point is in" buffer-file-name)
  (test-open test-evidence)
  (test-goto "𝔼" "eq:gap")
  (xref-find-definitions (xref-backend-identifier-at-point (xref-find-backend)))
  (test-want (and (looking-at "eq:gap}") (looking-back "\\\\label{" (line-beginning-position)))
             "point is at" (list (line-number-at-pos) (current-column))))

(test-step "completion writes a label and a macro"
  (test-open test-evidence)
  (goto-char (point-max))
  (insert "\nType here: 𝔼 \\eqref{")
  (test-flush)
  (let ((all (test-candidates)))
    (test-want (equal (sort (copy-sequence all) #'string<) '("eq:elbo" "eq:gap" "eq:positive")) "offered are" all))
  (insert "eq:pos")
  (test-flush)
  (let ((line (test-complete)))
    (test-want (equal line "Type here: 𝔼 \\eqref{eq:positive") "the line is" line))
  (insert "} $\\giv")
  (test-flush)
  (let ((line (test-complete)))
    (test-want (equal line "Type here: 𝔼 \\eqref{eq:positive} $\\given") "the line is" line)))

(test-step "rename changes all places of a label"
  (test-open test-evidence)
  (test-goto "𝔼" "eq:elbo")
  (eglot-rename "eq:bound")
  (test-want (test-until (lambda () (zerop (test-places "eq:elbo")))) "the old name is left")
  (test-want (and (= 3 (test-places "eq:bound}")) (= 1 (test-places "$\\eqref{eq:bound}$"))) "the new name stands elsewhere" (test-text)))

(test-step "a code action mends a footnote"
  (test-open test-mistakes)
  (test-want (test-until (lambda () (member "Everybody" (test-problems)))) "it is not underlined" (test-problems))
  (test-goto "[^Everybody]" "Everybody")
  ;; Several actions: Eglot asks, in a menu when it was called by mouse. Return takes the preferred one.
  (let ((last-nonmenu-event ?.)
        (completing-read-function #'test-default))
    (eglot-code-actions (point) (point) "quickfix" t))
  (test-want (test-until (lambda () (= 1 (test-places "everybody does[^everybody]")))) "the line is" (test-line "We minimise"))
  (test-flush)
  (test-want (test-until (lambda () (not (member "Everybody" (test-problems))))) "it is still underlined" (test-problems)))

(when (fboundp 'eglot-inlay-hints-mode)
  (test-step "inlay hints show the numbers"
    (test-open test-evidence)
    (test-want eglot-inlay-hints-mode "hints are off")
    (test-want
     (test-until
      (lambda ()
        (eglot--update-hints-1 (point-min) (point-max)) ; what a window does
        (accept-process-output nil 0.1)
        (test-line "𝔼")
        (let ((shown (delq nil (mapcar (lambda (o)
                                         (let ((text (or (overlay-get o 'before-string) (overlay-get o 'after-string))))
                                           (and text (string-trim (substring-no-properties text)))))
                                       (sort (overlays-in (point) (line-end-position))
                                             (lambda (a b) (< (overlay-start a) (overlay-start b))))))))
          (equal shown '("(2)" "(1)")))))
     "not shown")))

(test-step "scholium-check lists the problems of the whole site"
  (let ((about (expand-file-name "about.md" test-site)))
    (with-temp-file about (insert "---\n---\nOver 𝔼 as known[^nowhere].\n"))
    (find-file about))
  (scholium-check)
  (let* ((list (next-error-find-buffer))
         (next (lambda (name code)
                 (set-buffer list)
                 (goto-char (point-min))
                 (search-forward code)
                 (compile-goto-error)
                 (set-buffer (window-buffer))
                 (test-want (equal (file-name-nondirectory buffer-file-name) name) "it lies in" buffer-file-name)
                 (buffer-substring-no-properties (point) (line-end-position)))))
    (with-current-buffer list
      (test-want (test-until (lambda () (string-match-p "[0-9]+ errors" (test-text)))) "it prints" (test-text)))
    (let ((there (funcall next "2024-04-01-mistakes.md" "[undefined-command]")))
      (test-want (string-prefix-p "\\thetta}" there) "the problem is at" there))
    (let ((there (funcall next "about.md" "[^nowhere]")))
      (test-want (equal there "nowhere].") "the problem behind 𝔼 is at" there))))

(test-step "scholium-explain shows the page of a rule"
  (test-open test-mistakes)
  (test-want (test-until (lambda () (member "thetta" (mapcar (lambda (p) (string-trim-left p "\\\\")) (test-problems))))) "it is not underlined")
  (test-goto "f_{\\thetta}" "thetta")
  (let ((completing-read-function #'test-default))
    (call-interactively #'scholium-explain))
  (with-current-buffer "*scholium explain*"
    (test-want (string-prefix-p "undefined-command " (test-text)) "it shows" (test-text)))
  (scholium-explain "undefined-label")
  (with-current-buffer "*scholium explain*"
    (test-want (string-prefix-p "undefined-label " (test-text)) "it shows" (test-text))))

(test-step "scholium-insert-reference writes a reference to the chosen equation"
  (test-open test-evidence)
  (goto-char (point-max))
  (insert "\nBy 𝔼.")
  (backward-char)
  (let* (offered
         (completing-read-function
          (lambda (_prompt table &rest _)
            (let ((annotate (completion-metadata-get (completion-metadata "" table nil) 'annotation-function)))
              (setq offered (mapcar (lambda (c) (cons c (funcall annotate c))) (all-completions "" table))))
            "eq:gap")))
    (call-interactively #'scholium-insert-reference)
    (test-want (equal (test-line "By 𝔼") "By 𝔼\\eqref{eq:gap}.") "the line is" (test-line "By 𝔼"))
    (test-want (and (= 3 (length offered)) (string-match-p "(2)  log p(x) − ℒ(q) = D" (cdr (assoc "eq:gap" offered)))) "offered are" offered)))

(test-step "a server that is killed comes back"
  (test-open test-evidence)
  (test-replace "𝔼" "eq:gap" "eq:gpa")
  (test-shows '("eq:gpa") "it is not underlined")
  (setq test-published nil)
  (test-other-server (lambda (id) (signal-process id 'KILL)))
  (flymake-start)
  (test-shows '("eq:gpa") "the new server does not see what is not saved")
  (test-replace "𝔼" "eq:gpa" "eq:gap")
  (test-shows nil "the new server does not follow")
  (test-replace "𝔼" "eq:gap" "eq:gpa")
  (test-shows '("eq:gpa") "the new server does not read"))

(unless (fboundp 'markdown-ts-mode) ; of Emacs 31
  (define-derived-mode markdown-ts-mode text-mode "Markdown"))

(test-step "a post in markdown-ts-mode is read"
  (let ((auto-mode-alist '(("\\.md\\'" . markdown-ts-mode))))
    (test-open test-mistakes))
  (test-want (eq major-mode 'markdown-ts-mode) "the mode" major-mode)
  (test-want (test-until (lambda () (member "eq:los" (test-problems)))) "the problems" (test-problems))
  (eglot-shutdown (eglot-current-server))
  (kill-buffer))

(test-restart)

(test-step "the server ends well"
  (test-open test-evidence)
  ;; Eglot says goodbye and kills what is left at once: let the server leave by itself.
  (let* ((server (eglot-current-server))
         (process (jsonrpc--process server))
         (ended (lambda () (not (process-live-p process)))))
    (advice-add 'jsonrpc-shutdown :before (lambda (&rest _) (test-until ended)))
    (eglot-shutdown server nil test-longest)
    (test-want (and (funcall ended) (eq (process-status process) 'exit) (zerop (process-exit-status process)))
               "it did not" (list (process-status process) (process-exit-status process)))))

(test-end)

;;; test.el ends here
