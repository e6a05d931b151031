package markdown

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ag-vzkm/portal/generator/lang"
)

// A chart is drawn in a box 360 units wide, which is a phone's width: text of
// 13 units is then 13 pixels there and larger elsewhere. Colours come from
// classes, because the pages allow no inline styles.
const (
	chartWidth = 360.0
	labelSize  = 13.0
	valueSize  = 12.0
	charWidth  = 0.57 // of a character, in sizes; wide enough for system fonts
	plotHeight = 190.0
)

// drawing collects SVG below a falling y.
type drawing struct {
	*chart
	b strings.Builder
	y float64
}

// svg writes the picture of a chart.
func (p *page) svg(c *chart, id string) {
	d := &drawing{chart: c}
	d.legend()
	switch {
	case c.kind == "linie":
		d.line()
	case c.kind == "saeulen" && d.columnsFit():
		d.columns()
	default: // too many or too long labels stand better beside bars
		d.bars()
	}
	p.write(`<svg class="chart__plot" viewBox="0 0 360 `, num(math.Ceil(d.y)), `" role="img" aria-labelledby="`, id, `-t `, id, `-d" focusable="false">`, "\n")
	p.write(`<title id="`, id, `-t">`)
	p.out = appendEscaped(p.out, Typography(c.lang, c.title))
	p.write(`</title><desc id="`, id, `-d">`)
	p.out = appendEscaped(p.out, p.describe(c))
	p.write("</desc>\n", d.b.String(), "</svg>\n")
}

// describe says in one or two sentences what the picture shows.
func (p *page) describe(c *chart) string {
	if c.desc != "" {
		return Typography(c.lang, c.desc)
	}
	var low, high string
	minV, maxV := math.Inf(1), math.Inf(-1)
	for _, r := range c.rows {
		for i, v := range r.values {
			name := r.label
			if len(c.series) > 1 {
				name += ", " + c.series[i]
			}
			if v < minV {
				minV, low = v, name
			}
			if v > maxV {
				maxV, high = v, name
			}
		}
	}
	if low == "" && high == "" {
		return p.word("md.chart.none")
	}
	return p.word("md.chart.desc", c.number(maxV), high, c.number(minV), low)
}

func num(v float64) string {
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
}

// width estimates how wide a text is.
func width(s string, size float64) float64 {
	return float64(utf8.RuneCountInString(s)) * size * charWidth
}

func (d *drawing) text(class string, x, y, size float64, anchor, s string) {
	d.b.WriteString(`<text class="` + class + `" x="` + num(x) + `" y="` + num(y) + `" font-size="` + num(size) + `"`)
	if anchor != "" {
		d.b.WriteString(` text-anchor="` + anchor + `"`)
	}
	d.b.WriteString(">" + string(appendEscaped(nil, s)) + "</text>\n")
}

func (d *drawing) rect(series int, x, y, w, h float64) {
	d.b.WriteString(`<rect class="chart-series-` + strconv.Itoa(series+1) + `" x="` + num(x) + `" y="` + num(y) +
		`" width="` + num(max(w, 0.5)) + `" height="` + num(max(h, 0.5)) + `"/>` + "\n")
}

func (d *drawing) rule(class string, x1, y1, x2, y2 float64) {
	d.b.WriteString(`<line class="` + class + `" x1="` + num(x1) + `" y1="` + num(y1) + `" x2="` + num(x2) + `" y2="` + num(y2) + `"/>` + "\n")
}

// legend names the series, if there are several, each with its sign.
func (d *drawing) legend() {
	if len(d.series) < 2 {
		return
	}
	x := 0.0
	d.y = 14
	for i, name := range d.series {
		w := 20 + width(name, labelSize) + 14
		if x > 0 && x+w-14 > chartWidth {
			x, d.y = 0, d.y+20
		}
		if d.kind == "linie" {
			d.path(i, "M"+num(x)+" "+num(d.y-4)+"h15")
		} else {
			d.rect(i, x, d.y-11, 13, 13)
		}
		d.text("chart-legend", x+20, d.y, labelSize, "", name)
		x += w
	}
	d.y += 12
}

// scale is the range of values, always with zero.
func (d *drawing) scale() (low, high float64) {
	for _, r := range d.rows {
		for _, v := range r.values {
			low, high = min2(low, v), max2(high, v)
		}
	}
	if low == high {
		high = low + 1
	}
	return low, high
}

// min2 and max2 pass over missing values.
func min2(a, b float64) float64 {
	if math.IsNaN(b) || a < b {
		return a
	}
	return b
}

func max2(a, b float64) float64 {
	if math.IsNaN(b) || a > b {
		return a
	}
	return b
}

