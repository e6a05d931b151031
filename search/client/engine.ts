// The search that runs in a browser, a worker or Node: open reads the manifest,
// the rest is read as questions need it. docs/search-format.md describes the
// files; the Go program gives the same answers (search/index).

import { anchor as anchorOf } from "./analyze";
import { excerptOf } from "./excerpt";
import { dictionary } from "./expand";
import { constraints, proven, verify, VERIFY_MOST } from "./phrase";
import { parse, PHRASES, TITLE, type Query } from "./query";
import { scorer, sortRanked, type Concept, type Ranked } from "./rank";
import { byOrder, labelIn, openShards, type Facet, type Facets, type Fragment, type Passage, type Session } from "./shards";
import { none } from "./termshard";

export type Hit = {
  id: string;
  url: string;
  title: string;
  type: string;
  typeLabel: string;
  date: string; // YYYY-MM-DD or ""
  status: string; // a draft, in words, or ""
  score: number;
  excerpt: string; // escaped HTML with <mark>; "" until filled
  section: { title: string; url: string } | null;
  words: string[]; // of the text that matched, as written
};

export type FacetCount = { value: string; label: string; count: number };

export type Result = {
  query: string;
  total: number;
  took: number; // milliseconds
  suggestion: string; // the corrected query, or ""
  partial: boolean; // something could not be read
  facets: Record<string, FacetCount[]>;
  hits: Hit[];
};

export type SearchOptions = {
  limit?: number;
  offset?: number;
  filters?: Record<string, string[]>; // OR within a field, AND between fields
  sort?: "relevance" | "date";
  excerpts?: boolean;
  facets?: boolean;
  signal?: AbortSignal;
};

export type Engine = Awaited<ReturnType<typeof open>>;

type Filters = Record<string, string[]>;

const CANDIDATES = 200; // documents of the second stage
const MAX_LIMIT = 1000;

const size = (n: number | undefined, otherwise: number): number => (n! > 0 ? Math.floor(n!) : otherwise);

/**
 * Opens the search whose manifest is in the folder of an address. A page that
 * stays open while the site is published anew notices that files are missing,
 * and goes on with the new ones.
 */
export async function open(base: string | URL, options: { signal?: AbortSignal } = {}) {
  let engine = await connect(base, options);
  const search = async (query: string, o?: SearchOptions | null): Promise<Result> => {
    const r = await engine.search(query, o ?? {});
    if (!r.partial) return r;
    const next = await connect(base).catch(() => engine);
    if (next.release == engine.release) return r;
    engine = next;
    return engine.search(query, o ?? {});
  };
  return {
    docs: engine.docs,
    words: (text: string) => engine.words(text),
    search,
    fill: (hits: Hit[], o?: { signal?: AbortSignal }) => engine.fill(hits, o),
    suggest: (prefix: string, o?: { limit?: number; lang?: string; signal?: AbortSignal }) => engine.suggest(prefix, o),
  };
}

