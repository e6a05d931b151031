package index

import (
	"math/bits"
	"strings"
	"unicode/utf16"
)

// shardpack.go makes the files of term shards and spelling blocks as browsers
// get them: of what shardterms.go and shardtexts.go put together, all numbers
// one after the other as coder.go writes them, each by the model of its kind,
// and all letters in one compressed text.

// Models of term shards, each of what it is named after. The reader has the
// same (search/client/termshard.ts).
const (
	modelRecords    = iota
	modelKeyShared  // letters of the key before that this one does not begin with
	modelKeyRest    // further letters
	modelFlags      // symbol
	modelMembers    // how many
	modelMemberCut  // whether the key has it; then
	modelMemberSkip // letters between the one before and this one
	modelMemberLen
	modelMemberShared // otherwise: letters that the key has there
	modelMemberRest
	modelCompletions
	modelCompletion
	modelForms
	modelFormShared                      // letters of the key that the form does not begin with
	modelFormRest                        // of the first form; of the others
	modelFormDocs    = 2 + modelFormRest // the same
	modelFormInfo    = 2 + modelFormDocs // symbol; of a form that no document has, of others
	modelMask        = 2 + modelFormInfo
	modelFormList    = 1 + modelMask
	modelPartDocs    = 1 + modelFormList
	modelSynonymDocs = 1 + modelPartDocs
	modelPrefixDocs  = 1 + modelSynonymDocs
	modelSynonyms    = 1 + modelPrefixDocs
	modelCaps        = 1 + modelSynonyms
	modelRest        = 1 + modelCaps
	modelRestLen     = 1 + modelRest
	modelDistance    = 1 + modelRestLen
	modelNamed       = 1 + modelDistance // by whether the level is above 8
	modelNames       = 1 + modelNamed
	modelName        = 1 + modelNames
	modelPlace       = 1 + modelName
	modelNameLen     = 1 + modelPlace
	modelGap         = 1 + modelNameLen   // by the chunk of the document before
	modelLevel       = 8 + modelGap       // symbol; by the document's chunk
	modelPassages    = 8 + modelLevel     // symbol; by level, and whether the chunk is above 4
	modelFirst       = 32 + modelPassages // by chunk
	modelNext        = 8 + modelFirst
	numModels        = 8 + modelNext
)

// packSeal ends the numbers: a reader that finds another has lost its way.
const packSeal, sealBits = 0x5A5A, 16

// packer packs one shard after the other.
type packer struct {
	encoder
	deflater
	docs  []*document
	in    input
	texts []byte
	key   string
}

// termShard packs a term shard.
func (p *packer) termShard(shard []byte) ([]byte, error) {
	p.start(shard, numModels)
	for range p.count(modelRecords) {
		p.record()
	}
	return p.finish()
}

// Models of spelling blocks.
const (
	modelWords = iota
	modelWordShared
	modelWordRest
	modelWordDocs
	numSpellModels
)

// spellBlock packs a spelling block.
func (p *packer) spellBlock(block []byte) ([]byte, error) {
	p.start(block, numSpellModels)
	for range p.count(modelWords) {
		p.frontCoded(modelWordShared, modelWordRest)
		p.count(modelWordDocs)
	}
	return p.finish()
}

// plain compresses what is text.
func (p *packer) plain(text []byte) ([]byte, error) { return p.deflate(text), nil }

func (p *packer) start(content []byte, models int) {
	p.reset(models)
	p.in, p.texts, p.key = input{b: content}, p.texts[:0], ""
}

// finish returns the file: the length of the numbers as uvarint, the numbers,
// and the letters.
func (p *packer) finish() ([]byte, error) {
	p.raw(packSeal, sealBits)
	if p.in.bad || len(p.in.b) > 0 {
		return nil, errPostings
	}
	var file output
	file.bytes(p.end())
	return append(file, p.deflate(p.texts)...), nil
}

// frontCoded passes on a text, which begins as the one before.
func (p *packer) frontCoded(left, rest int) {
	before, shared := p.key, p.in.number()
	if shared > len(before) {
		p.in.fail()
		return
	}
	p.key = before[:shared] + p.in.text()
	p.suffix(left, rest, before, p.key)
}

// count passes a number on.
func (p *packer) count(model int) int {
	n := p.in.number()
	p.number(model, n)
	return n
}

