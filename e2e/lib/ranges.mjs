// Answers to requests for ranges of a file (RFC 9110, 14), as static hosts give
// them.

/** What hosts can do: several ranges in one answer (nginx, Apache, Caddy, portal serve), one (S3), none. */
export const HOSTS = ['several', 'one', 'none'];

/**
 * The ranges of a file that a request asks for, as { status, headers, body }, or
 * null if it gets all of it. range is the request's header, host one of HOSTS.
 */
export function partial({ body, headers }, range, host) {
  const wanted = /^bytes=(\d+-\d*)(,\d+-\d*)*$/.test(range ?? '')
    ? range.slice(6).split(',').map((r) => r.split('-')).map(([from, to]) => [+from, Math.min(to === '' ? Infinity : +to, body.length - 1)])
    : [];
  if (host === 'none' || wanted.length === 0 || (wanted.length > 1 && host !== 'several')) return null;
  if (wanted.some(([from, to]) => from > to)) return { status: 416, headers: {}, body: Buffer.alloc(0) };
  const place = ([from, to]) => `bytes ${from}-${to}/${body.length}`;
  if (wanted.length === 1) {
    const [[from, to]] = wanted;
    return { status: 206, headers: { ...headers, 'Content-Range': place(wanted[0]) }, body: body.subarray(from, to + 1) };
  }
  const line = '00000000000000000001';
  const parts = wanted.flatMap((w) => [
    Buffer.from(`\r\n--${line}\r\nContent-Type: ${headers['Content-Type']}\r\nContent-Range: ${place(w)}\r\n\r\n`),
    body.subarray(w[0], w[1] + 1),
  ]);
  return {
    status: 206, headers: { ...headers, 'Content-Type': `multipart/byteranges; boundary=${line}` },
    body: Buffer.concat([...parts, Buffer.from(`\r\n--${line}--\r\n`)]),
  };
}