async function connect(base: string | URL, options: { signal?: AbortSignal } = {}) {
  const page = globalThis.location;
  const folder = new URL(`${base}`.replace(/\/?([?#].*)?$/, "/"), page?.href);
  const isForeign = !!page && page.origin != folder.origin;
  const shards = await openShards(folder.href, isForeign, options.signal);
  const { docs, types, cards, boosts, session } = shards;

  // What fill needs to know of a hit.
  const behind = new WeakMap<Hit, { d: Ranked; concepts: Concept[] }>();

  // Addresses are as on the site; a page elsewhere needs them in full.
  const address = (url: string) => (isForeign ? new URL(url, folder).href : url);

  const hitOf = (d: Ranked, concepts: Concept[], lang?: string): Hit => {
    const card = cards[d.doc], [type, ...labels] = types[card.type] ?? ["", ""];
    const hit = { ...card, url: address(card.url), type, typeLabel: labelIn(lang, labels), score: d.score, excerpt: "", section: null, words: [] };
    behind.set(hit, { d, concepts });
    setSection(hit, d, shards.section(d.doc, d.passage));
    show(hit, shards.fragment(d.doc, d.passage));
    return hit;
  };

  const setSection = (hit: Hit, { passage }: Ranked, [, title, , anchor = anchorOf(title)]: Passage | never[] = none) => {
    if (anchor && passage > 0) hit.section = { title: title!, url: `${hit.url}#${anchor}` };
  };

  // show takes section and excerpt from the fragment with the best passage.
  const show = (hit: Hit, fragment?: Fragment) => {
    const { d, concepts } = behind.get(hit)!;
    if (!fragment) return;
    const all = fragment.slice(1) as Passage[], at = Math.max(d.passage, 0) % 2 ** shards.chunks[d.doc];
    const heading = all.slice(0, at + 1).reverse().find((p) => p.length > 1);
    setSection(hit, d, heading);
    // A heading right above another has no text, nor the end of a long section.
    const shown = [...all.slice(at), ...all.slice(0, at).reverse()].find((p) => p[0]) ?? [heading?.[1] ?? ""];
    Object.assign(hit, excerptOf(shown[0], shards.scan, concepts));
    // The section began before.
    if (d.passage > 0 && (shown.length < 2 || shown[2])) hit.excerpt = hit.excerpt.replace(/^(… )?/, "… ");
  };

  const sieve = (facets: Facets, filters: Filters) => {
    const sieves = Object.entries(filters)
      .filter(([field, wanted]) => wanted?.length && facets.fields[field])
      .map(([field, wanted]) => {
        const values: Facet[] = facets.fields[field] ?? none;
        return { field, some: values.filter(({ value }) => wanted.includes(value)) };
      });
    return (doc: number, except?: string) => sieves.every(({ field, some }) => field == except || some.some(({ has }) => has[doc]));
  };

  // The filter on a field does not narrow its own counts, since its values are alternatives.
  const count = (facets: Facets, found: Ranked[], filters: Filters, passes: (doc: number, except?: string) => boolean) => {
    const counts: Result["facets"] = {};
    for (const field in facets.fields) {
      const open = found.filter(({ doc }) => passes(doc, field));
      const values = facets.fields[field]
        .map(({ value, labels, has }) => ({ value, label: labelIn(filters.lang?.[0], labels), count: open.reduce((n, { doc }) => n + has[doc], 0) }))
        .filter((v) => v.count || filters[field]?.includes(v.value)) // what is chosen needs its label
        .sort((a, b) => b.count - a.count || byOrder(a.label, b.label) || byOrder(a.value, b.value));
      if (values[0]) counts[field] = values;
    }
    return counts;
  };

  // answer fills the result; it returns how many documents were found before
  // filters but that of the language, 0 if none of them has the phrases for certain.
  const answer = async (s: Session, q: Query, r: Result, o: SearchOptions): Promise<number> => {
    const filters = o.filters ?? {}, byDate = o.sort == "date", withFacets = o.facets !== false;
    const words = dictionary(shards, s);
    const plan = await s.settle(() => ({
      ...words.expand(q),
      phrased: q.phrases.flatMap(words.exact),
      limits: constraints(words, q),
      facets: withFacets || byDate || Object.keys(filters)[0] ? (s.use("facets") as Facets | undefined) : undefined,
    }));
    const { suggestion, limits, facets } = plan, concepts = [...plan.concepts, ...plan.phrased];
    r.suggestion = suggestion;
    const { rank, refine } = scorer(concepts, boosts);
    let found = rank(limits.allowed);
    // Without the facets nothing can be filtered; the answer says that it is partial.
    const sifted = (filters: Filters) => (facets ? sieve(facets, filters) : () => true);
    const inLang = sifted({ lang: filters.lang }), passes = sifted(filters);
    let known = found.filter((d) => inLang(d.doc));
    if (byDate) {
      const date = ({ doc }: Ranked) => facets?.dates[doc] ?? "";
      found.sort((a, b) => byOrder(date(b), date(a)));
    }
    let shown = found.filter((d) => passes(d.doc));
    const from = size(o.offset, 0), want = from + Math.min(size(o.limit, 10), MAX_LIMIT);
    // Only the best are put into their final order: the same for every page.
    const best = shown.slice(0, CANDIDATES).map(refine);
    shown = [...(byDate ? best : sortRanked(best)), ...shown.slice(CANDIDATES)];
    for (let i = Math.max(from, CANDIDATES); i < Math.min(want, shown.length); i++) shown[i] = refine(shown[i]);
    if (limits.phrases[0]) {
      const few = known.length <= VERIFY_MOST;
      const { proofs, any } = await s.settle(() => {
        const proofs: number[] = []; // of this round alone: later ones may read less
        const any = verify(shards, s, limits.phrases, known, few ? known.length : 1, proofs);
        if (!few) verify(shards, s, limits.phrases, shown, want, proofs);
        return { proofs, any };
      });
      if (!any) known = [];
      found = proven(found, proofs);
      shown = proven(shown, proofs);
    }
    r.facets = withFacets && facets ? count(facets, found, filters, passes) : {};
    r.total = shown.length;
    const hits = shown.slice(from, want);
    await s.settle(() => hits.forEach(({ doc, passage }) => {
      const isEnough = o.excerpts === false && (shards.hasCards || shards.fragment(doc, passage) || s.outline(doc, passage) !== null);
      if (!isEnough) s.fragment(doc, passage);
    }));
    r.hits = hits.filter((d) => cards[d.doc]).map((d) => hitOf(d, concepts, filters.lang?.[0]));
    return known.length;
  };

  const search = async (query: string, o: SearchOptions = {}): Promise<Result> => {
    const start = performance.now();
    const r: Result = { query, total: 0, took: 0, suggestion: "", partial: false, facets: {}, hits: [] };
    const s = session(o.signal);
    // Conditions that no document meets are asked for as words.
    const text = `${query ?? ""}`, { title, phrases } = parse(text);
    for (const loose of [0, TITLE, PHRASES, TITLE + PHRASES]) {
      if ((loose & TITLE && !title.length) || (loose & PHRASES && !phrases.length)) continue;
      if (await answer(s, parse(text, loose), r, o)) break;
    }
    r.partial = s.missing.size > 0;
    r.took = performance.now() - start;
    return r;
  };

  /** Gives hits their excerpt, section and words. */
  const fill = async (hits: Hit[], o: { signal?: AbortSignal } = {}): Promise<void> => {
    const s = session(o.signal);
    const empty = hits.filter((hit) => behind.has(hit) && !hit.excerpt);
    await s.settle(() => empty.forEach((hit) => {
      const { d } = behind.get(hit)!;
      show(hit, s.fragment(d.doc, d.passage));
    }));
  };

  /** How a query that is being typed may go on, and what it finds so far. */
  const suggest = async (prefix: string, o: { limit?: number; lang?: string; signal?: AbortSignal } = {}) => {
    const limit = size(o.limit, 5);
    const q = parse(`${prefix ?? ""}`), last = shards.scan(q.words).pop();
    const s = session(o.signal);
    const [pages, words] = await Promise.all([
      search(prefix, { limit, filters: o.lang ? { lang: [o.lang] } : {}, facets: false, excerpts: false, signal: o.signal }),
      s.settle(() => (q.open && last ? dictionary(shards, s).completions(last.form) : none)),
    ]);
    return { words: words.slice(0, limit), pages: pages.hits };
  };

  /** The words of a text as they are written there, but for those that are never looked for. */
  const words = (text: string): string[] => shards.scan(text).filter((t) => !t.stop).map((t) => text.slice(t.start, t.end));

  return { docs, release: shards.release, search, fill, suggest, words };
}
