package index

import (
	"encoding/binary"
	"math"
	"strings"
	"unicode/utf8"
)

// shardcode.go writes numbers, strings and forms as the shards have them.

// output is a shard being written.
type output []byte

func (o *output) number(x int) {
	if uint(x) < 0x80 { // as most are
		*o = append(*o, byte(x))
		return
	}
	*o = binary.AppendUvarint(*o, uint64(x))
}

func (o *output) text(s string) {
	o.number(len(s))
	*o = append(*o, s...)
}

func (o *output) texts(list []string) {
	o.number(len(list))
	for _, s := range list {
		o.text(s)
	}
}

func (o *output) bytes(b []byte) {
	o.number(len(b))
	*o = append(*o, b...)
}

// sharedPrefix is how many bytes two strings begin with in common, whole
// characters only.
func sharedPrefix[T string | []byte](a, b T) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && n < len(b) && b[n]&0xC0 == 0x80 {
		n--
	}
	return n
}

const maxShared = 60 // of front-coded entries: one printable character

// frontCoded writes sorted strings without what each shares with the one
// before.
func frontCoded(entries []string) string {
	var b strings.Builder
	last := ""
	for i, e := range entries {
		rest, shared := e, 0 // characters, which the reader counts
		for n := sharedPrefix(last, e); e[:n] != e[:len(e)-len(rest)] && shared < maxShared; shared++ {
			_, size := utf8.DecodeRuneInString(rest)
			rest = rest[size:]
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteByte(byte('0' + shared))
		b.WriteString(rest)
		last = e
	}
	return b.String()
}

// umlauts says which of the pairs ae, oe, ue, ss of a form are one letter in
// the word as it is shown; 0 if none is, if the word has other letters that the
// form does not tell, or more pairs than a number has bits.
func umlauts(form, shown string) int {
	if shown == "" {
		return 0
	}
	mask, bit, i := 0, 1, 0
	for _, r := range shown {
		pair := map[rune]string{'ä': "ae", 'ö': "oe", 'ü': "ue", 'ß': "ss"}[r]
		switch {
		case pair != "" && strings.HasPrefix(form[i:], pair):
			mask |= bit
			bit <<= 1
			i += 2
		case r < 0x80 && i < len(form) && form[i] == byte(r):
			if isPair(form[i:]) {
				bit <<= 1
			}
			i++
		default:
			return 0
		}
	}
	if i != len(form) || mask > math.MaxInt32 {
		return 0
	}
	return mask
}

func isPair(s string) bool {
	return len(s) > 1 && (s[1] == 'e' && strings.IndexByte("aou", s[0]) >= 0 || s[0] == 's' && s[1] == 's')
}