// bars draws horizontal bars, each with its category above and its value at
// its end.
func (d *drawing) bars() {
	low, high := d.scale()
	reserve := 0.0
	for _, r := range d.rows {
		for _, v := range r.values {
			reserve = max(reserve, width(d.number(v), valueSize)+8)
		}
	}
	left := 0.0
	if low < 0 {
		left = reserve
	}
	unit := (chartWidth - reserve - left) / (high - low)
	zero := left - low*unit
	for _, r := range d.rows {
		for _, line := range wrap(r.label, labelSize) {
			d.y += 17
			d.text("chart-label", 0, d.y, labelSize, "", line)
		}
		d.y += 5
		top := d.y
		for i, v := range r.values {
			d.bar(i, v, zero, unit)
		}
		d.rule("chart-axis", zero, top-2, zero, d.y)
		d.y += 5
	}
}

func (d *drawing) bar(i int, v, zero, unit float64) {
	h := 18.0
	if len(d.series) > 1 {
		h = 14
	}
	w := v * unit
	switch {
	case math.IsNaN(v):
		w = 0
	case v >= 0:
		d.rect(i, zero, d.y, w, h)
	default:
		d.rect(i, zero+w, d.y, -w, h)
	}
	if v < 0 {
		d.text("chart-value", zero+w-5, d.y+h-4, valueSize, "end", d.number(v))
	} else {
		d.text("chart-value", zero+w+5, d.y+h-4, valueSize, "", d.number(v))
	}
	d.y += h + 2
}

// wrap breaks a label into at most three lines.
func wrap(s string, size float64) []string {
	var lines []string
	line := ""
	for _, w := range strings.Fields(s) {
		if line != "" && width(line+" "+w, size) > chartWidth && len(lines) < 2 {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += w
	}
	return append(lines, line)
}

func (d *drawing) columnsFit() bool {
	band := (chartWidth - 40) / float64(len(d.rows)) // a gutter may be needed
	for _, r := range d.rows {
		if width(r.label, labelSize) > band-4 {
			return false
		}
	}
	return band/float64(len(d.series)) >= 10
}

// columns draws vertical columns, with values above them where there is room
// and on an axis where there is none.
func (d *drawing) columns() {
	low, high := d.scale()
	left, band, w := d.columnBands(0)
	values := d.valuesFit(w + band*0.2/float64(len(d.series)))
	top := d.y + 18
	if !values {
		ticks := niceTicks(low, high)
		low, high = ticks[0], ticks[len(ticks)-1]
		left, band, w = d.columnBands(d.grid(ticks, top))
	}
	at := func(v float64) float64 { return top + (high-v)/(high-low)*plotHeight }
	for n, r := range d.rows {
		middle := left + (float64(n)+0.5)*band
		for i, v := range r.values {
			if math.IsNaN(v) {
				continue
			}
			x := middle + (float64(i)-float64(len(d.series))/2)*w
			d.rect(i, x+1, min(at(v), at(0)), w-2, math.Abs(at(v)-at(0)))
			if values && v < 0 {
				d.text("chart-value", x+w/2, at(v)+13, valueSize, "middle", d.number(v))
			} else if values {
				d.text("chart-value", x+w/2, at(v)-5, valueSize, "middle", d.number(v))
			}
		}
		d.text("chart-label", middle, top+plotHeight+below(low)+17, labelSize, "middle", r.label)
	}
	d.rule("chart-axis", left, at(0), chartWidth, at(0))
	d.y = top + plotHeight + below(low) + 24
}

// columnBands divides what is right of left among the categories, and each of
// these among the series.
func (d *drawing) columnBands(left float64) (start, band, column float64) {
	band = (chartWidth - left) / float64(len(d.rows))
	return left, band, min(band*0.76/float64(len(d.series)), 56)
}

func (d *drawing) valuesFit(room float64) bool {
	for _, r := range d.rows {
		for _, v := range r.values {
			if width(d.number(v), valueSize) > room {
				return false
			}
		}
	}
	return true
}

// below is room for the values of negative columns.
func below(low float64) float64 {
	if low < 0 {
		return 14
	}
	return 0
}

// niceTicks are four to six round values that span the range.
func niceTicks(low, high float64) []float64 {
	step := niceStep((high - low) / 4)
	first, last := math.Floor(low/step), math.Ceil(high/step)
	var ticks []float64
	for k := first; k <= last+0.5 && len(ticks) < 10; k++ {
		ticks = append(ticks, roundTo(k*step, step))
	}
	return ticks
}

// grid draws a line at each tick with its number in a gutter on the left, and
// returns where the gutter ends. The highest one has the unit.
func (d *drawing) grid(ticks []float64, top float64) (gutter float64) {
	low, high := ticks[0], ticks[len(ticks)-1]
	for _, v := range ticks {
		gutter = max(gutter, width(lang.Number(d.lang, v), valueSize)+6)
	}
	for i, v := range ticks {
		y := top + (high-v)/(high-low)*plotHeight
		d.rule("chart-grid", 0, y, chartWidth, y)
		if i == len(ticks)-1 {
			d.text("chart-value", 0, y-8, valueSize, "", d.number(v)) // clear of a point on the line
		} else {
			d.text("chart-value", 0, y-4, valueSize, "", lang.Number(d.lang, v))
		}
	}
	return gutter
}

// roundTo drops the noise of floating point far below the step.
func roundTo(v, step float64) float64 {
	digits := max(0, 1-int(math.Floor(math.Log10(step))))
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'f', digits, 64), 64)
	if err != nil || r == 0 {
		return 0
	}
	return r
}

