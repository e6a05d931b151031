// As much of an S3 server as rclone asks for, on the loopback: it keeps what is
// put into it with its headers, and writes down in which order.

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

const escape = (s) => s.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/**
 * objects: key → {body, headers}; log: „PUT key“ and „DELETE key“, in order.
 * refuse(key) may be set: what it is true for is answered with 403.
 */
export async function bucket(name) {
  const at = { objects: new Map(), log: [], refuse: () => false };
  const server = createServer(async (req, res) => {
    const chunks = [];
    for await (const c of req) chunks.push(c);
    const url = new URL(req.url, 'http://bucket');
    const [, first, ...rest] = decodeURIComponent(url.pathname).split('/');
    const key = rest.join('/');
    if (first !== name) return res.writeHead(404).end();
    if (key === '') return list(at.objects, url.searchParams.get('prefix') ?? '', url.searchParams.get('delimiter'), res);
    if (req.method === 'PUT') return put(at, key, req, Buffer.concat(chunks), res);
    const found = at.objects.get(key);
    if (req.method === 'DELETE') {
      at.objects.delete(key);
      at.log.push(`DELETE ${key}`);
      return res.writeHead(204).end();
    }
    if (!found) return res.writeHead(404).end();
    res.writeHead(200, { ETag: found.etag, 'Content-Length': found.body.length, 'Last-Modified': new Date().toUTCString() });
    res.end(req.method === 'HEAD' ? undefined : found.body);
  });
  await new Promise((ok) => server.listen(0, '127.0.0.1', ok));
  at.origin = `http://127.0.0.1:${server.address().port}`;
  at.close = () => {
    server.closeAllConnections();
    return new Promise((ok) => server.close(ok));
  };
  return at;
}

function put(at, key, req, body, res) {
  if (at.refuse(key)) return res.writeHead(403).end();
  const etag = `"${createHash('md5').update(body).digest('hex')}"`;
  at.objects.set(key, { body, etag, headers: req.headers });
  at.log.push(`PUT ${key}`);
  res.writeHead(200, { ETag: etag }).end();
}

function list(objects, prefix, delimiter, res) {
  const items = [], folders = new Set();
  for (const key of [...objects.keys()].filter((k) => k.startsWith(prefix)).sort()) {
    const [first, ...more] = delimiter ? key.slice(prefix.length).split(delimiter) : [key];
    if (more.length) folders.add(prefix + first + delimiter);
    else items.push(`<Contents><Key>${escape(key)}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>${escape(objects.get(key).etag)}</ETag><Size>${objects.get(key).body.length}</Size></Contents>`);
  }
  items.push(...[...folders].map((f) => `<CommonPrefixes><Prefix>${escape(f)}</Prefix></CommonPrefixes>`));
  res.writeHead(200, { 'Content-Type': 'application/xml' });
  res.end(`<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Prefix>${escape(prefix)}</Prefix><IsTruncated>false</IsTruncated>${items.join('')}</ListBucketResult>`);
}
