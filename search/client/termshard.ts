// A term shard, read: what search/index/shardpack.go packs.

import { broken, MODEL, type Coder } from "./coder";

export type Posting = {
  doc: number;
  level: number;
  all: boolean; // in too many passages to tell
  names: number[]; // name, place, length of the name; for each
  passages: number[];
};

export type Form = { form: string; docs: number; member: boolean; noun: boolean; glued: boolean; mask: number; list: Posting[] };

/** A synonym by its first word; rest are the keys of the others and their distances. */
export type Synonym = { caps: boolean; rest: string; gap: number; list: Posting[] };

/** All that is known of one stem, or of a prefix: then there are list and words. */
export type Rec = {
  key: string;
  twin: boolean; // its stem keeps the umlaut that the key has lost
  joins: boolean;
  members: string[];
  forms: Form[];
  docs: number;
  part: Posting[];
  synonyms: Synonym[];
  words: string[];
  list: Posting[];
};

export type SpellWord = { form: string; docs: number };

export const MANY = 9; // passages: more than can be told

export const none: never[] = [];

// The numbers of the models, as in shardpack.go.
const enum Model {
  Records, KeyShared, KeyRest, Flags,
  Members, MemberCut, MemberSkip, MemberLen, MemberShared, MemberRest,
  Completions, Completion,
  Forms, FormShared, FormRest, FormDocs = FormRest + 2, FormInfo = FormDocs + 2, Mask = FormInfo + 2,
  FormList, PartDocs, SynonymDocs, PrefixDocs,
  Synonyms, Caps, Rest, RestLen, Distance,
  Named, Names, Name, Place, NameLen,
  Gap, Level = Gap + 8, Passages = Level + 8, First = Passages + 32, Next = First + 8,
}

/** The records by their keys; chunks is by ordinal. */
export function termShard(code: Coder, chunks: number[]): Map<string, Rec[]> {
  const { bit, raw, number, symbol, times, text, suffix, end } = code;
  let key = "";
  const list = (model: Model, expected = 0): Posting[] => {
    const off = number(model), n = expected + (off % 2 ? (off + 1) / 2 : -off / 2);
    const few = Math.max(30 - Math.clz32(chunks.length / Math.max(n, 1)), 0); // low bits of a gap are evenly spread
    let doc = 0, chunk = 0;
    if (n > chunks.length) broken();
    // Members of an object are read in the order in which they stand here and below.
    return times(n, () => {
      doc += number(Model.Gap + chunk) * 2 ** few + raw(few);
      chunk = chunks[doc] ?? broken();
      const level = symbol(Model.Level + chunk, 4);
      const names = bit(Model.Named * MODEL + +(level > 8))
        ? times(number(Model.Names), () => [number(Model.Name), number(Model.Place), number(Model.NameLen)]).flat()
        : none;
      const count = symbol(Model.Passages + 2 * level + +(chunk > 4), 4), all = count == MANY;
      let last = 0;
      return { doc, level, all, names, passages: all ? none : times(count, (i) => (last += number((i ? Model.Next : Model.First) + chunk))) };
    });
  };
  const members = (): string[] => {
    let left = key;
    return times(number(Model.Members), () => {
      const isCut = bit(Model.MemberCut * MODEL);
      const skip = isCut && number(Model.MemberSkip), n = number(isCut ? Model.MemberLen : Model.MemberShared);
      const member = left.slice(skip, skip + n);
      left = left.slice(skip + n);
      return isCut ? member : member + text(Model.MemberRest);
    });
  };
  const form = (which: number): Form => {
    const form = suffix(Model.FormShared, Model.FormRest + which, key), docs = number(Model.FormDocs + which);
    const info = symbol(Model.FormInfo + +(docs > 0), 4);
    return {
      form, docs,
      noun: (info & 1) > 0,
      member: (info & 4) > 0,
      glued: (info & 8) > 0,
      mask: info & 2 ? number(Model.Mask) : 0,
      list: docs ? list(Model.FormList, docs) : none,
    };
  };
  const synonym = (): Synonym => {
    let gap = 0; // of the last word
    return {
      caps: number(Model.Caps) > 0,
      rest: times(number(Model.Rest), () => `${text(Model.RestLen)} ${(gap = number(Model.Distance))}`).join(),
      gap,
      list: list(Model.SynonymDocs),
    };
  };
  const record = (): Rec => {
    key = suffix(Model.KeyShared, Model.KeyRest, key);
    const flags = symbol(Model.Flags, 6), prefix = flags & 32;
    let docs = 0;
    return {
      key,
      twin: (flags & 1) > 0,
      joins: (flags & 2) > 0,
      members: flags & 4 ? members() : none,
      words: prefix ? times(number(Model.Completions), () => text(Model.Completion)) : none,
      list: prefix ? list(Model.PrefixDocs) : none,
      forms: prefix ? none : times(number(Model.Forms), (i) => {
        const f = form(Math.min(i, 1));
        docs += f.docs;
        return f;
      }),
      docs,
      part: flags & 8 ? list(Model.PartDocs) : none,
      synonyms: flags & 16 ? times(number(Model.Synonyms), synonym) : none,
    };
  };

  const records = new Map<string, Rec[]>();
  times(number(Model.Records), () => {
    const r = record();
    records.set(r.key, [...(records.get(r.key) ?? none), r]);
  });
  end();
  return records;
}

/** The words of a spelling block, in their order. */
export function spellBlock({ number, times, suffix, end }: Coder): SpellWord[] {
  let form = "";
  const words = times(number(0), () => ({ form: (form = suffix(1, 2, form)), docs: number(3) }));
  end();
  return words;
}
