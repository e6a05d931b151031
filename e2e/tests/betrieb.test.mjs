// What docs/betrieb and the workflows hold for those who run the portal. Each
// file is read by the tool it is made for; the web servers run, and say what
// „portal serve“ says; the scripts publish, and break off in the middle.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, readdir, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { launch, openPage } from '../lib/browser.mjs';
import { bucket } from '../lib/bucket.mjs';
import { E2E, ROOT, build, compile, readSite } from '../lib/site.mjs';
import { BETRIEB, caddy, freePort, get, nginx, nginxConfig, serve } from '../lib/webserver.mjs';

const run = promisify(execFile);
const alone = process.argv[1] === fileURLToPath(import.meta.url);
const world = alone ? null : await import('../lib/world.mjs');
const ACTIONLINT = 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12';

let dir, program;
before(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'portal-betrieb-')));
  program = world?.program ?? await compile(dir);
});
after(() => rm(dir, { recursive: true, force: true }));

/** Runs a command to its end: {code, out}, out with both streams. */
const result = (command, args, options) => run(command, args, { maxBuffer: 1 << 26, ...options })
  .then(({ stdout, stderr }) => ({ code: 0, out: stdout + stderr }), (e) => ({ code: e.code, out: `${e.stdout}${e.stderr}` }));

async function passes(command, args, options) {
  const { code, out } = await result(command, args, options);
  assert.equal(code, 0, `${command} ${args.join(' ')}\n${out}`);
  return out;
}

