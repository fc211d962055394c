package workspace

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/gif" // the formats that image.Decode is to know
	"image/jpeg"
	_ "image/png"
	"io"
	"math"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"scholium/analysis/site"
)

const (
	maxHeader     = 1 << 20                                       // bytes of an image that are read for its size: some cameras put a preview in front of it
	maxShown      = maxURI/4*3 - 100                              // bytes of an image that is shown as it is
	maxPixels     = 6 << 20                                       // of an image that is made smaller to be shown: about 100 ms
	thumbnailSide = 480                                           // pixels, of the longer side of what is shown of a large image
	white         = 0xffff                                        // behind what is transparent
	jpegQuality   = 80                                            // of what is made smaller
	svgType, webp = "image/svg+xml", "image/webp"                 // media types
	riffChunk     = len("RIFF") + 4 + len("WEBPVP8 ") + 4 + 2 + 8 // bytes up to where each kind of WebP has its size
)

// An Image is what a picture's file says of itself.
type Image struct {
	Width, Height int // in CSS pixels; 0 where it does not say
	Bytes         int64
}

// Image reads the head of an image of the site: PNG, JPEG, GIF, WebP or SVG.
// False for anything else, for a broken file, and for one outside the site,
// also where a link in the site leads to it.
func (s *Site) Image(p site.Path) (Image, bool) {
	real, size, why := s.located(p)
	if why != "" {
		return Image{}, false
	}
	f, err := os.Open(real)
	if err != nil {
		return Image{}, false
	}
	defer f.Close()
	head := io.LimitReader(f, maxHeader)
	out := Image{Bytes: size}
	switch strings.ToLower(path.Ext(string(p))) {
	case ".svg":
		out.Width, out.Height, err = svgSize(head)
	case ".webp":
		out.Width, out.Height, err = webpSize(head)
	default:
		var c image.Config
		c, _, err = image.DecodeConfig(head)
		out.Width, out.Height = c.Width, c.Height
	}
	return out, err == nil
}

// ImageURI returns an image of the site as an address that holds it, made
// smaller where it is too large for a hover. It waits as long as ctx lets it; what
// is not ready then is there next time. False where Image is, and where nothing
// small enough can be made of it.
func (s *Site) ImageURI(ctx context.Context, p site.Path) (string, bool) {
	info, ok := s.Image(p)
	if !ok || info.Bytes > maxFileSize {
		return "", false
	}
	real, why := s.real(p)
	if why != "" {
		return "", false
	}
	st, err := os.Stat(real)
	if err != nil {
		return "", false
	}
	key := pictureKey{file: fmt.Sprint(real, "\x00", st.Size(), st.ModTime())}
	return s.w.gallery.show(ctx, key, func() string { return imageURI(real, info) })
}

// imageURI is a file as the address of an image; empty where there is none to be had.
func imageURI(file string, info Image) string {
	data, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	media := map[string]string{".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": webp, ".svg": svgType}[strings.ToLower(filepath.Ext(file))]
	if len(data) > maxShown {
		if media == svgType || media == webp || info.Width*info.Height > maxPixels {
			return ""
		}
		if data, err = thumbnail(data); err != nil {
			return ""
		}
		media = "image/jpeg"
	}
	uri := "data:" + media + ";base64," + base64.StdEncoding.EncodeToString(data)
	if media == "" || len(uri) >= maxURI {
		return ""
	}
	return uri
}

// thumbnail makes an image smaller, as a JPEG on white.
func thumbnail(data []byte) ([]byte, error) {
	from, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	b := from.Bounds()
	step := max(1, (max(b.Dx(), b.Dy())+thumbnailSide-1)/thumbnailSide)
	to := image.NewRGBA(image.Rect(0, 0, max(1, b.Dx()/step), max(1, b.Dy()/step)))
	for y := range to.Bounds().Dy() {
		for x := range to.Bounds().Dx() {
			to.Set(x, y, mean(from, b.Min.Add(image.Pt(x*step, y*step)), min(step, b.Dx(), b.Dy())))
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, to, &jpeg.Options{Quality: jpegQuality}); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// mean is the colour of a square of an image, on white. Of a large square every
// few pixels are looked at.
func mean(m image.Image, at image.Point, side int) color.Color {
	var r, g, b, n uint32
	every := max(1, side/4)
	for y := at.Y; y < at.Y+side; y += every {
		for x := at.X; x < at.X+side; x += every {
			red, green, blue, alpha := m.At(x, y).RGBA()
			rest := white - alpha
			r, g, b, n = r+(red+rest)>>8, g+(green+rest)>>8, b+(blue+rest)>>8, n+1
		}
	}
	return color.RGBA{uint8(r / n), uint8(g / n), uint8(b / n), 255}
}

// webpSize reads the size of a WebP image: of its canvas, of a frame of VP8, or
// of VP8L (RFC 9649, sections 2.5 to 2.7).
func webpSize(r io.Reader) (width, height int, err error) {
	b := make([]byte, riffChunk)
	if _, err := io.ReadFull(r, b); err != nil {
		return 0, 0, err
	}
	if string(b[:4]) != "RIFF" || string(b[8:12]) != "WEBP" {
		return 0, 0, errors.New("not a WebP image")
	}
	switch data := b[20:]; string(b[12:16]) {
	case "VP8X":
		three := func(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }
		return three(data[4:]) + 1, three(data[7:]) + 1, nil
	case "VP8 ":
		return int(binary.LittleEndian.Uint16(data[6:]) & 0x3fff), int(binary.LittleEndian.Uint16(data[8:]) & 0x3fff), nil
	case "VP8L":
		bits := binary.LittleEndian.Uint32(data[1:])
		return int(bits&0x3fff) + 1, int(bits>>14&0x3fff) + 1, nil
	}
	return 0, 0, errors.New("a WebP image of no known kind")
}

// svgSize reads the size of a drawing: its width and height, else its viewBox.
// Both are 0 where it has neither: it is as large as the page lets it.
func svgSize(r io.Reader) (width, height int, err error) {
	d := xml.NewDecoder(r)
	d.Strict = false
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // only ASCII counts
	for {
		token, err := d.RawToken()
		if err != nil {
			return 0, 0, err
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if start.Name.Local != "svg" {
			return 0, 0, errors.New("not a drawing")
		}
		var w, h float64
		box := []string{}
		for _, a := range start.Attr {
			switch a.Name.Local {
			case "width":
				w = pixels(a.Value)
			case "height":
				h = pixels(a.Value)
			case "viewBox":
				box = strings.FieldsFunc(a.Value, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' || r == '\r' })
			}
		}
		if len(box) == 4 {
			bw, bh := pixels(box[2]), pixels(box[3])
			switch {
			case w == 0 && h == 0:
				w, h = bw, bh
			case w == 0 && bh > 0:
				w = h * bw / bh
			case h == 0 && bw > 0:
				h = w * bh / bw
			}
		}
		return int(math.Round(w)), int(math.Round(h)), nil
	}
}

// pixels reads a length of CSS; 0 where it is relative, none, or absurd.
func pixels(s string) float64 {
	s = strings.TrimSpace(s)
	unit := strings.TrimLeft(s, "+-.0123456789")
	scale, ok := map[string]float64{"": 1, "px": 1, "pt": 96.0 / 72, "pc": 16, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4, "em": 16, "ex": 8}[strings.ToLower(unit)]
	n, err := strconv.ParseFloat(strings.TrimSuffix(s, unit), 64)
	if !ok || err != nil || n < 0 || n > 1e6 || math.IsNaN(n) {
		return 0
	}
	return n * scale
}