func (p *packer) record() {
	p.frontCoded(modelKeyShared, modelKeyRest)
	flags := p.in.number()
	p.symbol(modelFlags, flags, flagBits)
	if flags&flagMembers != 0 {
		p.members()
	}
	if flags&flagPrefix != 0 {
		for range p.count(modelCompletions) {
			p.text(modelCompletion, p.in.text())
		}
		p.list(modelPrefixDocs, 0)
		return
	}
	for i := range p.count(modelForms) {
		p.form(min(i, 1))
	}
	if flags&flagParts != 0 {
		p.list(modelPartDocs, 0)
	}
	if flags&flagSynonyms != 0 {
		for range p.count(modelSynonyms) {
			p.count(modelCaps)
			for range p.count(modelRest) {
				p.text(modelRestLen, p.in.text())
				p.count(modelDistance)
			}
			p.list(modelSynonymDocs, 0)
		}
	}
}

// letters is how long a reader in the browser finds a text.
func letters(s string) (n int) {
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

func (p *packer) text(model int, s string) {
	p.number(model, letters(s))
	p.texts = append(p.texts, s...)
}

// suffix writes a text that begins as another does.
func (p *packer) suffix(left, rest int, other, s string) {
	n := sharedPrefix(other, s)
	p.number(left, letters(other[n:]))
	p.text(rest, s[n:])
}

// members are mostly cut out of the key, one behind the other.
func (p *packer) members() {
	left := p.key
	for range p.count(modelMembers) {
		m := p.in.text()
		i := strings.Index(left, m)
		cut := 0 <= i && i < 4
		p.bit(modelMemberCut*modelSize, cut)
		if cut {
			p.number(modelMemberSkip, letters(left[:i]))
			p.number(modelMemberLen, letters(m))
			left = left[i+len(m):]
			continue
		}
		n := sharedPrefix(left, m)
		p.number(modelMemberShared, letters(left[:n]))
		p.text(modelMemberRest, m[n:])
		left = left[n:]
	}
}

func (p *packer) form(which int) {
	shared := p.in.number()
	if shared > len(p.key) {
		p.in.fail()
		return
	}
	p.suffix(modelFormShared, modelFormRest+which, p.key, p.key[:shared]+p.in.text())
	info := p.in.number()
	docs := info >> infoBits
	p.number(modelFormDocs+which, docs)
	p.symbol(modelFormInfo+min(docs, 1), info&(1<<infoBits-1), infoBits)
	if info&infoMask != 0 {
		p.count(modelMask)
	}
	if docs > 0 {
		p.list(modelFormList, docs)
	}
}

// list writes a list. Of how many documents is told by how far it is from what
// is expected, which is mostly right.
func (p *packer) list(model, expected int) {
	in := listInput{input: input{b: p.in.bytes()}}
	docs := 0
	for count := in; len(count.b) > 0; docs++ {
		count.head()
		count.skip()
	}
	off := 2 * (expected - docs)
	if off < 0 {
		off = -off - 1
	}
	p.number(model, off)
	few := max(bits.Len(uint(len(p.docs)/max(docs, 1)))-2, 0) // low bits of a gap are evenly spread
	before, chunk := 0, 0
	for range docs {
		in.head()
		if in.doc >= len(p.docs) {
			p.in.fail()
			return
		}
		gap := in.doc - before
		p.number(modelGap+chunk, gap>>few)
		p.raw(gap, few)
		before, chunk = in.doc, p.docs[in.doc].Chunk
		p.symbol(modelLevel+chunk, in.level, levelBits)
		p.where(&in, chunk)
	}
	p.in.bad = p.in.bad || in.bad || len(in.b) > 0
}

// where writes the names and passages of a posting.
func (p *packer) where(in *listInput, chunk int) {
	p.bit(modelNamed*modelSize+in.level/9, in.named)
	if in.named {
		n := in.count()
		p.number(modelNames, n)
		for range n {
			for _, model := range [...]int{modelName, modelPlace, modelNameLen} {
				p.number(model, in.number())
			}
		}
	}
	n := in.number()
	p.symbol(modelPassages+2*in.level+chunk/5, n, levelBits)
	if n == manyPassages {
		return
	}
	for i := range n {
		p.number([]int{modelFirst, modelNext}[min(i, 1)]+chunk, in.number())
	}
}
