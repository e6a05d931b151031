// What can be applied for, at any instant: the same as generator/view/state.go,
// line by line. generator/view/testdata/states.tsv holds the two together.

export interface Deadline {
  kind: "fixed" | "cutoff" | "yearly" | "rolling";
  day?: string; // 2027-04-15
  time?: string; // 12:00
  stage?: number;
}

export interface Dates {
  opens?: string;
  closes?: string;
  deadlines?: Deadline[];
}

export interface State {
  key: "geplant" | "offen" | "laufend" | "geschlossen" | "unbekannt";
  day: string;
  time: string;
}

const end = (day: string, time?: string) => `${day}T${time || "24:00"}`;
const passed = (day: string, time: string | undefined, now: string) => now >= end(day, time);

/** The state at a time of the site's clock, 2026-11-22T14:05. */
export function stateAt(d: Dates, now: string): State {
  const state = (key: State["key"], day = "", time = ""): State => ({ key, day, time });
  if (d.closes && passed(d.closes, "", now)) return state("geschlossen", d.closes);
  if (d.opens && now < `${d.opens}T00:00`) return state("geplant", d.opens);
  const all = d.deadlines ?? [];
  const first = Math.min(...all.map((x) => x.stage ?? 0));
  let next: Deadline | undefined, last: Deadline | undefined;
  let anyTime = false, late = false;
  for (const x of all) {
    if ((x.stage ?? 0) > first) continue;
    if (x.kind === "rolling") anyTime = true;
    if (x.kind === "rolling" || !x.day) continue;
    const day = x.kind === "yearly" ? turnOf(x.day, x.time, now, d) : x.day;
    if (!day) continue;
    const at = { ...x, day };
    if (passed(day, x.time, now)) {
      late ||= x.kind === "cutoff";
      if (!last || end(day, x.time) >= end(last.day!, last.time)) last = at;
    } else if (!d.closes || day <= d.closes) {
      if (!next || end(day, x.time) < end(next.day!, next.time)) next = at;
    }
  }
  if (anyTime) return state("laufend", next?.day, next?.time);
  if (next) return state("offen", next.day, next.time);
  if (late) return state("laufend");
  if (last) return state("geschlossen", last.day, last.time);
  if (d.opens || d.closes) return state("offen", d.closes);
  return state("unbekannt");
}

function turnOf(day: string, time: string | undefined, now: string, { opens, closes }: Dates): string {
  const next = nextTurn(day, time, now);
  if (!closes || next <= closes) return next;
  for (let y = year(closes); y >= year(day); y--) {
    if (turn(day, y) <= closes && turn(day, y) >= (opens ?? "")) return turn(day, y);
  }
  return "";
}

function nextTurn(day: string, time: string | undefined, now: string): string {
  for (let y = Math.max(year(day), year(now)); ; y++) {
    if (!passed(turn(day, y), time, now)) return turn(day, y);
  }
}

function turn(day: string, y: number): string {
  const leap = y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0);
  const rest = day.slice(4) === "-02-29" && !leap ? "-03-01" : day.slice(4);
  return String(y).padStart(4, "0") + rest;
}

const year = (day: string) => Number(day.slice(0, 4));

const clocks = new Map<string, Intl.DateTimeFormat>();

/** What a clock in the zone shows, wherever the reader is: 2026-11-22T14:05. */
export function wall(at: Date, zone: string): string {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone, hourCycle: "h23",
      year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
    });
    clocks.set(zone, clock);
  }
  const p = Object.fromEntries(clock.formatToParts(at).map((x) => [x.type, x.value]));
  return `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}`;
}
