// The files of the search, read: docs/search-format.md says what is in them.
// Everything that is asked for twice is kept. A file that cannot be read counts
// as one with nothing in it, for the question that needed it only.

import { scanner } from "./analyze";
import { broken, coder, type Bytes } from "./coder";
import { cut, places, ranged, SHIFT } from "./outlines";
import { none, spellBlock, termShard, type Rec } from "./termshard";

export type Card = { id: string; url: string; title: string; type: number; date: string; status: string };

export type Passage = [text: string, title?: string, more?: string, anchor?: string];
/** The lines of a fragment behind its card: tags, then passages. */
export type Fragment = [tags: string[], ...passages: Passage[]];
/** Those of an outline: sections. */
type Section = [passages: string, title?: string, more?: string, anchor?: string];

export type Facet = { value: string; labels: Labels; has: Uint8Array };
export type Facets = { fields: Record<string, Facet[]>; dates: string[] };

/** How something is called, and how in languages that call it otherwise. */
type Labels = [label: string, others?: Record<string, string>];

export const labelIn = (lang: string | undefined, [label, others]: Labels): string => others?.[lang!] ?? label;

type Manifest = {
  docs: number;
  least: number;
  base: string;
  groups: [number, number, number][];
  types: [string, ...Labels][];
  terms: string;
  spell: [string, string];
  stop: string;
  cards?: [title: string, id: string, type: number, date: string, status: string, url: string][];
  facets?: unknown;
};

export type Shards = Awaited<ReturnType<typeof openShards>>;

export type Session = ReturnType<Shards["session"]>;

const decoder = new TextDecoder();

/** Undoes front-coding. */
const uncoded = (s: string): string[] => {
  let last = "";
  return s ? s.split(" ").map((entry) => (last = last.slice(0, entry.charCodeAt(0) - 48) + entry.slice(1))) : [];
};

export const labelOf = ([label, labels]: Labels, lang = ""): string => labels?.[lang] ?? label;

export const byOrder = (a: string, b: string): number => (a < b ? -1 : +(a > b));

/** The last of some sorted words that is not behind another. */
export const place = (words: string[], word: string): number => {
  let from = 0;
  for (let to = words.length; to - from > 1; ) {
    const mid = (from + to) >> 1;
    if (words[mid] <= word) from = mid;
    else to = mid;
  }
  return from;
};

const content = async (response: Response) => new Uint8Array(await response.arrayBuffer());

const inflate = async ({ body }: Response) =>
  decoder.decode(await content(new Response(body!.pipeThrough(new DecompressionStream("deflate-raw")))));

/** So many bytes as the number says that others begin with, and those behind them. */
const sized = (b: Bytes): [Bytes, Bytes] => {
  let at = 0, size = 0;
  for (let unit = 1; ; unit *= 128) {
    const byte = b[at++] ?? broken();
    size += (byte & 127) * unit;
    if (byte < 128) return [b.subarray(at, at + size), b.subarray(at + size)];
  }
};

/** Numbers and a text. */
const unpack = async (b: Bytes): Promise<[Bytes, string]> => {
  const [numbers, rest] = sized(b);
  return [numbers, await inflate(new Response(rest))];
};

