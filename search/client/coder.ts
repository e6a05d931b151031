// The reader of what search/index/coder.go and shardpack.go write, rounded as
// there. Whatever the bytes are, it ends: it refuses to read much more than they
// can hold.

export type Bytes = Uint8Array<ArrayBuffer>;

export const broken = (): never => {
  throw Error("search: unreadable");
};

export const MODEL = 64; // probabilities of a model

const MODELS = 256; // more than any file has
const PROB_BITS = 15, CODE_BITS = 12, LEAST = 16, SLOW = 30, RAW_BITS = 16, SPAN_MOST = 2 ** 30 - 1, SPAN_LEAST = 2 ** 22;
const MOST = 1000; // things that a byte may stand for
const SEAL = 0x5a5a, SEAL_BITS = 16;

const rates = Array.from({ length: SLOW + 1 }, (_, n) => Math.floor((10 << PROB_BITS) / (10 * n + 16)));

export type Coder = ReturnType<typeof coder>;

/** Reads a file of numbers and one text. */
export function coder(b: Bytes, texts: string) {
  const ones = new Uint16Array(MODELS * MODEL).fill(1 << (PROB_BITS - 1)), seen = new Uint8Array(MODELS * MODEL);
  let at = 0, code = 0, span = SPAN_MOST, left = (b.length + 9) * MOST;

  const normalize = () => {
    for (; span < SPAN_LEAST; span <<= 8) code = (code << 8) | b[at++];
  };
  const bit = (i: number): number => {
    const p = ones[i], part = (span >> CODE_BITS) * (p >> (PROB_BITS - CODE_BITS)), one = +(code < part);
    if (one) span = part;
    else {
      code -= part;
      span -= part;
    }
    normalize();
    const next = p + ((((one << PROB_BITS) - p) * rates[seen[i]]) >> PROB_BITS);
    ones[i] = Math.min(Math.max(next, LEAST), (1 << PROB_BITS) - LEAST);
    if (seen[i] < SLOW) seen[i]++;
    return one;
  };
  const raw = (n: number): number => {
    const k = Math.min(n, RAW_BITS);
    if (k < 1) return 0;
    span >>= k;
    const x = Math.min(Math.floor(code / span), 2 ** k - 1);
    code -= x * span;
    normalize();
    return x * 2 ** (n - k) + raw(n - k);
  };
  const number = (model: number): number => {
    let n = 0;
    while (bit(model * MODEL + n)) if (++n > 31) broken();
    return n ? (2 + bit(model * MODEL + MODEL / 2 + n)) * 2 ** (n - 1) + raw(n - 1) - 1 : 0;
  };
  const symbol = (model: number, n: number): number => {
    let node = 1;
    for (let i = n; i--; ) node = node * 2 + bit(model * MODEL + node);
    return node - 2 ** n;
  };

  const times = <T>(n: number, read: (i: number) => T): T[] => Array.from({ length: n < 0 || n > left ? broken() : ((left -= n), n) }, (_, i) => read(i));
  let from = 0;
  const text = (model: number): string => {
    const n = number(model);
    from += n;
    return from > texts.length ? broken() : texts.slice(from - n, from);
  };
  // What begins as another text does.
  const suffix = (left: number, rest: number, other: string): string => other.slice(0, Math.max(other.length - number(left), 0)) + text(rest);
  const end = () => raw(SEAL_BITS) == SEAL || broken();

  for (; at < 4; at++) code = (code << 8) | b[at];
  return { bit, raw, number, symbol, times, text, suffix, end };
}
