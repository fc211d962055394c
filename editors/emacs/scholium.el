;;; scholium.el --- Proofread mathematical posts of Jekyll blogs  -*- lexical-binding: t -*-

;; Copyright (C) 2026 The Scholium authors

;; Author: The Scholium authors
;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1") (eglot "1.9") (markdown-mode "2.5"))
;; Keywords: tex, text, tools
;; SPDX-License-Identifier: MIT

;;; Commentary:

;; Scholium shows in the editor what the reader of a post would see in the
;; browser: ??? in place of an equation's number, a link that leads nowhere, a
;; footnote printed as [^note], a formula torn apart by an underscore.
;;
;; It is a language server, the program "scholium", which must be installed.
;; This file tells Eglot about it, and lsp-mode.  In your init file:
;;
;;   (require 'scholium)
;;   (add-hook 'markdown-mode-hook #'scholium-ensure)
;;
;; The second line is for the Markdown files of Jekyll sites, which it opens
;; with Scholium; without it, say M-x eglot or M-x lsp in any Markdown file.
;;
;; Commands:
;;
;;   scholium-insert-reference  choose an equation, write a reference to it
;;   scholium-check             list the problems of the whole site
;;   scholium-explain           show the page of a rule
;;   scholium-restart           start the server again

;;; Code:

(require 'compile)
(require 'seq)
(require 'subr-x)

(defvar eglot-server-programs)
(defvar lsp-language-id-configuration)
(declare-function eglot-current-server "eglot" ())
(declare-function eglot-ensure "eglot" ())
(declare-function eglot-reconnect "eglot" (server &optional interactive))
(declare-function eglot--TextDocumentIdentifier "eglot" ())
(declare-function eglot--signal-textDocument/didChange "eglot" ())
(declare-function flymake-diagnostics "flymake" (&optional beg end))
(declare-function flymake-diagnostic-text "flymake" (diag))
(declare-function jsonrpc-request "jsonrpc" (connection method params &rest more))
(declare-function jsonrpc-running-p "jsonrpc" (connection))
(declare-function lsp "lsp-mode" (&optional arg))
(declare-function lsp-deferred "lsp-mode" ())
(declare-function lsp-register-client "lsp-mode" (client))
(declare-function lsp-request "lsp-mode" (method params &rest more))
(declare-function lsp-stdio-connection "lsp-mode" (command &optional test-command))
(declare-function lsp-workspaces "lsp-mode" ())
(declare-function lsp-workspace-restart "lsp-mode" (workspace))
(declare-function lsp--text-document-identifier "lsp-mode" ())
(declare-function make-lsp-client "lsp-mode" (&rest slots))

(defgroup scholium nil
  "Proofreading mathematical posts of Jekyll blogs."
  :group 'tools
  :prefix "scholium-")

(defcustom scholium-command '("scholium" "serve")
  "The server's program and its arguments."
  :type '(repeat string))

(defcustom scholium-client 'eglot
  "What `scholium-ensure' starts the server with."
  :type '(choice (const :tag "Eglot" eglot)
                 (const :tag "lsp-mode" lsp-mode)))

(defcustom scholium-options nil
  "What the server is told when it starts, a property list.
With (:hints (:footnotes :json-false)) it writes no numbers behind
footnote markers; with (:hints :json-false) no numbers at all.
With (:rules (:unused-footnote \"off\")) it says nothing of that rule."
  :type 'plist)

;;;###autoload
(defun scholium--contact (&rest _)
  "Return the server's command line, for Eglot."
  (if scholium-options
      (append scholium-command (list :initializationOptions scholium-options))
    scholium-command))

;;;###autoload
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               '((markdown-mode gfm-mode (markdown-ts-mode :language-id "markdown"))
                 . scholium--contact)))

;;;###autoload
(defun scholium--register-lsp ()
  "Tell lsp-mode of the server."
  (add-to-list 'lsp-language-id-configuration '(markdown-ts-mode . "markdown"))
  (lsp-register-client
   (make-lsp-client :new-connection (lsp-stdio-connection (lambda () scholium-command))
                    :major-modes '(markdown-mode gfm-mode markdown-ts-mode)
                    :initialization-options (lambda () scholium-options)
                    :add-on? t ; beside a server for Markdown itself
                    ;; It counts characters, and version 8 does not say so: behind 𝔼 it
                    ;; would look one off, and a rename would write into other text.
                    :custom-capabilities '((general . ((positionEncodings . ["utf-32"]))))
                    :server-id 'scholium)))

;;;###autoload
(with-eval-after-load 'lsp-mode
  (scholium--register-lsp))

(defun scholium-site ()
  "Return the folder of the Jekyll site that the buffer's file lies in.
Return nil where it lies in none."
  (and buffer-file-name
       (locate-dominating-file
        buffer-file-name
        (lambda (folder)
          (or (file-exists-p (expand-file-name "_config.yml" folder))
              (file-exists-p (expand-file-name "_config.yaml" folder)))))))

;;;###autoload
(defun scholium-ensure ()
  "Start Scholium where the buffer's file lies in a Jekyll site.
This is for `markdown-mode-hook'.  See `scholium-client'."
  (cond
   ((not (scholium-site)))
   ((not (executable-find (car scholium-command)))
    (message "Scholium: there is no program %s; install it, or set `scholium-command'"
             (car scholium-command)))
   ((eq scholium-client 'lsp-mode) (lsp-deferred))
   (t (eglot-ensure))))

(defun scholium--eglot ()
  "Return the buffer's server of Eglot, or nil."
  (and (fboundp 'eglot-current-server) (eglot-current-server)))

(defun scholium--lsp ()
  "Return the buffer's servers of lsp-mode."
  (and (fboundp 'lsp-workspaces) (lsp-workspaces)))

;;;###autoload
(defun scholium-restart ()
  "End the server of this buffer and start it again."
  (interactive)
  (let ((server (scholium--eglot)))
    (cond
     ((scholium--lsp) (mapc #'lsp-workspace-restart (scholium--lsp)))
     ((and server (jsonrpc-running-p server)) (eglot-reconnect server))
     ((eq scholium-client 'lsp-mode) (lsp))
     (t (eglot-ensure)))))

;;;; The program itself

(defun scholium--program ()
  "Return the command line of the program, without the word that serves."
  (or (butlast scholium-command (length (member "serve" scholium-command)))
      scholium-command))

(defun scholium--lines (&rest arguments)
  "Return the lines that the program prints when run with ARGUMENTS.
Signal an error where it fails."
  (let ((command (append (scholium--program) arguments)))
    (with-temp-buffer
      (let ((code (condition-case nil
                      (apply #'call-process (car command) nil t nil (cdr command))
                    (file-missing
                     (user-error "Scholium: there is no program %s; install it, or set `scholium-command'"
                                 (car command))))))
        (unless (eql code 0)
          (user-error "Scholium: %s" (string-trim (buffer-string))))
        (split-string (buffer-string) "\n")))))

;;;; Check

(defvar scholium--column-memory nil
  "The file, time and lines that `scholium--column' has read last.")

(defun scholium--column ()
  "Return the column, from 1, of the problem that was matched.
The program counts UTF-16 units, Emacs characters."
  (let* ((file (expand-file-name (match-string-no-properties 1)))
         (line (string-to-number (match-string-no-properties 2)))
         (column (string-to-number (match-string-no-properties 3)))
         (text (save-match-data (scholium--line file line)))
         (units 1)
         (at 0))
    (while (and (< units column) (< at (length text)))
      (setq units (+ units (if (> (aref text at) #xffff) 2 1))
            at (1+ at)))
    (1+ at)))

(defun scholium--line (file line)
  "Return a LINE, from 1, of a FILE, or an empty string."
  (let ((key (cons file (file-attribute-modification-time (file-attributes file)))))
    (unless (equal key (car scholium--column-memory))
      (setq scholium--column-memory
            (cons key (and (file-readable-p file)
                           (with-temp-buffer
                             (let ((coding-system-for-read 'utf-8))
                               (insert-file-contents file))
                             (vconcat (split-string (buffer-string) "\n")))))))
    (let ((lines (cdr scholium--column-memory)))
      (if (<= 1 line (length lines)) (aref lines (1- line)) ""))))

(define-compilation-mode scholium-check-mode "Scholium"
  "The problems that Scholium finds in a site.
\\<scholium-check-mode-map>\\[next-error] goes to the next, \\[recompile] looks again."
  (setq-local compilation-error-regexp-alist
              '(("^\\([^:\n]+\\):\\([0-9]+\\):\\([0-9]+\\): \\(?:error\\|\\(warning\\)\\|\\(info\\|hint\\)\\): "
                 1 2 scholium--column (4 . 5))))
  (setq-local compilation-error-screen-columns nil)
  (setq-local compilation-first-column 1))

;;;###autoload
(defun scholium-check ()
  "List the problems of the whole site, as it is on the disk."
  (interactive)
  (let ((default-directory (or (scholium-site) default-directory))
        (compilation-environment (cons "NO_COLOR=1" compilation-environment)))
    (compilation-start
     (mapconcat #'shell-quote-argument (append (scholium--program) '("check")) " ")
     #'scholium-check-mode)))

;;;; Explain

(defun scholium--codes ()
  "Return the names of the rules."
  (seq-filter (lambda (code) (not (string-empty-p code)))
              (mapcar (lambda (line) (car (split-string line " "))) (scholium--lines "explain"))))

(defun scholium--code-here (codes)
  "Return which of CODES a problem in the line at point has, or nil."
  (and (bound-and-true-p flymake-mode)
       (let ((texts (mapcar #'flymake-diagnostic-text
                            (flymake-diagnostics (line-beginning-position) (line-end-position)))))
         (seq-find (lambda (code)
                     (seq-find (lambda (text)
                                 (string-match-p (concat "\\[" (regexp-quote code) "\\]") text))
                               texts))
                   codes))))

;;;###autoload
(defun scholium-explain (code)
  "Show the page of the rule CODE: what it reports, and how to mend it."
  (interactive
   (let* ((codes (scholium--codes))
          (here (scholium--code-here codes)))
     (list (completing-read (if here (format "Rule (default %s): " here) "Rule: ")
                            codes nil t nil nil here))))
  (let ((lines (scholium--lines "explain" code)))
    (with-help-window "*scholium explain*"
      (princ (mapconcat #'identity lines "\n")))))

;;;; Insert a reference

(defun scholium--get (object key)
  "Return what OBJECT of the protocol, a property list or hash table, has at KEY."
  (if (hash-table-p object)
      (gethash (substring (symbol-name key) 1) object)
    (plist-get object key)))

(defun scholium--outline ()
  "Ask the buffer's server for the outline."
  (cond
   ((scholium--eglot)
    ;; What was typed just now waits for a timer otherwise.
    (when (fboundp 'eglot--signal-textDocument/didChange)
      (eglot--signal-textDocument/didChange))
    (jsonrpc-request (scholium--eglot) :textDocument/documentSymbol
                     (list :textDocument (eglot--TextDocumentIdentifier))))
   ((scholium--lsp)
    (lsp-request "textDocument/documentSymbol"
                 (list :textDocument (lsp--text-document-identifier))))
   (t (user-error "Scholium: no server reads this buffer"))))

(defun scholium--labels (symbols)
  "Return the labelled equations among SYMBOLS of an outline.
Each is a list of label, number, and the equation in Unicode."
  (seq-mapcat
   (lambda (symbol)
     (let ((name (scholium--get symbol :name)))
       (append
        (and (eql (scholium--get symbol :kind) 16) ; a number
             (string-match "\\`\\(([^)]*)\\) \\(.+\\)\\'" name)
             (list (list (match-string 2 name)
                         (match-string 1 name)
                         (or (scholium--get symbol :detail) ""))))
        (scholium--labels (scholium--get symbol :children)))))
   symbols))

(defun scholium--read-label ()
  "Let the user choose one of the post's labels."
  (let* ((labels (or (scholium--labels (scholium--outline))
                     (user-error "Scholium: this post has no labelled equation")))
         (widest (apply #'max (mapcar (lambda (l) (string-width (car l))) labels)))
         (annotate (lambda (label)
                     (let ((found (assoc label labels)))
                       (format "%s  %s  %s"
                               (make-string (- widest (string-width label)) ?\s)
                               (nth 1 found) (nth 2 found))))))
    (completing-read
     "Reference to: "
     (lambda (string predicate action)
       (if (eq action 'metadata)
           `(metadata (category . scholium-label)
                      (annotation-function . ,annotate)
                      (display-sort-function . identity)
                      (cycle-sort-function . identity))
         (complete-with-action action labels string predicate)))
     nil t)))

;;;###autoload
(defun scholium-insert-reference (label)
  "Write a reference to the equation with some LABEL.
Interactively, choose one of the post's equations, which are shown
with their numbers and in Unicode."
  (interactive (list (scholium--read-label)))
  (insert "\\eqref{" label "}"))

(provide 'scholium)

;;; scholium.el ends here
