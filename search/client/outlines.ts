// What hits stand with before their texts are read: outlines, as
// search/index/outline.go describes them, asked for in one request if the host
// answers one for several ranges of a file. Hosts that do not are told by how
// they answer the first shard.

import { MODEL, type Bytes, type Coder } from "./coder";

const UNIT = 64; // bytes
export const SHIFT = 1; // outlines are so much longer than fragments

type Ranges = [from: number, to?: number][]; // both of them within; without to until the end

type Part = { from: number; b: Bytes };

/** The answer to a request for ranges of a file, and its parts if it is one of parts. */
export async function ranged(address: string, ranges: Ranges): Promise<{ response: Response; parts: Part[] }> {
  const response = await fetch(address, { headers: { Range: "bytes=" + ranges.map(([from, to = ""]) => `${from}-${to}`) } });
  const parts: Part[] = [];
  if (response.status == 206) {
    const b = new Uint8Array(await response.arrayBuffer());
    const range = response.headers.get("Content-Range"); // of a single one
    if (range) parts.push({ from: parseInt(range.slice(6)), b });
    const text = new TextDecoder("latin1").decode(b); // as many letters as bytes
    const head = /\ncontent-range: *bytes (\d+)-(\d+)[^]*?\r\n\r\n/gi;
    for (let m; !range && (m = head.exec(text)); ) {
      parts.push({ from: +m[1], b: b.subarray(head.lastIndex, (head.lastIndex += +m[2] - +m[1] + 1)) });
    }
  }
  return { response, parts: parts.sort((a, b) => a.from - b.from) };
}

/** A range out of some parts; a host may join those that lie side by side. */
export const cut = (parts: Part[], from: number, to: number): Bytes | undefined => {
  const part = parts.find((p) => p.from <= from && to < p.from + p.b.length);
  return part?.b.subarray(from - part.from, to - part.from + 1);
};

/** Where each outline is in the file, by document. */
export function places({ number, bit }: Coder, chunks: number[]): [number, number][][] {
  let at = 0;
  return chunks.map((chunk) => {
    const all: [number, number][] = [];
    do {
      all.push([at, (at += number(chunk) * UNIT) - 1]);
    } while (bit((8 + chunk) * MODEL));
    return all;
  });
}
