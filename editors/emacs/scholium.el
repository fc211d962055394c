;;; scholium.el --- Proofread mathematical posts of Jekyll blogs  -*- lexical-binding: t -*-

;; Copyright (C) 2026 The Scholium authors

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
;; This file tells Eglot about it.  In your init file:
;;
;;   (require 'scholium)
;;   (add-hook 'markdown-mode-hook #'scholium-ensure)
;;
;; The second line is for the Markdown files of Jekyll sites, which it opens
;; with Scholium; without it, say M-x eglot in any Markdown file.

;;; Code:

(defvar eglot-server-programs)
(declare-function eglot-ensure "eglot" ())

(defgroup scholium nil
  "Proofreading mathematical posts of Jekyll blogs."
  :group 'tools
  :prefix "scholium-")

(defcustom scholium-command '("scholium" "serve")
  "The server's program and its arguments."
  :type '(repeat string))

;;;###autoload
(defun scholium--contact (&rest _)
  "Return the server's command line, for Eglot."
  scholium-command)

;;;###autoload
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               '((markdown-mode gfm-mode) . scholium--contact)))

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
This is for `markdown-mode-hook'."
  (cond
   ((not (scholium-site)))
   ((executable-find (car scholium-command)) (eglot-ensure))
   (t (message "Scholium: there is no program %s; install it, or set `scholium-command'"
               (car scholium-command)))))

(provide 'scholium)

;;; scholium.el ends here
