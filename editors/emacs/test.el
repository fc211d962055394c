;;; test.el --- Write a post in a real Emacs  -*- lexical-binding: t -*-

;;; Commentary:

;; Does what an author does, and looks at what Scholium makes of it:
;;
;;   SCHOLIUM_POST=FILE emacs --batch -L FOLDER -l test.el
;;
;; The exit code is 0 where all is well.  SCHOLIUM_WAIT is the most that is
;; waited for anything, in milliseconds.

;;; Code:

(setq package-user-dir (make-temp-file "scholium-elpa" t))
(package-initialize)
(require 'cl-lib)
(require 'eglot)
(require 'flymake)
(require 'markdown-mode)
(require 'scholium)
(require 'xref)

(defvar test-post (getenv "SCHOLIUM_POST"))
(defvar test-longest (/ (string-to-number (or (getenv "SCHOLIUM_WAIT") "20000")) 1000.0))
(defvar test-passed 0)
(defvar test-published nil "How many problems the server spoke of last.")

(cl-defmethod eglot-handle-notification :after
  (_server (_method (eql textDocument/publishDiagnostics)) &key diagnostics &allow-other-keys)
  "Count the DIAGNOSTICS."
  (setq test-published (length diagnostics)))

(defun test-until (condition)
  "Read from the server until CONDITION returns non-nil, and return that."
  (let ((end (+ (float-time) test-longest)) value)
    (while (and (not (setq value (funcall condition))) (< (float-time) end))
      (accept-process-output nil 0.01))
    value))

(defun test-check (name ok &optional detail)
  "Say that NAME is as it should be where OK is non-nil, or end the test.
DETAIL is printed."
  (let ((line (concat name (and detail (format "  -- %S" detail)))))
    (unless ok (error "%s" line))
    (cl-incf test-passed)
    (princ (format "ok   %s\n" line))))

(defun test-line (mark)
  "Go to the beginning of the line with MARK and return its text."
  (goto-char (point-min))
  (search-forward mark)
  (beginning-of-line)
  (buffer-substring-no-properties (point) (line-end-position)))

(defun test-goto (mark text)
  "Go to TEXT in the line with MARK."
  (test-line mark)
  (search-forward text (line-end-position))
  (goto-char (match-beginning 0)))

(defun test-flush ()
  "Tell the server what changed.  Idle timers never run in batch mode."
  (eglot--signal-textDocument/didChange)
  (flymake-start))

(defun test-replace (mark from to)
  "Write TO in place of FROM in the line with MARK."
  (test-goto mark from)
  (delete-char (length from))
  (insert to)
  (test-flush))

(defun test-problems ()
  "Return the texts that are underlined."
  (mapcar (lambda (d)
            (buffer-substring-no-properties (flymake-diagnostic-beg d) (flymake-diagnostic-end d)))
          (flymake-diagnostics)))

(defun test-shows (expected)
  "Wait until the underlined texts are those EXPECTED.
What is underlined goes with its text, so the server must agree."
  (test-until (lambda ()
                (and (eql test-published (length expected))
                     (equal (test-problems) expected)))))

(defun test-type (text)
  "Write TEXT at the end of the line for it."
  (test-line "Type here:")
  (end-of-line)
  (insert text)
  (test-flush))

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

(defun test-hover ()
  "Return what is said about the thing at point."
  (let (said)
    (dolist (f eldoc-documentation-functions)
      (when (functionp f)
        (funcall f (lambda (text &rest _)
                     (when (stringp text) (push (substring-no-properties text) said))))))
    (test-until (lambda () (cl-find-if (lambda (s) (string-match-p "eq:elbo" s)) said)))))

(defun test-run ()
  "Write the post."
  (find-file test-post)
  (test-check "a post is Markdown" (derived-mode-p 'markdown-mode) major-mode)
  (test-check "it lies in a site"
              (and (scholium-site)
                   (file-equal-p (scholium-site) (expand-file-name ".." (file-name-directory test-post)))))
  (scholium-ensure)
  (run-hooks 'post-command-hook) ; where eglot-ensure waits
  (let ((server (eglot-current-server)))
    (test-check "the server has started" (and server (eglot-managed-p) (jsonrpc-running-p server)))
    (flymake-start)             ; deferred until a window shows the buffer
    (test-check "a wrong reference behind 𝔼 is underlined" (test-shows '("eq:elbp")) (test-problems))
    (test-replace "is loose" "eq:elbp" "eq:elbo")
    (test-check "mended, it is not" (test-shows nil) (test-problems))
    (test-replace "is loose" "eq:elbo" "eq:elbp")
    (test-check "broken again, it is" (test-shows '("eq:elbp")) (test-problems))

    (test-goto "is tight" "eq:elbo")
    (let ((text (test-hover)))
      (test-check "hovering shows the number of the equation" (and text (string-match-p "(1)" text)) text))

    (test-goto "is tight" "eq:elbo")
    (xref-find-definitions (xref-backend-identifier-at-point (xref-find-backend)))
    (test-check "going to the definition jumps to the label"
                (and (equal buffer-file-name test-post) (looking-at "eq:elbo}") (looking-back "\\\\label{" (line-beginning-position)))
                (list (line-number-at-pos) (current-column)))

    (test-type " \\eqref{")
    (let ((all (test-candidates)))
      (test-check "completion after \\eqref{ offers the labels" (equal all '("eq:kl" "eq:elbo")) all))
    (insert "eq:k")
    (test-flush)
    (let ((line (test-complete)))
      (test-check "taking one writes it" (equal line "Type here: \\eqref{eq:kl") line)
      (test-replace "Type here:" line "Type here:"))
    (test-type " 𝔼 $\\hlb")
    (let ((line (test-complete)))
      (test-check "taking a macro replaces what was typed" (equal line "Type here: 𝔼 $\\hlblue") line)
      (test-replace "Type here:" line "Type here:"))
    (test-check "the post is as it was" (test-shows '("eq:elbp")) (test-problems))

    (test-goto "is loose" "eq:elbp")
    ;; Several actions: Eglot asks, in a menu when it was called by mouse. Return takes the preferred one.
    (let ((last-nonmenu-event ?.))
      (cl-letf (((symbol-function 'completing-read) (lambda (_prompt _choices _pred _match _initial _history default &rest _) default)))
        (eglot-code-actions (point) (point) "quickfix" t)))
    (test-check "a code action mends the reference"
                (test-until (lambda () (equal (test-line "is loose") "Over 𝔼 the bound \\eqref{eq:elbo} is loose.")))
                (test-line "is loose"))
    (test-flush)
    (test-check "and its problem goes" (test-shows nil) (test-problems))

    ;; Eglot says goodbye and kills what is left at once: let the server leave by itself.
    (let* ((process (jsonrpc--process server))
           (ended (lambda () (not (process-live-p process)))))
      (advice-add 'jsonrpc-shutdown :before (lambda (&rest _) (test-until ended)))
      (eglot-shutdown server nil test-longest)
      (test-check "the server ends well"
                  (and (funcall ended) (eq (process-status process) 'exit) (zerop (process-exit-status process)))
                  (list (process-status process) (process-exit-status process))))))

(setq eglot-sync-connect t
      eglot-connect-timeout test-longest
      eglot-autoshutdown nil
      eglot-confirm-server-initiated-edits nil
      flymake-no-changes-timeout 0.1 ; with nil, eglot 1.9 keeps problems to itself
      vc-handled-backends nil
      create-lockfiles nil
      make-backup-files nil
      auto-save-default nil)

(condition-case failure
    (test-run)
  (error
   (princ (format "FAIL %s\n%d passed, 1 failed\n" (error-message-string failure) test-passed))
   (kill-emacs 1)))
(princ (format "%d passed, 0 failed\n" test-passed))
(set-buffer-modified-p nil)
(kill-emacs 0)

;;; test.el ends here
