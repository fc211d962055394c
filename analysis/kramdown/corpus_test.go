package kramdown

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// corpus returns the posts below SCHOLIUM_CORPUS without their front matter.
func corpus(t testing.TB) map[string]string {
	t.Helper()
	root := os.Getenv("SCHOLIUM_CORPUS")
	if root == "" {
		t.Skip("SCHOLIUM_CORPUS names no folder of real blogs")
	}
	posts := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".md" && filepath.Ext(path) != ".markdown" {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		text := strings.ReplaceAll(strings.TrimPrefix(string(b), "\ufeff"), "\r\n", "\n")
		if strings.HasPrefix(text, "---\n") {
			if n := strings.Index(text[4:], "\n---"); n >= 0 {
				rest := text[4+n+4:]
				_, text, _ = strings.Cut(rest, "\n")
			}
		}
		name, _ := filepath.Rel(root, path)
		posts[name] = text
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return posts
}

func TestCorpus(t *testing.T) { eachRelease(t, testCorpus) }

func testCorpus(t *testing.T, r *referee) {
	posts := corpus(t)
	compared, equal, bytes := 0, 0, 0
	for name, text := range posts {
		want, ok := r.html(text, jekyllOptions)
		if !ok {
			t.Logf("%s: the referee fails", name)
			continue
		}
		compared++
		bytes += len(want)
		if got := r.parse(text, readings[1]).HTML(); got == want {
			equal++
		} else {
			t.Logf("%s: %s", name, firstDifference(got, want))
		}
	}
	t.Logf("%d of %d posts equal, %d bytes of HTML", equal, compared, bytes)
	if compared == 0 || compared-equal > compared/80 {
		t.Errorf("%d of %d posts differ", compared-equal, compared)
	}
}

func firstDifference(got, want string) string {
	i := 0
	for i < len(got) && i < len(want) && got[i] == want[i] {
		i++
	}
	cut := func(s string) string {
		return s[max(0, min(i, len(s))-60):min(len(s), i+80)]
	}
	return "\n got …" + cut(got) + "…\nwant …" + cut(want) + "…"
}

// TestMutations makes a few random changes in the posts of the corpus, as they
// happen while a post is typed.
func TestMutations(t *testing.T) { eachRelease(t, testMutations) }

func testMutations(t *testing.T, r *referee) {
	posts := corpus(t)
	count := 250
	if n, err := strconv.Atoi(os.Getenv("SCHOLIUM_RANDOM")); err == nil {
		count = n
	} else if testing.Short() {
		count = 30
	}
	var names []string
	for name := range posts {
		if len(posts[name]) > 100 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	seed, _ := strconv.Atoi(os.Getenv("SCHOLIUM_SEED"))
	rnd := rand.New(rand.NewPCG(uint64(seed), 9))
	compared, differ := 0, 0
	for k := range count {
		text := posts[names[rnd.IntN(len(names))]]
		from := rnd.IntN(len(text))
		text = strings.ToValidUTF8(text[from:min(len(text), from+300+rnd.IntN(2500))], "")
		for range 1 + rnd.IntN(6) {
			at := rnd.IntN(len(text) + 1)
			end := min(len(text), at+rnd.IntN(3)*rnd.IntN(10))
			text = strings.ToValidUTF8(text[:at]+fragments[rnd.IntN(len(fragments))]+text[end:], "")
		}
		if r.differs(text, randomReading(rnd), k, &compared) {
			if differ++; differ > 10 {
				t.FailNow()
			}
		}
	}
	t.Logf("%d excerpts, %d compared, %d differ", count, compared, differ)
	if compared < count*9/10 {
		t.Errorf("the referee reads only %d of %d excerpts", compared, count)
	}
}
