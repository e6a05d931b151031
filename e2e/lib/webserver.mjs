// Starts the web servers of docs/betrieb with their files as they are there:
// only addresses, the folder and the certificate are those of the test.

import { execFile, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { ROOT } from './site.mjs';

const run = promisify(execFile);
export const BETRIEB = join(ROOT, 'docs', 'betrieb');

export async function freePort() {
  const s = createServer();
  await new Promise((ok) => s.listen(0, '127.0.0.1', ok));
  const { port } = s.address();
  await new Promise((ok) => s.close(ok));
  return port;
}

/** One answer, as it comes over the wire: not unpacked, no redirect followed. */
export function get(url, { method = 'GET', headers = {} } = {}) {
  return new Promise((ok, no) => {
    const { request } = url.startsWith('https:') ? https : http;
    // The path is not to be tidied: what servers make of dots is tested.
    const path = url.replace(/^https?:\/\/[^/]+/, '') || '/';
    const req = request(url, { method, path, headers, rejectUnauthorized: false, agent: false }, (res) => {
      const chunks = [];
      res.on('data', (c) => chunks.push(c));
      res.on('end', () => ok({ status: res.statusCode, headers: res.headers, raw: res.rawHeaders, body: Buffer.concat(chunks) }));
    });
    req.on('error', no);
    req.end();
  });
}

/** A server process that answers; fails with what it said if it ends before. */
async function started(name, command, args, origin, env) {
  let said = '', over = null;
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  for (const s of [child.stdout, child.stderr]) s.on('data', (b) => { said = (said + b).slice(-8000); });
  const ended = new Promise((ok) => child.on('close', (code) => ok(over = code ?? -1)));
  for (const end = Date.now() + 60_000; ;) {
    if (over !== null) throw new Error(`${name} ended with ${over}:\n${said}`);
    if (await get(origin + '/').then(() => true, () => false)) break;
    if (Date.now() > end) throw new Error(`${name} does not answer:\n${said}`);
    await new Promise((ok) => setTimeout(ok, 50));
  }
  return { name, origin, close: () => { child.kill('SIGTERM'); return ended; } };
}

export async function serve(program, site) {
  const addr = `127.0.0.1:${await freePort()}`;
  return started('portal serve', program, ['serve', '--dir', site, '--addr', addr], `http://${addr}`);
}

export async function caddy(site, search) {
  const origin = `http://127.0.0.1:${await freePort()}`;
  const global = '{\n\tadmin off\n\tauto_https off\n}\n';
  const file = join(site, '..', 'Caddyfile');
  await writeFile(file, global + await readFile(join(BETRIEB, 'Caddyfile'), 'utf8'));
  return started('Caddy', 'caddy', ['run', '--adapter', 'caddyfile', '--config', file], origin, { PORTAL_ADRESSE: origin, PORTAL_ORDNER: site, PORTAL_SUCHE: search, XDG_CONFIG_HOME: join(site, '..') });
}

/** The configuration with all around it that a machine has and a test has not. */
export async function nginxConfig(site, search, name = 'nginx') {
  const dir = join(site, '..', name);
  await mkdir(dir, { recursive: true });
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=portal.example',
    '-keyout', join(dir, 'key.pem'), '-out', join(dir, 'cert.pem')]);
  const [plain, secure] = [await freePort(), await freePort()];
  let text = await readFile(join(BETRIEB, 'nginx.conf'), 'utf8');
  for (const [from, to] of [
    ['listen [::]:80;', ''], ['listen [::]:443 ssl http2;', ''],
    ['listen 80;', `listen 127.0.0.1:${plain};`], ['listen 443 ssl', `listen 127.0.0.1:${secure} ssl`],
    ['/etc/ssl/portal/fullchain.pem', join(dir, 'cert.pem')], ['/etc/ssl/portal/privkey.pem', join(dir, 'key.pem')],
    ['/srv/portal/public', site], ['http://127.0.0.1:8080', `http://${search}`], ['#brotli_static on;', 'brotli_static on;'],
  ]) {
    if (!text.includes(from)) throw new Error(`nginx.conf has no „${from}“ any more`);
    text = text.replaceAll(from, to);
  }
  const file = join(dir, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((n) => `${n}_temp_path ${join(dir, n)};`).join('\n');
  await writeFile(file, `${process.getuid() === 0 ? 'user root;\n' : ''}load_module /usr/lib/nginx/modules/ngx_http_brotli_static_module.so;
worker_processes 1;
pid ${join(dir, 'pid')};
error_log stderr;
events {}
http {
include /etc/nginx/mime.types;
access_log off;
${temporary}
${text}
}
`);
  return { dir, file, plain: `http://127.0.0.1:${plain}`, secure: `https://127.0.0.1:${secure}` };
}

export async function nginx(config) {
  const server = await started('nginx', 'nginx', ['-p', config.dir, '-c', config.file, '-e', 'stderr', '-g', 'daemon off;'], config.secure);
  return { ...server, plain: config.plain };
}