export async function openShards(base: string, foreign: boolean, signal?: AbortSignal) {
  const load = async (path: string, init?: RequestInit) => {
    const response = await fetch(base + path, init);
    return response.ok ? response : broken();
  };
  const bytes = await load("manifest.bin", { cache: "no-cache", signal }).then(content);
  const line = bytes.indexOf(10);
  const head = JSON.parse(decoder.decode(bytes.subarray(0, Math.max(line, 0))));
  if (head.format !== 2) throw Error(`search: format ${head.format}`);
  const [numbers, text] = await unpack(bytes.subarray(line + 1));
  const manifest: Manifest = JSON.parse(text);
  const { docs, least, types } = manifest;
  const stopWords = new Set(uncoded(manifest.stop)), scan = scanner(stopWords);
  // By ordinal, as far as they are known: fragments bring theirs.
  const card = (title: string, id = "", type: number | string = 0, date = "", status = "", url = ""): Card =>
    ({ title, id, type: +type, date, status, url: url || manifest.base + id.replace(/^.*?:/, "/").replace(/_/g, "-") + "/" });
  const cards = (manifest.cards ?? []).map((c) => card(...c));

  const chunks: number[] = [], boosts: number[] = []; // by ordinal
  for (const [n, chunk, boost] of manifest.groups) {
    for (let i = 0; i < n; i++) {
      chunks.push(chunk);
      boosts.push(boost);
    }
  }

  const facets = ({ fields, dates }: any): Facets => {
    for (const field in fields) {
      fields[field] = fields[field].map(([value, runs, ...labels]: [string, number[], ...Labels]) => {
        const has = new Uint8Array(docs);
        runs.reduce((at, n, i) => (has.fill(i % 2, at, at + n), at + n), 0);
        return { value, labels, has };
      });
    }
    return { fields: { __proto__: null, ...fields }, dates: dates ?? none };
  };

  // decode reads a file by the kind that its path says: numbers with a text,
  // JSON, or lines.
  const decode = async (path: string, response: Response): Promise<unknown> => {
    if ("st".includes(path[0])) {
      const code = coder(...(await unpack(await content(response))));
      return path[0] == "t" ? termShard(code, chunks) : spellBlock(code);
    }
    const text = await inflate(response);
    if (path[0] == "f") return facets(JSON.parse(text));
    const [head, ...rest] = text.split("\n").map((line) => line.split("\t"));
    if (!rest[0]) broken();
    cards[docOf(path)] = card(...(head as Parameters<typeof card>));
    return rest;
  };

  const ready = new Map<string, any>();
  if (manifest.facets) ready.set("facets", facets(manifest.facets));
  const asked = new Map<string, Promise<void>>();
  const ask = (path: string): Promise<void> => {
    let answer = asked.get(path);
    if (!answer) {
      answer = shard(path).then((r) => decode(path, r)).then((content) => void ready.set(path, content));
      const over = () => asked.delete(path); // what failed is asked for again by the next that needs it
      answer.then(over, over);
      asked.set(path, answer);
    }
    return answer;
  };

  // Whether the host answers a request for several ranges of a file is seen by
  // how it answers one for the first shard. From another origin it would have
  // to be asked whether it may be asked.
  let several = manifest.cards || foreign ? false : undefined;
  const shard = async (path: string): Promise<Response> => {
    const name = `${head.release}/${path}.bin`;
    if (several == null && path[0] == "t") {
      several = false;
      const { response, parts } = await ranged(base + name, [[0, 0], [1]]);
      several = parts[1]?.from == 1;
      if (several) return new Response(new Blob(parts.map(({ b }) => b)));
      if (response?.status == 200) return response;
    }
    return load(name);
  };
  const extents = manifest.cards ? none : places(coder(numbers, ""), chunks);
  const extentOf = (path: string) => extents[docOf(path)]?.[+path.split("-")[1]] ?? [0, -1];
  const outlinePath = (doc: number, passage: number): string => `o/0/${doc}-${Math.max(passage, 0) >> (chunks[doc] + SHIFT)}`;
  // What does not come is none: fragments have all that outlines have.
  const askOutlines = async (paths: string[]): Promise<void> => {
    const ranges = paths.map(extentOf);
    const { response, parts } = await ranged(`${base}${head.release}/outlines.bin`, ranges);
    if (response?.status == 200) response.body?.cancel().catch(() => {}); // all of the file
    const found = ranges.map((range) => cut(parts, ...range));
    several = !!found[0];
    await Promise.all(paths.map(async (path, i) => {
      const b = found[i];
      if (!ready.has(path)) ready.set(path, null); // another question may have it
      if (b) ready.set(path, await decode(path, new Response(sized(b)[0])));
    })).catch(() => {});
  };

  const docOf = (path: string): number => +path.split(/[/-]/)[2];
  const terms = uncoded(manifest.terms);
  const fragmentPath = (doc: number, passage: number): string =>
    `d/${Math.floor(doc / 100)}/${doc}-${Math.max(passage, 0) >> chunks[doc]}`;

  /**
   * One question's view of the files. Work on them is plain code that uses what
   * is there and is run again when what it wanted has come: settle. So all that
   * can be known to be needed is asked for together.
   */
  const session = (signal?: AbortSignal) => {
    const wanted = new Set<string>(), missing = new Set<string>();
    const aborted = () => new DOMException("aborted", "AbortError");
    const use = (path: string): any => {
      if (!ready.has(path) && !missing.has(path)) {
        wanted.add(path);
        s.wait = true;
      }
      return ready.get(path);
    };
    const settle = async <T>(work: () => T): Promise<T> => {
      for (let round = 0; ; round++) {
        if (signal?.aborted) throw aborted();
        wanted.clear();
        const done = work();
        if (!wanted.size || round > 50) return done;
        await new Promise((ok, no) => {
          signal?.addEventListener("abort", () => no(aborted()));
          const outlines = [...wanted].filter((path) => path[0] == "o");
          const others = [...wanted].filter((path) => path[0] != "o");
          Promise.all<unknown>([
            outlines[0] && askOutlines(outlines),
            ...others.map((path) => ask(path).catch(() => missing.add(path))),
          ]).then(ok);
        });
      }
    };
    const s = {
      scan, missing, use, settle,
      wait: false, // something that was used is still to come
      /** The records of a key. */
      records: (key: string): Rec[] => use(`t/${place(terms, key)}`)?.get(key) ?? none,
      /** The fragment of a document that has a passage, or the first. */
      fragment: (doc: number, passage: number): Fragment | undefined => use(fragmentPath(doc, passage)),
      /** The outline with a passage, null if it is not to be had. */
      outline(doc: number, passage: number): Section[] | null | undefined {
        const path = outlinePath(doc, passage), [from, to] = extentOf(path);
        return several && to > from ? use(path) : null;
      },
    };
    return s;
  };

  return {
    docs, release: head.release as string, least, types, cards, chunks, boosts, terms, session, scan, stopWords,
    spell: manifest.spell.map(uncoded),
    /** A fragment that is there already. */
    fragment: (doc: number, passage: number): Fragment | undefined => ready.get(fragmentPath(doc, passage)),
    /** The section that a passage is in, if its outline is there already. */
    section: (doc: number, passage: number): Section | undefined => {
      let left = passage % 2 ** (chunks[doc] + SHIFT);
      return ready.get(outlinePath(doc, passage))?.find(([n]: Section) => (left -= +n) < 0);
    },
    hasCards: !!manifest.cards,
  };
}
