package workspace

import (
	"bytes"
	"context"
	"encoding/base64"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"scholium/analysis/rules"
	"scholium/analysis/site"
)

// noise is an image that no format makes small.
func noise(w, h int) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	seed := uint32(1)
	for i := range m.Pix {
		seed = seed*1664525 + 1013904223
		m.Pix[i] = byte(seed >> 24)
	}
	return m
}

func riff(kind string, data ...byte) string {
	return "RIFF\x00\x00\x00\x00WEBP" + kind + "\x00\x00\x00\x00" + string(data)
}

// TestImages reads the size of images in every format, and of nothing else.
func TestImages(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	encode := func(f func(*bytes.Buffer) error) string {
		var b bytes.Buffer
		if err := f(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	small := image.NewPaletted(image.Rect(0, 0, 30, 20), color.Palette{color.Black, color.White})
	asPNG := encode(func(b *bytes.Buffer) error { return png.Encode(b, small) })
	asJPEG := encode(func(b *bytes.Buffer) error { return jpeg.Encode(b, small, nil) })
	large := encode(func(b *bytes.Buffer) error { return png.Encode(b, noise(800, 400)) })
	files := map[string]string{
		"_config.yml": "title: x\n",
		"a.png":       asPNG, "a.jpg": asJPEG, "A.JPEG": asJPEG,
		"a.gif":      encode(func(b *bytes.Buffer) error { return gif.Encode(b, small, nil) }),
		"other.png":  asJPEG, // browsers look at what is in it, too
		"cut.png":    asPNG[:20],
		"empty.png":  "",
		"text.png":   "not an image",
		"large.png":  large,
		"lossy.webp": riff("VP8 ", 0, 0, 0, 0x9d, 0x01, 0x2a, 30, 0x40, 20, 0x80), // two bits of each are a scale
		"less.webp":  riff("VP8L", 0x2f, 29, 19<<6&0xff, 19>>2, 0, 0, 0, 0, 0, 0),
		"ext.webp":   riff("VP8X", 0, 0, 0, 0, 29, 0, 0, 19, 0, 0),
		"cut.webp":   riff("VP8X", 0, 0),
		"odd.webp":   riff("VP9 ", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
		"px.svg":     "\uFEFF<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<!-- 𝔼 --><!DOCTYPE svg>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width='30px' height='20'><g/></svg>",
		"in.svg":     `<svg width="0.3125in" height="15pt">`,
		"box.svg":    `<svg viewBox="-5,0 30	20" width="100%">`,
		"ratio.svg":  `<svg viewBox="0 0 3 2" height="20"/>`,
		"none.svg":   `<svg/>`,
		"html.svg":   `<html><svg width="1" height="1"/></html>`,
		"cut.svg":    `<svg width="30" height=`,
		"absurd.svg": `<svg width="1e300" height="NaN"/>`,
		"a.pdf":      "%PDF",
	}
	write(t, dir, files)
	write(t, outside, map[string]string{"secret.png": asPNG})
	if err := os.Symlink(filepath.Join(outside, "secret.png"), filepath.Join(dir, "link.png")); err != nil {
		t.Fatal(err)
	}
	w := New(nil, rules.Checker(), nil)
	defer w.Stop()
	s, _ := w.Site(filepath.Join(dir, "a.md"))
	for _, name := range []string{"a.png", "a.jpg", "A.JPEG", "a.gif", "other.png", "lossy.webp", "less.webp", "ext.webp", "px.svg", "in.svg", "box.svg", "ratio.svg"} {
		got, ok := s.Image(site.Path(name))
		if want := (Image{30, 20, int64(len(files[name]))}); !ok || got != want {
			t.Errorf("%s: %v %v, want %v", name, got, ok, want)
		}
		if uri, ok := s.ImageURI(context.Background(), site.Path(name)); !ok || !strings.HasPrefix(uri, "data:image/") {
			t.Errorf("%s is shown as %.40q", name, uri)
		}
	}
	for _, name := range []string{"none.svg", "absurd.svg"} {
		if got, ok := s.Image(site.Path(name)); !ok || got.Width != 0 || got.Height != 0 {
			t.Errorf("%s: %v %v, want no size", name, got, ok)
		}
	}
	for _, name := range []string{"cut.png", "empty.png", "text.png", "cut.webp", "odd.webp", "html.svg", "cut.svg", "a.pdf", "gone.png", "link.png", "../" + filepath.Base(outside) + "/secret.png", ".", ""} {
		if got, ok := s.Image(site.Path(name)); ok {
			t.Errorf("%s: %v, want none", name, got)
		}
		if uri, ok := s.ImageURI(context.Background(), site.Path(name)); ok {
			t.Errorf("%s is shown as %.40q", name, uri)
		}
	}
	uri, ok := s.ImageURI(context.Background(), "large.png")
	data, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(uri, "data:image/jpeg;base64,"))
	if !ok || err != nil || len(uri) >= maxURI {
		t.Fatalf("large.png of %d bytes is shown as %d, %v %v", len(large), len(uri), ok, err)
	}
	if c, err := jpeg.DecodeConfig(bytes.NewReader(data)); err != nil || c.Width != 400 || c.Height != 200 {
		t.Errorf("large.png is shown as %v, %v", c, err)
	}
}

// TestImageWhite: what is transparent is white where an image is made smaller.
func TestImageWhite(t *testing.T) {
	clear := image.NewNRGBA(image.Rect(0, 0, 1000, 100))
	var b bytes.Buffer
	if err := png.Encode(&b, clear); err != nil {
		t.Fatal(err)
	}
	data, err := thumbnail(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	m, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if r, g, b, _ := m.At(10, 10).RGBA(); r>>8 < 250 || g>>8 < 250 || b>>8 < 250 {
		t.Errorf("it is %v", m.At(10, 10))
	}
}
