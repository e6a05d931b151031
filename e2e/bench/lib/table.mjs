// Figures as a reader wants them, in columns.

export function median(values) {
  const v = values.filter((x) => x != null).sort((a, b) => a - b);
  if (v.length === 0) return null;
  const m = v.length >> 1;
  return v.length % 2 ? v[m] : (v[m - 1] + v[m]) / 2;
}

export const largest = (values) => {
  const v = values.filter((x) => x != null);
  return v.length === 0 ? null : Math.max(...v);
};

const known = (f) => (x) => (x == null ? '–' : f(x));
export const kB = known((x) => `${(x / 1000).toFixed(1)} kB`);
export const MB = known((x) => `${(x / 1e6).toFixed(2)} MB`);
export const ms = known((x) => `${x.toFixed(x < 100 ? 1 : 0)} ms`);
export const seconds = known((x) => `${x.toFixed(x < 10 ? 2 : 1)} s`);
export const count = known((x) => String(Math.round(x * 10) / 10));
export const ratio = known((x) => x.toFixed(2));
export const score = known((x) => x.toFixed(3));
export const rough = known((x) => x.toFixed(2));

/** Prints rows of cells: the first column to the left, the others to the right. */
export function table(title, rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((r) => String(r[i] ?? '').length)));
  const line = (r) => r.map((c, i) => (i === 0 ? String(c ?? '').padEnd(widths[i]) : String(c ?? '').padStart(widths[i]))).join('  ').trimEnd();
  console.log(`\n${title}\n${line(rows[0])}\n${widths.map((w) => '-'.repeat(w)).join('  ')}`);
  for (const r of rows.slice(1)) console.log(line(r));
}
