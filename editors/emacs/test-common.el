;;; test-common.el --- What the tests of Emacs share  -*- lexical-binding: t -*-

;;; Commentary:

;; test.el and test-lsp-mode.el write posts in a real Emacs as an author would,
;; and look at what Scholium makes of them:
;;
;;   SCHOLIUM_SITE=FOLDER SCHOLIUM_PID=FILE emacs --batch -L FOLDER -l test.el
;;
;; SCHOLIUM_SITE is a copy of testdata/sites/example, SCHOLIUM_PID holds the
;; servers' process ids, one a line.  The exit code is 0 where all is well.
;; SCHOLIUM_WAIT is the most that is waited for anything, in milliseconds.
;; Each step begins with what is on the disk, and none passes without the
;; server.

;;; Code:

(setq package-user-dir (make-temp-file "scholium-elpa" t))
(package-initialize)
(require 'cl-lib)
(require 'markdown-mode)
(require 'scholium)
(require 'xref)

(defvar test-site (getenv "SCHOLIUM_SITE"))
(defvar test-evidence (expand-file-name "_posts/2024-03-01-evidence.md" test-site))
(defvar test-mistakes (expand-file-name "_posts/2024-04-01-mistakes.md" test-site))
(defvar test-longest (/ (string-to-number (or (getenv "SCHOLIUM_WAIT") "20000")) 1000.0))
(defvar test-passed 0)
(defvar test-failed 0)

(setq vc-handled-backends nil
      create-lockfiles nil
      make-backup-files nil
      auto-save-default nil
      auto-save-list-file-prefix nil
      xref-prompt-for-identifier nil)
(setq-default case-fold-search nil)
(setq native-comp-jit-compilation nil) ; of no use to a test

(defun test-until (condition)
  "Read from the server until CONDITION returns non-nil, and return that."
  (let ((end (+ (float-time) test-longest)) value)
    (while (and (not (setq value (funcall condition))) (< (float-time) end))
      (accept-process-output nil 0.01))
    value))

(defun test-want (ok what &optional detail)
  "End the step with WHAT and DETAIL where OK is nil."
  (unless ok (error "%s: %S" what detail)))

(defmacro test-step (name &rest body)
  "Do BODY, a step with a NAME, and say how it went."
  (declare (indent 1))
  `(let (failure)
     (condition-case err
         (progn ,@body)
       (error (setq failure (error-message-string err))))
     (if failure (cl-incf test-failed) (cl-incf test-passed))
     (princ (if failure (format "FAIL %s  -- %s\n" ,name failure) (format "ok   %s\n" ,name)))
     (test-forget)))

(defun test-forget ()
  "Close every file without saving it."
  (dolist (buffer (buffer-list))
    (when (buffer-file-name buffer)
      (with-current-buffer buffer
        (set-buffer-modified-p nil)
        (kill-buffer buffer)))))

(defun test-end ()
  "Say how it went and leave."
  (princ (format "%d passed, %d failed\n" test-passed test-failed))
  (kill-emacs (if (zerop test-failed) 0 1)))

(defun test-pid ()
  "Return the process id of the server that was started last."
  (with-temp-buffer
    (insert-file-contents (getenv "SCHOLIUM_PID"))
    (string-to-number (car (last (split-string (buffer-string)))))))

(declare-function test-open nil)
(declare-function test-replace nil)
(declare-function test-server nil)
(declare-function test-shows nil)

(defun test-other-server (end)
  "Call END with the server's process id, and want another server in its place."
  (let ((before (test-pid)))
    (funcall end before)
    (test-want (test-until (lambda () (and (test-server) (/= (test-pid) before)))) "no other server starts")))

(defun test-restart ()
  "See what the command to restart does."
  (test-step "scholium-restart starts another server"
    (test-open test-evidence)
    (test-other-server (lambda (_) (scholium-restart)))
    (test-replace "𝔼" "eq:gap" "eq:gpa")
    (test-shows '("eq:gpa") "the new server does not read")))

(defun test-text ()
  "Return the text of the buffer."
  (buffer-substring-no-properties (point-min) (point-max)))

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

(defun test-replace-text (mark from to)
  "Write TO in place of FROM in the line with MARK."
  (test-goto mark from)
  (delete-char (length from))
  (insert to))

(defun test-default (_prompt _choices &optional _pred _match _initial _history default &rest _)
  "Take the DEFAULT, as Return does."
  (if (consp default) (car default) default))

(defun test-places (text)
  "Return how often TEXT stands in the buffer."
  (how-many (regexp-quote text) (point-min) (point-max)))

(provide 'test-common)

;;; test-common.el ends here