describe('the files are what their tools take', () => {
  test('GitHub: the workflow, with its scripts', async () => {
    await passes('go', ['run', ACTIONLINT, join(ROOT, '.github/workflows/portal.yml')], { cwd: ROOT });
  });

  test('GitLab: the schema, and which jobs a target has', async () => {
    const copy = join(dir, 'gitlab');
    await mkdir(copy);
    await cp(join(ROOT, '.gitlab-ci.yml'), join(copy, '.gitlab-ci.yml'));
    const git = (...args) => passes('git', ['-C', copy, '-c', 'user.name=Test', '-c', 'user.email=test@portal.example', ...args]);
    await git('init', '-q', '-b', 'main');
    await git('add', '.');
    await git('commit', '-q', '-m', 'test');
    await git('remote', 'add', 'origin', 'https://gitlab.example/ag/portal.git');
    // gitlab-ci-local is written for a newer Node than the tests need.
    const newer = `data:text/javascript,${encodeURIComponent('Set.prototype.union ??= function (o) { return new Set([...this, ...o]) }')}`;
    const jobs = async (target) => {
      const { stdout, stderr } = await run('node', ['--import', newer, join(E2E, 'node_modules/gitlab-ci-local/dist/index.js'), '--list-csv', '--variable', `PORTAL_ZIEL=${target}`], { cwd: copy });
      assert.match(stderr, /json schema validated/);
      return stdout.trim().split('\n').slice(1).map((line) => line.split(';')[0]);
    };
    const targets = [];
    for (const target of ['pages', 'rsync', 's3']) targets.push(await jobs(target));
    assert.deepEqual(targets, [['pruefen', 'pages'], ['pruefen', 'bauen', 'rsync'], ['pruefen', 'bauen', 's3']]);
  });

  test('Containerfile', async () => {
    const out = await passes('node', [join(E2E, 'node_modules/dockerfile-utils/bin/dockerfile-utils'), 'lint', join(BETRIEB, 'Containerfile')]);
    assert.equal(out.trim(), '');
  });

  test('what they call portal with is what it knows', async () => {
    const files = ['.github/workflows/portal.yml', '.gitlab-ci.yml', 'docs/betrieb/README.md', 'docs/betrieb/Containerfile', 'docs/betrieb/rsync.sh', 'docs/betrieb/s3.sh',
      ...(await readdir(join(BETRIEB, 'systemd'))).map((f) => `docs/betrieb/systemd/${f}`)];
    const called = new Map();
    for (const file of files) {
      const text = (await readFile(join(ROOT, file), 'utf8')).replace(/[",[\]]/g, ' '); // lists of arguments, too
      for (const [, command, rest] of text.matchAll(/portal\s+(build|check|serve)\b([^\n|>&`]*)/g)) {
        for (const [flag] of rest.matchAll(/(?<=\s)--[a-z-]+/g)) called.set(command, (called.get(command) ?? new Set()).add(flag));
      }
    }
    assert.deepEqual([...called.keys()].sort(), ['build', 'check', 'serve']);
    for (const [command, flags] of called) {
      const known = (await passes(program, [command, '--help'])).match(/(?<=\s)--[a-z-]+/g);
      assert.deepEqual([...flags].filter((f) => !known.includes(f)), [], command);
    }
    assert.ok(called.get('build').has('--compress') && called.get('serve').has('--probe') && called.get('check').has('--format'));
  });

  test('scripts', () => passes('shellcheck', ['--severity', 'style', join(BETRIEB, 'rsync.sh'), join(BETRIEB, 's3.sh')]));

  test('systemd: units and timer, and how much a service may', async (t) => {
    const units = join(dir, 'units');
    await cp(join(BETRIEB, 'systemd'), units, { recursive: true });
    for (const name of await readdir(units)) {
      const file = join(units, name);
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.replaceAll('/usr/local/bin/portal', program)); // it must be there
      const { code, out } = await result('systemd-analyze', ['verify', '--man=no', file]);
      assert.equal(`${code} ${out}`, '0 ', name);
      const day = /OnCalendar=(.*)/.exec(text);
      if (day) await passes('systemd-analyze', ['calendar', day[1]]);
      if (!name.endsWith('.service')) continue;
      const exposure = await passes('systemd-analyze', ['security', '--offline=true', '--threshold=20', file]);
      t.diagnostic(`${name}: ${/exposure level .*: ([\d.]+ \w+)/.exec(exposure)[1]}`);
    }
  });

  test('Caddy', async () => {
    const file = join(BETRIEB, 'Caddyfile');
    await passes('caddy', ['validate', '--adapter', 'caddyfile', '--config', file], { env: { ...process.env, HOME: dir } });
    assert.equal(await readFile(file, 'utf8'), (await run('caddy', ['fmt', file])).stdout, 'caddy fmt');
  });

  test('nginx', async () => {
    const site = join(dir, 'leer', 'public');
    await mkdir(site, { recursive: true });
    const { file } = await nginxConfig(site, '127.0.0.1:9');
    const out = await passes('nginx', ['-t', '-c', file, '-e', 'stderr']);
    assert.doesNotMatch(out, /\[(warn|emerg)\]/);
  });
});

describe('web servers', () => {
  let source, site, down, downNginx;
  const servers = [];

  before(async () => {
    source = join(dir, 'quelle');
    site = join(dir, 'web', 'public');
    for (const part of ['content', 'portal.yaml']) await cp(join(ROOT, part), join(source, part), { recursive: true });
    const entry = join(source, 'content/meldungen/gruendung-ag-vzkm.md');
    await writeFile(entry, (await readFile(entry, 'utf8')).replace('---\n', '---\naliases: [/alte/adresse/]\n'));
    await build(program, source, site, '--compress', '--server-index');
    servers.push(await serve(program, site));
    const search = new URL(servers[0].origin).host;
    servers.push(await caddy(site, search));
    servers.push(await nginx(await nginxConfig(site, search)));
    const nobody = `127.0.0.1:${await freePort()}`;
    down = await caddy(site, nobody);
    downNginx = await nginx(await nginxConfig(site, nobody, 'nginx-allein'));
  });
  after(() => Promise.all([...servers, down, downNginx].filter(Boolean).map((s) => s.close())));

  const SAME = ['content-type', 'cache-control', 'content-security-policy', 'x-content-type-options', 'referrer-policy', 'permissions-policy',
    'cross-origin-opener-policy', 'cross-origin-resource-policy', 'access-control-allow-origin'];
  const told = ({ status, headers }) => ({ status, ...Object.fromEntries(SAME.map((name) => [name, headers[name] ?? ''])) });
  const each = async (work) => { for (const s of servers) await work(s); };

  test('send the same headers for each kind of file, each once', async () => {
    const { files } = await readSite(site);
    const kinds = new Map(); // one file of each ending and place
    for (const f of files.filter((f) => !/\.(br|gz)$/.test(f) && f !== '.portal-release')) kinds.set(`${f.split('/')[0].replace(/^[^.]*$/, (d) => (/assets|media|search|\.well-known/.test(d) ? d : ''))} ${extname(f)}`, f);
    const paths = [...kinds.values()].map((f) => '/' + f.replace(/(^|\/)index\.html$/, '$1'));
    assert.ok(paths.length > 20, paths.join());
    paths.push('/', '/en/', '/alte/adresse/', '/search/manifest.bin', '/search/engine.js', '/.well-known/security.txt', '/gibt/es/nicht/', '/en/nothing', '/search/0/t/0.bin', '/assets/weg.css');
    for (const path of paths) {
      const [own, ...others] = await Promise.all(servers.map((s) => get(s.origin + path)));
      assert.match(own.headers['cache-control'], /^(no-cache|public, max-age=31536000, immutable)$/, path);
      others.forEach((o, i) => {
        assert.deepEqual(told(o), told(own), `${servers[i + 1].name} ${path}`);
        assert.match(o.headers['strict-transport-security'], /^max-age=\d{8}$/, path);
        const names = o.raw.filter((_, i) => i % 2 === 0).map((n) => n.toLowerCase());
        assert.deepEqual(names, [...new Set(names)], `${servers[i + 1].name} ${path}`);
        assert.equal(o.headers.server?.match(/\d/) ?? null, null, 'the version is nobody’s business');
      });
    }
  });

  test('send what was compressed before, and the same text to all', () => each(async (s) => {
    const plain = await readFile(join(site, 'glossar/index.html'));
    for (const [accept, encoding, unpack] of [['br, gzip', 'br', brotliDecompressSync], ['gzip', 'gzip', gunzipSync], ['identity', undefined, (b) => b]]) {
      const { status, headers, body } = await get(`${s.origin}/glossar/`, { headers: { 'Accept-Encoding': accept } });
      assert.equal(status, 200);
      assert.equal(headers['content-encoding'], encoding, `${s.name}: ${accept}`);
      assert.ok(unpack(body).equals(plain), `${s.name}: ${accept}`);
      assert.match(headers.vary ?? '', /Accept-Encoding/i, s.name);
      if (encoding) assert.ok(body.equals(await readFile(join(site, `glossar/index.html.${{ br: 'br', gzip: 'gz' }[encoding]}`))), `${s.name} compresses anew`);
    }
    const bin = await get(`${s.origin}/search/manifest.bin`, { headers: { 'Accept-Encoding': 'br, gzip' } });
    assert.equal(bin.headers['content-encoding'], undefined, `${s.name}: files of the index compress themselves`);
  }));

  // What shows titles and sections of all hits of a large site after one request.
  test('send several ranges of a file of the index in one answer', () => each(async (s) => {
    const { files } = await readSite(site);
    const file = files.find((f) => /^search\/[^/]+\/t\/0\.bin$/.test(f));
    const whole = await readFile(join(site, file));
    const { status, headers, body } = await get(`${s.origin}/${file}`, { headers: { Range: 'bytes=0-0,5-9,1-2' } });
    assert.equal(status, 206, s.name);
    assert.match(headers['content-type'], /^multipart\/byteranges; *boundary=/, s.name);
    for (const [from, to] of [[0, 0], [5, 9], [1, 2]]) {
      const head = body.indexOf(`bytes ${from}-${to}/${whole.length}`);
      const at = body.indexOf('\r\n\r\n', head) + 4;
      assert.ok(head > 0 && body.subarray(at, at + to - from + 1).equals(whole.subarray(from, to + 1)), `${s.name}: ${from}-${to}`);
    }
  }));

  test('say that a page has not changed', () => each(async (s) => {
    const { headers } = await get(`${s.origin}/glossar/`);
    assert.ok(headers.etag || headers['last-modified'], s.name);
    const again = headers.etag ? { 'If-None-Match': headers.etag } : { 'If-Modified-Since': headers['last-modified'] };
    assert.equal((await get(`${s.origin}/glossar/`, { headers: again })).status, 304, s.name);
  }));

  test('show the portal’s page for what is not there, in its language, and no folders', () => each(async (s) => {
    for (const path of ['/gibt/es/nicht/', '/assets/', '/search/', '/search/0/', '/api/anders']) {
      const { status, body } = await get(s.origin + path);
      assert.equal(status, 404, `${s.name} ${path}`);
      assert.ok(body.equals(await readFile(join(site, '404.html'))), `${s.name} ${path}`);
    }
    assert.ok((await get(`${s.origin}/en/nothing/`)).body.equals(await readFile(join(site, 'en/404.html'))), s.name);
    assert.equal((await get(`${s.origin}/`, { method: 'POST' })).status, 405, s.name);
  }));

  test('keep dot files to themselves, but for .well-known', () => each(async (s) => {
    for (const path of ['/.portal-release', '/%2eportal-release', '/glossar/../.portal-release', '/.git/config', '/.well-known/../.portal-release', '/assets/.portal-release']) {
      const { status, body } = await get(s.origin + path);
      assert.ok(status === 404 || status === 400 || status === 307, `${s.name} ${path}: ${status}`);
      assert.doesNotMatch(body.toString(), /^[0-9a-f]{64} /m, `${s.name} ${path}`);
    }
    assert.match((await get(`${s.origin}/.well-known/security.txt`)).body.toString(), /^Contact: /m, s.name);
  }));

  test('lead on: to the slash at the end, from former addresses', () => each(async (s) => {
    const { status, headers } = await get(`${s.origin}/glossar`);
    assert.ok([301, 308].includes(status), `${s.name}: ${status}`);
    assert.equal(headers.location, '/glossar/', s.name);
    const old = await get(`${s.origin}/alte/adresse/`);
    assert.match(old.body.toString(), /<meta http-equiv="refresh" content="0; url=\/meldungen\/gruendung-ag-vzkm\/">/, s.name);
    assert.equal((await get(`${s.origin}/alte/adresse`)).headers.location, '/alte/adresse/', s.name);
  }));

  test('nginx leads from http to https', async () => {
    const { status, headers } = await get(`${servers[2].plain}/glossar/?a=1`, { headers: { Host: 'portal.example' } });
    assert.equal(`${status} ${headers.location}`, '301 https://portal.example/glossar/?a=1');
  });

  test('hand the search on to portal serve, and say when it is not there', async () => {
    const answers = await Promise.all(servers.map((s) => get(`${s.origin}/api/search?q=triage&limit=3`)));
    for (const [i, a] of answers.entries()) {
      const { took, ...rest } = JSON.parse(a.body);
      assert.ok(took >= 0 && rest.total > 0);
      assert.equal(a.headers['access-control-allow-origin'], '*', servers[i].name);
      assert.equal(a.headers['content-security-policy'], answers[0].headers['content-security-policy'], servers[i].name);
      const names = a.raw.filter((_, i) => i % 2 === 0).map((n) => n.toLowerCase());
      assert.deepEqual(names, [...new Set(names)], servers[i].name);
    }
    const none = await get(`${down.origin}/api/search?q=triage`);
    assert.equal(none.status, 503);
    assert.match(none.headers['content-type'], /^application\/json/);
    assert.match(JSON.parse(none.body).error, /Suche auf den Seiten/);
  });

  test('answer on the results page, and send it as it was built when portal serve is not there', async () => {
    for (const [folder, words] of [['suche/', /\d\sTreffer für „triage“/], ['en/suche/', /results? for “triage”/]]) {
      const answers = await Promise.all(servers.map((s) => get(`${s.origin}/${folder}?type=term&q=triage`)));
      for (const [i, a] of answers.entries()) {
        assert.match(a.body.toString(), words, servers[i].name);
        assert.deepEqual(told(a), told(answers[0]), servers[i].name);
        assert.equal(a.headers['cache-control'], 'no-store', servers[i].name);
        const names = a.raw.filter((_, i) => i % 2 === 0).map((n) => n.toLowerCase());
        assert.deepEqual(names, [...new Set(names)], servers[i].name);
      }
      const built = await readFile(join(site, folder, 'index.html'), 'utf8');
      for (const s of [down, downNginx]) {
        const a = await get(`${s.origin}/${folder}?q=triage`);
        assert.deepEqual([a.status, a.headers['content-type'], a.body.toString() === built], [200, 'text/html; charset=utf-8', true], s.name);
      }
      await each(async (s) => assert.equal((await get(`${s.origin}/${folder}`)).body.toString(), built, s.name));
    }
  });

  test('a server can be asked whether it is well', async () => {
    const addr = new URL(servers[0].origin).host;
    await passes(program, ['serve', '--probe', '--dir', site, '--addr', addr]);
    const { code, out } = await result(program, ['serve', '--probe', '--dir', site, '--addr', `127.0.0.1:${await freePort()}`]);
    assert.notEqual(code, 0);
    assert.match(out, /antwortet keine Site/);
  });

  test('the limit of nginx lets people search', async () => {
    const answers = await Promise.all(Array.from({ length: 15 }, () => get(`${servers[2].origin}/api/search?q=triage&limit=1`)));
    assert.deepEqual([...new Set(answers.map((a) => a.status))], [200]);
  });

  test('a page and its search work in the browser behind Caddy', async () => {
    const browser = world?.browser ?? await launch();
    const page = await openPage(browser, servers[1].origin);
    await page.goto(`${servers[1].origin}/suche/?q=Triage`);
    await page.locator('main mark').first().waitFor({ timeout: 60_000 });
    assert.deepEqual(page.faults, []);
    await page.context().close();
    if (!world) await browser.close();
  });

  test('the next release is there at once', async () => {
    const entry = join(source, 'content/meldungen/gruendung-ag-vzkm.md');
    await writeFile(entry, (await readFile(entry, 'utf8')) + '\nQuarkspeise.\n');
    await build(program, source, site, '--compress', '--server-index');
    await each(async (s) => assert.match((await get(`${s.origin}/meldungen/gruendung-ag-vzkm/`)).body.toString(), /Quarkspeise/, s.name));
  });
});

describe('publishing', () => {
  let source, out;
  before(async () => {
    source = join(dir, 'klein');
    out = join(dir, 'klein-aus', 'public');
    await passes(program, ['new', 'site', source]);
    await writeFile(join(source, 'content/gruesse.md'), '---\ntitle: Grüße\n---\n\nErste Fassung.\n');
    await build(program, source, out, '--compress');
  });

  const change = async (text) => {
    await writeFile(join(source, 'content/gruesse.md'), `---\ntitle: Grüße\n---\n\n${text}\n`);
    await build(program, source, out, '--compress');
  };

  describe('with rsync', () => {
    let server, env, target;
    const script = join(BETRIEB, 'rsync.sh');
    const publish = (more) => result(script, [out, `deploy@portal.example:${target}`], { env: { ...env, ...more } });
    const shown = () => readFile(join(target, 'public/gruesse/index.html'), 'utf8');

    before(async () => {
      server = join(dir, 'server');
      target = join(server, 'srv portal');
      await mkdir(server);
      // Instead of ssh: the same command, as the far shell would read it, here.
      const ssh = join(server, 'ssh');
      await writeFile(ssh, '#!/bin/bash\n[ "$1" = -l ] && shift 2\nshift\n[ ! -e "$0.abbruch" ] || [ "$1" = bash ] || { kill -9 $$; }\nexec bash -c "$*"\n');
      await chmod(ssh, 0o755);
      env = { ...process.env, SSH: ssh };
    });

    test('what was built is there, whole; again, nothing happens', async () => {
      const first = await publish();
      assert.equal(first.code, 0, first.out);
      assert.match(await shown(), /Erste Fassung/);
      const at = await readlink(join(target, 'public'));
      await passes('sha256sum', ['--quiet', '--check', '.portal-release'], { cwd: join(target, 'public') });
      assert.equal((await publish()).code, 0);
      assert.equal(await readlink(join(target, 'public')), at);
      assert.deepEqual(await readdir(join(target, 'stand')), [at.replace('stand/', '')]);
    });

    test('the connection breaks: readers notice nothing, the next call goes on', async () => {
      await change('Zweite Fassung.');
      await writeFile(join(server, 'ssh.abbruch'), '');
      const broken = await publish();
      assert.notEqual(broken.code, 0, broken.out);
      assert.match(await shown(), /Erste Fassung/);
      await rm(join(server, 'ssh.abbruch'));
      const again = await publish();
      assert.equal(again.code, 0, again.out);
      assert.match(await shown(), /Zweite Fassung/);
    });

    test('a file that did not arrive as it was is not shown', async () => {
      await change('Dritte Fassung.');
      const release = (await passes('sha256sum', [join(out, '.portal-release')])).slice(0, 16);
      // rsync takes a file for the same that it is told to leave alone.
      const bin = join(dir, 'bin-rsync');
      await mkdir(bin);
      await writeFile(join(bin, 'rsync'), '#!/bin/bash\ncase "$*" in *--server*) ;; *) set -- --exclude=/gruesse/index.html "$@" ;; esac\nexec /usr/bin/rsync "$@"\n');
      await chmod(join(bin, 'rsync'), 0o755);
      const { code, out: said } = await publish({ PATH: `${bin}:${process.env.PATH}` });
      assert.notEqual(code, 0, said);
      assert.match(said, /gruesse\/index\.html/);
      assert.match(await shown(), /Zweite Fassung/);
      assert.ok((await readdir(join(target, 'stand'))).includes(`.${release}`), 'what has arrived stays for the next call');
      assert.equal((await publish()).code, 0);
      assert.match(await shown(), /Dritte Fassung/);
    });

    test('what is the same lies there once; old releases go, but the last', async () => {
      const inode = async (at) => (await passes('stat', ['-c', '%i', join(target, at)])).trim();
      const before = await readlink(join(target, 'public'));
      await change('Vierte Fassung.');
      assert.equal((await publish({ BEHALTEN: '2' })).code, 0);
      const now = await readlink(join(target, 'public'));
      assert.deepEqual((await readdir(join(target, 'stand'))).sort(), [before, now].map((s) => s.replace('stand/', '')).sort());
      assert.equal(await inode('public/favicon.svg'), await inode(`${before}/favicon.svg`));
      assert.notEqual(await inode('public/gruesse/index.html'), await inode(`${before}/gruesse/index.html`));
    });

    test('a release that was spoilt on the server is sent anew', async () => {
      await writeFile(join(target, 'public/gruesse/index.html'), 'verdorben');
      assert.equal((await publish()).code, 0);
      assert.match(await shown(), /Vierte Fassung/);
    });

    test('a folder of somebody else stays', async () => {
      const other = join(server, 'fremd');
      await mkdir(join(other, 'public'), { recursive: true });
      const { code, out: said } = await result(script, [out, other], { env });
      assert.notEqual(code, 0);
      assert.match(said, /ist ein Ordner und kein Verweis/);
      assert.deepEqual(await readdir(join(other, 'public')), []);
      assert.match((await result(script, [source, other], { env })).out, /keine Ausgabe von „portal build“/);
    });
  });

  describe('with S3', () => {
    let store, env;
    const publish = (more) => result(join(BETRIEB, 's3.sh'), [out, 'speicher:eimer/portal'], { env: { ...env, ...more } });
    const object = (key) => store.objects.get(`portal/${key}`);
    const MARK = '.portal-ziel';
    const keys = () => [...store.objects.keys()].map((k) => k.replace('portal/', '')).filter((k) => k !== MARK).sort();
    const wanted = async () => (await readSite(out)).files.filter((f) => f !== '.portal-release' && !/\.(br|gz)$/.test(f)).sort();
    const hashed = (key) => /^(assets|media)\/|^search\/(ui-|[^/]+\/)/.test(key);
    const step = (key) => (hashed(key) ? 1 : /^search\/(manifest\.bin|engine\.js)$/.test(key) ? 3 : 2);

    before(async () => {
      store = await bucket('eimer');
      const { AWS_CA_BUNDLE, ...rest } = process.env; // rclone cannot do with it
      env = {
        ...rest, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1', RCLONE_CONFIG: join(dir, 'rclone.conf'), RCLONE_RETRIES: '1', RCLONE_LOW_LEVEL_RETRIES: '1',
        RCLONE_CONFIG_SPEICHER_TYPE: 's3', RCLONE_CONFIG_SPEICHER_PROVIDER: 'Other', RCLONE_CONFIG_SPEICHER_ENDPOINT: store.origin,
        RCLONE_CONFIG_SPEICHER_ACCESS_KEY_ID: 'a', RCLONE_CONFIG_SPEICHER_SECRET_ACCESS_KEY: 'b', RCLONE_CONFIG_SPEICHER_REGION: 'x',
      };
    });
    after(() => store.close());

    test('all is there with its type and caching, what is named by others first', async () => {
      const { code, out: said } = await publish();
      assert.equal(code, 0, said);
      assert.deepEqual(keys(), await wanted());
      assert.equal(store.log.shift(), `PUT portal/${MARK}`);
      const steps = store.log.map((line) => step(line.replace('PUT portal/', '')));
      assert.deepEqual(steps, [...steps].sort());
      assert.equal(steps.at(-1), 3);
      const own = await serve(program, out);
      for (const key of keys()) {
        const { headers } = await get(`${own.origin}/${key}`, { method: 'HEAD' });
        assert.equal(object(key).headers['content-type'], headers['content-type'], key);
        assert.equal(object(key).headers['cache-control'], headers['cache-control'], key);
        assert.equal(object(key).headers['content-encoding'], undefined, key);
        assert.ok(object(key).body.equals(await readFile(join(out, key))), key);
      }
      await own.close();
    });

    test('the second time only what has changed; what is gone is deleted last', async () => {
      await rm(join(source, 'content/gruesse.md'));
      await writeFile(join(source, 'content/neues.md'), '---\ntitle: Neues\n---\n\nHier.\n');
      await build(program, source, out, '--compress');
      store.log.length = 0;
      const { code, out: said } = await publish();
      assert.equal(code, 0, said);
      assert.deepEqual(keys(), await wanted());
      const kinds = store.log.map((line) => line.split(' ')[0]);
      assert.deepEqual(kinds, [...kinds].sort((a, b) => (a < b ? 1 : -1)), 'PUT before DELETE');
      assert.ok(store.log.includes('DELETE portal/gruesse/index.html') && store.log.includes('PUT portal/neues/index.html'), store.log.join('\n'));
      assert.ok(!store.log.includes('PUT portal/favicon.svg'), 'unchanged');
    });

    test('it breaks off: nothing is deleted, no page leads to what is not there', async () => {
      await writeFile(join(source, 'content/weiteres.md'), '---\ntitle: Weiteres\n---\n\nDort.\n');
      await rm(join(source, 'content/neues.md'));
      await build(program, source, out, '--compress');
      const manifest = object('search/manifest.bin').body;
      store.log.length = 0;
      store.refuse = (key) => key.endsWith('weiteres/index.html');
      assert.notEqual((await publish()).code, 0);
      assert.ok(!store.log.some((line) => line.startsWith('DELETE')), store.log.join('\n'));
      assert.ok(object('neues/index.html') && object('search/manifest.bin').body.equals(manifest));
      store.refuse = () => false;
      assert.equal((await publish()).code, 0);
      assert.deepEqual(keys(), await wanted());
    });

    test('what is not the portal’s is left alone', async () => {
      const theirs = { body: Buffer.from('x'), etag: '"9dd4e461268c8034f5c8564e155c67a6"', headers: {} };
      store.objects.set('anderes/brief.txt', theirs);
      store.log.length = 0;
      const { code, out: said } = await result(join(BETRIEB, 's3.sh'), [out, 'speicher:eimer/anderes'], { env });
      assert.equal(code, 1);
      assert.match(said, /liegt schon etwas, das nicht vom Portal ist/);
      assert.deepEqual([store.log, store.objects.get('anderes/brief.txt')], [[], theirs]);
      store.objects.delete('anderes/brief.txt');
    });

    test('compressed, where nothing else compresses', async () => {
      const { code, out: said } = await publish({ KOMPRIMIERT: '1', NEU: '1' });
      assert.equal(code, 0, said);
      assert.deepEqual(keys(), await wanted());
      for (const key of keys()) {
        const packed = object(key).headers['content-encoding'] === 'gzip';
        assert.ok((packed ? gunzipSync(object(key).body) : object(key).body).equals(await readFile(join(out, key))), key);
        assert.ok(packed || !/\.(html|css|js)$/.test(key) || object(key).body.length < 500, key);
        assert.ok(!packed || /\.(html|css|js|svg)$/.test(key), `${key}: not everyone who reads it can unpack it`);
      }
    });
  });
});

