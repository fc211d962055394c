package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// A repository is a git repository with its files checked out. git is asked only
// what it has stored: nothing that a configuration or an attribute names is run.
type repository struct {
	root string // the folder, without symlinks
}

// openRepository finds the repository that the targets lie in.
func openRepository(targets []target) (*repository, error) {
	var repo *repository
	for _, t := range targets {
		dir := t.path
		if !t.folder {
			dir = filepath.Dir(dir)
		}
		out, err := (&repository{dir}).git(nil, "rev-parse", "--show-toplevel")
		switch {
		case errors.Is(err, exec.ErrNotFound):
			return nil, errors.New("--changed-since needs git, which is not there")
		case err != nil:
			return nil, fmt.Errorf("%s is not in a git repository that can be read: %w", displayPath(dir), err)
		}
		root, err := filepath.EvalSymlinks(filepath.FromSlash(strings.TrimRight(string(out), "\r\n")))
		if err != nil {
			return nil, err
		}
		if repo != nil && repo.root != root {
			return nil, fmt.Errorf("%s and %s are two repositories: --changed-since takes one", repo.root, root)
		}
		repo = &repository{root}
	}
	return repo, nil
}

// git runs a plumbing command of git. The error is what it says, in a line.
func (r *repository) git(in io.Reader, args ...string) ([]byte, error) {
	safe := []string{"-C", r.root, "-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.DevNull, "-c", "protocol.allow=never", "--no-pager", "--no-replace-objects", "--literal-pathspecs"}
	cmd := exec.Command("git", append(safe, args...)...)
	cmd.Env = []string{"GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "GIT_NO_LAZY_FETCH=1", "LC_ALL=C"}
	for _, e := range os.Environ() { // those that a hook sets would name another repository
		if name, _, _ := strings.Cut(e, "="); !strings.HasPrefix(name, "GIT_") || strings.HasPrefix(name, "GIT_CONFIG") || name == "GIT_CEILING_DIRECTORIES" {
			cmd.Env = append(cmd.Env, e)
		}
	}
	var out, err bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = in, &out, &err
	if e := cmd.Run(); e != nil {
		if errors.Is(e, exec.ErrNotFound) {
			return nil, e
		}
		if said, _, _ := strings.Cut(strings.TrimSpace(err.String()), "\n"); said != "" {
			return nil, errors.New(strings.TrimPrefix(said, "fatal: "))
		}
		return nil, e
	}
	return out.Bytes(), nil
}

// base is the commit at which HEAD and a revision parted.
func (r *repository) base(rev string) (string, error) {
	if rev == "" || strings.HasPrefix(rev, "-") || strings.ContainsAny(rev, "\x00\n") {
		return "", fmt.Errorf("%q is no revision", rev)
	}
	commit, err := r.git(nil, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	if err != nil {
		return "", fmt.Errorf("the repository has no revision %q; in a workflow, fetch-depth: 0 fetches all", rev)
	}
	base, err := r.git(nil, "merge-base", strings.TrimSpace(string(commit)), "HEAD")
	if err != nil {
		return "", fmt.Errorf("HEAD and %q have no common past here; in a workflow, fetch-depth: 0 fetches all of it", rev)
	}
	return strings.TrimSpace(string(base)), nil
}

// path returns the path of a file in the repository, "." for its root, and
// whether it lies there.
func (r *repository) path(file string) (string, bool) {
	if real, err := filepath.EvalSymlinks(file); err == nil {
		file = real
	}
	rel, err := filepath.Rel(r.root, file)
	return filepath.ToSlash(rel), err == nil && filepath.IsLocal(rel)
}

// name is the path of a problem's file in the repository.
func (r *repository) name(f *found) string {
	root, _ := r.path(f.site.Root)
	return path.Join(root, string(f.At.File))
}

// renames are the files that HEAD has under another name than a commit: from
// their old paths to the new ones.
func (r *repository) renames(commit string) (map[string]string, error) {
	out, err := r.git(nil, "diff-tree", "-r", "-z", "-M", "--name-status", "--diff-filter=R", "--no-ext-diff", "--no-textconv", commit, "HEAD", "--")
	if err != nil {
		return nil, err
	}
	moved := map[string]string{}
	fields := strings.Split(string(out), "\x00")
	for i := 0; i+2 < len(fields); i += 3 {
		moved[fields[i+1]] = fields[i+2]
	}
	return moved, nil
}

// targetsIn are the targets as they lie in a folder that holds an older state of
// the repository; those that it does not have are left out.
func (r *repository) targetsIn(dir string, targets []target, moved map[string]string) []target {
	was := map[string]string{}
	for from, to := range moved {
		was[to] = from
	}
	var out []target
	for _, t := range targets {
		rel, _ := r.path(t.path)
		if from, ok := was[rel]; ok {
			rel = from
		}
		t.path = filepath.Join(dir, filepath.FromSlash(rel))
		if info, err := os.Stat(t.path); err == nil && info.IsDir() == t.folder {
			out = append(out, t)
		}
	}
	return out
}

// maxBlob bounds the files that are exported with what is in them, in bytes:
// larger ones are not read by a site. Of pictures only the name counts.
const maxBlob = 8 << 20

// export writes the files of a commit below a path into a folder, under their
// paths in the repository. Links are made where they stay below the path.
func (r *repository) export(commit, below, dir string) error {
	args := []string{"ls-tree", "-r", "-z", "-l", "--full-tree", commit, "--"}
	if below != "." {
		args = append(args, below)
	}
	list, err := r.git(nil, args...)
	if err != nil {
		return err
	}
	type file struct{ name, mode string }
	var read []file
	var ids bytes.Buffer
	for _, line := range strings.Split(string(list), "\x00") {
		head, name, ok := strings.Cut(line, "\t")
		fields := strings.Fields(head)
		if !ok || len(fields) != 4 || fields[1] != "blob" || !filepath.IsLocal(filepath.FromSlash(name)) {
			continue // a submodule has no files of ours
		}
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			return err
		}
		size, err := strconv.Atoi(fields[3])
		if err != nil || size > maxBlob || pictures[strings.ToLower(path.Ext(name))] {
			if err := os.WriteFile(full, nil, 0o644); err != nil {
				return err
			}
			continue
		}
		read = append(read, file{name, fields[0]})
		ids.WriteString(fields[2] + "\n")
	}
	blobs, err := r.git(&ids, "cat-file", "--batch")
	if err != nil {
		return err
	}
	in := bufio.NewReader(bytes.NewReader(blobs))
	links := map[string]string{} // made when all files are there: nothing is written through one
	for _, f := range read {
		head, err := in.ReadString('\n')
		fields := strings.Fields(head)
		if err != nil || len(fields) != 3 {
			return fmt.Errorf("git does not have %s at %.12s", f.name, commit)
		}
		size, err := strconv.Atoi(fields[2])
		if err != nil {
			return err
		}
		data := make([]byte, size+1) // a line end follows
		if _, err := io.ReadFull(in, data); err != nil {
			return err
		}
		data = data[:size]
		if f.mode == "120000" {
			if to := string(data); stays(f.name, to, below) {
				links[f.name] = to
			}
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(f.name)), data, 0o644); err != nil {
			return err
		}
	}
	for name, to := range links {
		if err := os.Symlink(filepath.FromSlash(to), filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return err
		}
	}
	return nil
}

// stays reports whether a link leads to a place below a path. One that goes down
// before it goes up may leave it through another link.
func stays(name, to, below string) bool {
	end := path.Join(path.Dir(name), to)
	return to == path.Clean(to) && !path.IsAbs(to) && filepath.IsLocal(filepath.FromSlash(end)) &&
		(below == "." || end == below || strings.HasPrefix(end, below+"/"))
}

// pictures and the like are known by their names: what is in them does not count.
var pictures = map[string]bool{
	".png": true, ".jpg": true, ".jpeg": true, ".gif": true, ".webp": true, ".avif": true, ".pdf": true, ".mp4": true, ".webm": true,
	".mov": true, ".mp3": true, ".zip": true, ".gz": true, ".woff": true, ".woff2": true, ".ttf": true, ".otf": true, ".ico": true, ".ipynb": true,
}

// repositoryRoot is the folder that paths in reports for others count from: what
// the workflow says, the repository around the folder, or the folder itself.
func repositoryRoot(dir, workspace string) string {
	if workspace != "" {
		if full, err := filepath.Abs(workspace); err == nil {
			if rel, err := filepath.Rel(full, dir); err == nil && filepath.IsLocal(rel) {
				return full
			}
		}
	}
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			return at
		}
		if filepath.Dir(at) == at {
			return dir
		}
	}
}