// niceStep is the next of 1, 2, 2.5, 5, 10 times a power of ten.
func niceStep(v float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 2.5, 5} {
		if m*p >= v*0.999 {
			return m * p
		}
	}
	return 10 * p
}

// line draws one line for each series over the categories: at their distance
// when all are numbers (years), else evenly.
func (d *drawing) line() {
	low, high := math.Inf(1), math.Inf(-1)
	for _, r := range d.rows {
		for _, v := range r.values {
			low, high = min2(low, v), max2(high, v)
		}
	}
	if math.IsInf(low, 0) {
		low, high = 0, 1
	}
	if low > 0 && low < high/2 || low == high {
		low = min(low, 0)
	}
	if low == high {
		high = low + 1
	}
	ticks := niceTicks(low, high)
	low, high = ticks[0], ticks[len(ticks)-1]
	top := d.y + 18
	xs := d.positions(d.grid(ticks, top))
	at := func(v float64) float64 { return top + (high-v)/(high-low)*plotHeight }
	for i := range d.series {
		d.series1(i, xs, at)
	}
	d.yearLabels(xs, top+plotHeight+18)
	d.y = top + plotHeight + 25
}

// series1 draws one line; a missing value leaves a gap.
func (d *drawing) series1(i int, xs []float64, at func(float64) float64) {
	var path strings.Builder
	pen, last := "M", -1
	for n, r := range d.rows {
		v := r.values[i]
		if math.IsNaN(v) {
			pen = "M"
			continue
		}
		path.WriteString(pen + num(xs[n]) + " " + num(at(v)))
		pen, last = "L", n
	}
	if last < 0 {
		return
	}
	d.path(i, path.String())
	for n, r := range d.rows {
		if !math.IsNaN(r.values[i]) {
			d.b.WriteString(`<circle class="chart-series-` + strconv.Itoa(i+1) + `" cx="` + num(xs[n]) + `" cy="` + num(at(r.values[i])) + `" r="3.5"/>` + "\n")
		}
	}
	if len(d.series) == 1 {
		v := d.rows[last].values[i]
		d.text("chart-value chart-value--last", min(xs[last]+4, chartWidth), at(v)-9, valueSize, "end", d.number(v))
	}
}

// path draws a line whose dashes tell the series apart without colour.
func (d *drawing) path(series int, path string) {
	dash := []string{"", "7 4", "2 4", "9 3 2 3"}[series]
	d.b.WriteString(`<path class="chart-line chart-series-` + strconv.Itoa(series+1) + `" fill="none" stroke-width="2.5"`)
	if dash != "" {
		d.b.WriteString(` stroke-dasharray="` + dash + `"`)
	}
	d.b.WriteString(` d="` + path + `"/>` + "\n")
}

// positions are the x of the categories, right of the gutter, with room for
// the labels of the first and the last.
func (d *drawing) positions(gutter float64) []float64 {
	half := func(i int) float64 { return min(width(d.rows[i].label, labelSize)/2, 36) }
	left, right := max(gutter+4, half(0)), max(10, half(len(d.rows)-1))
	xs, years := make([]float64, len(d.rows)), make([]float64, len(d.rows))
	numeric := len(d.rows) > 1
	for i, r := range d.rows {
		v, err := strconv.ParseFloat(r.label, 64)
		numeric = numeric && err == nil && !math.IsInf(v, 0) && !math.IsNaN(v) && (i == 0 || v > years[i-1])
		years[i] = v
	}
	for i := range xs {
		share := 0.5
		if n := len(xs) - 1; numeric {
			share = (years[i] - years[0]) / (years[n] - years[0])
		} else if n > 0 {
			share = float64(i) / float64(n)
		}
		xs[i] = left + share*(chartWidth-left-right)
	}
	return xs
}

// yearLabels writes the categories below a line: every one, or every second,
// third … so that they do not touch; the last one always.
func (d *drawing) yearLabels(xs []float64, y float64) {
	n := len(xs) - 1
	step := 1
	for ; step < n; step++ {
		fits := true
		for i := n; i >= step; i -= step {
			left, _ := d.labelSpan(i, xs)
			_, right := d.labelSpan(i-step, xs)
			fits = fits && right+5 <= left
		}
		if fits {
			break
		}
	}
	for i := n; i >= 0; i -= step {
		left, right := d.labelSpan(i, xs)
		d.text("chart-label", (left+right)/2, y, labelSize, "middle", d.rows[i].label)
	}
}

// labelSpan is where the label below a point starts and ends.
func (d *drawing) labelSpan(i int, xs []float64) (left, right float64) {
	w := width(d.rows[i].label, labelSize)
	left = max(0, min(xs[i]-w/2, chartWidth-w))
	return left, left + w
}
