// The engine over two indexes: that of the whole site, which is some seconds old,
// and a small one of what has changed since. The preview has it in the place of
// engine.ts, so that a text can be found as soon as it is saved.

import { open as openIndex, type Engine, type Hit, type Result, type SearchOptions } from "./engine";

export type { Engine, FacetCount, Hit, Result, SearchOptions } from "./engine";

// What of the whole index no longer holds, and where the new index is ("" if
// nothing has come in its place).
type Recent = { ids: string[]; folder: string };

const MOST = 1000; // hits that the engine gives at once

export async function open(base: string | URL, options: { signal?: AbortSignal } = {}): Promise<Engine> {
  const folder = new URL(`${base}`.replace(/\/?([?#].*)?$/, "/"), globalThis.location?.href);
  let whole = await openIndex(folder, options);
  const owners = new WeakMap<Hit, Engine>(); // which engine knows of a hit

  const search = async (query: string, o: SearchOptions | null = {}): Promise<Result> => {
    const recent: Recent = await (await fetch(new URL("recent.json", folder), { cache: "no-store", signal: o?.signal })).json();
    // Only now: a whole index that has come since knows what is recent, too.
    whole = await openIndex(folder, options);
    const engine = whole;
    if (!recent.ids.length) {
      const found = await engine.search(query, o);
      for (const hit of found.hits) owners.set(hit, engine);
      return found;
    }
    const { limit = 10, offset = 0 } = o ?? {};
    const [old, fresh] = await Promise.all([
      engine.search(query, { ...o, offset: 0, limit: Math.min(MOST, offset + limit + recent.ids.length) }),
      recent.folder ? openIndex(new URL(recent.folder, folder), options) : null,
    ]);
    const found = (await fresh?.search(query, { ...o, offset: 0, limit: MOST }))?.hits ?? [];
    for (const hit of old.hits) owners.set(hit, engine);
    for (const hit of found) owners.set(hit, fresh!);
    const hits = merge(old.hits, found, recent.ids);
    if (o?.sort == "date") hits.sort((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : 0));
    return { ...old, total: old.total + hits.length - old.hits.length, hits: hits.slice(offset, offset + limit) };
  };

  const fill = async (hits: Hit[], o?: { signal?: AbortSignal }): Promise<void> => {
    const engines = new Set(hits.map((h) => owners.get(h) ?? whole));
    await Promise.all([...engines].map((e) => e.fill(hits.filter((h) => (owners.get(h) ?? whole) == e), o)));
  };

  return { docs: whole.docs, words: whole.words, search, fill, suggest: (prefix, o) => whole.suggest(prefix, o) };
}

// Scores of indexes of different size cannot be compared: what was found before
// keeps its place, and what was not comes first.
function merge(old: Hit[], fresh: Hit[], replaced: string[]): Hit[] {
  const gone = new Set(replaced);
  const now = new Map(fresh.map((h) => [h.id, h]));
  const kept: Hit[] = [];
  for (const hit of old) {
    const next = now.get(hit.id);
    if (next) {
      next.score = hit.score;
      now.delete(hit.id);
      kept.push(next);
    } else if (!gone.has(hit.id)) {
      kept.push(hit);
    }
  }
  return [...now.values(), ...kept];
}
