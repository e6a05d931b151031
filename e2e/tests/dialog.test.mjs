// Dates: iCalendar files as a calendar program reads them, the calendar of all
// dates, and what became of what was agreed.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import ICAL from 'ical.js';

import { ALL, COLOURS, audit } from '../lib/audit.mjs';
import { openPage } from '../lib/browser.mjs';
import { serve } from '../lib/server.mjs';
import { build, fileOf, readSite } from '../lib/site.mjs';
import { browser, none, portal, program, unter } from '../lib/world.mjs';

const head = (title, more) => `---\ntitle: "${title}"\nsummary: Ein Satz.\npublished: 2026-11-01\n${more}\n---\n\nText.\n`;
const event = (title, start, end, more = '') => head(title, `start: ${start}\nend: ${end}${more && '\n' + more}`);

// Dates at both changes of time, in other zones, over and to come.
const FILES = {
  'portal.yaml': 'title: Probe\nbase_url: https://probe.example\nlanguages: [de]\ntimezone: Europe/Berlin\n',
  'content/organisationen/haus.md': head('Haus', 'kind: verband'),
  'content/organisationen/hof.md': head('Hof', 'kind: verband'),
  'content/bedarfe/licht.md': head('Licht', 'scenario: [manv]\ncapability: "Licht machen."\nstate: gedeckt\nsatisfied_by: [lampe]'),
  'content/bedarfe/luft.md': head('Luft', 'scenario: [manv]\ncapability: "Luft holen."\nstate: offen'),
  'content/produkte/lampe.md': head('Lampe', 'category: diagnostik'),
  'content/dialog/vorbei.md': event('Vorbei', '2026-09-01T10:00', '2026-09-01T11:00', `series: plenum
outcomes:
  - {text: "Licht wird gebraucht.", demand: licht, owner: haus, due: 2026-10-01}
  - {text: "Luft wird gebraucht.", demand: luft, owner: hof, due: 2026-12-01}
  - {text: "Ein Protokoll wird verschickt.", owner: hof, due: 2027-06-01, led_to: [lampe]}`),
  'content/dialog/winter.md': event('Winter', '2027-01-20T10:00', '2027-01-20T12:00', 'series: plenum\nmode: digital\nregistration: {url: "https://anmeldung.example/", until: 2027-01-14}'),
  'content/dialog/sommer.md': event('Sommer', '2027-07-20T10:00', '2027-07-20T12:00', 'series: anwenderdialog\nmode: praesenz'),
  'content/dialog/vorwaerts.md': event('Vorwärts', '2027-03-28T01:30', '2027-03-28T03:30'),
  'content/dialog/rueckwaerts.md': event('Rückwärts', '2027-10-31T01:30', '2027-10-31T03:30'),
  'content/dialog/zwei-tage.md': event('Zwei Tage, Semikolon; und ein Titel so lang, dass die Zeile nach Größe gefaltet werden muss', '2027-10-30T10:00', '2027-10-31T15:00'),
  'content/dialog/new-york.md': event('New York', '2027-03-20T09:00', '2027-03-20T10:00', 'tz: America/New_York'),
  'content/dialog/casablanca.md': event('Casablanca', '2027-06-20T09:00', '2027-06-20T10:00', 'tz: Africa/Casablanca'),
  'content/foerderung/jedes-jahr.md': head('Jedes Jahr', 'closed_on: 2029-12-31\ndeadlines:\n  - {kind: jaehrlich, date: 2026-04-15, stage: skizze}\n  - {kind: fest, date: 2027-02-01, stage: antrag}'),
};

let dir, probe;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'portal-dialog-'));
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(dir, 'site', name)), { recursive: true });
    await writeFile(join(dir, 'site', name), text);
  }
  probe = await serve();
  probe.dir = join(dir, 'public');
  await build(program, join(dir, 'site'), probe.dir, '--now', '2027-01-10T12:00');
  Object.assign(probe, await readSite(probe.dir));
});
after(async () => {
  await probe.close();
  await rm(dir, { recursive: true, force: true });
});

const text = (site, file) => readFile(join(site.dir, file), 'utf8');
const onProbe = (options) => openPage(browser, probe.origin, options);

/** A calendar as a program has it, with the zones it brings along and no others. */
function parse(source) {
  ICAL.TimezoneService.reset();
  const calendar = new ICAL.Component(ICAL.parse(source));
  for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
  return { calendar, events: calendar.getAllSubcomponents('vevent').map((c) => new ICAL.Event(c)) };
}

describe('iCalendar', () => {
  test('every file parses and holds what RFC 5545 and calendar programs ask for', async () => {
    const found = [];
    let files = 0;
    for (const [site, base] of [[portal, 'https://ag-vzkm.example/'], [unter, unter.url()], [probe, 'https://probe.example/']]) {
      for (const file of site.files.filter((f) => f.endsWith('.ics'))) {
        files++;
        const bad = (what) => found.push(`/${file}: ${what}`);
        const source = await text(site, file);
        if (/[^\r]\n|\r[^\n]/.test(source) || !source.endsWith('END:VCALENDAR\r\n')) bad('line ends');
        for (const line of source.split('\r\n')) {
          if (Buffer.byteLength(line) > 75) bad(`line of ${Buffer.byteLength(line)} octets`);
          if (line.includes('\ufffd')) bad('a character cut in two');
        }
        const { calendar, events } = parse(source);
        if (!events.length) bad('no event');
        if (calendar.getFirstPropertyValue('version') !== '2.0' || !calendar.getFirstPropertyValue('prodid')) bad('version or prodid');
        if (/kalender/.test(file)) {
          for (const name of ['x-wr-calname', 'name', 'refresh-interval', 'x-published-ttl']) if (!calendar.getFirstPropertyValue(name)) bad(`no ${name}`);
          if (calendar.getFirstPropertyValue('source') !== base + file) bad(`source ${calendar.getFirstPropertyValue('source')}`);
        }
        const zones = new Set(calendar.getAllSubcomponents('vtimezone').map((z) => z.getFirstPropertyValue('tzid')));
        const ids = new Set();
        for (const { component: e, uid } of events) {
          if (!/^[a-z0-9-]+(\.[0-9]+)?@[a-z0-9.-]+$/.test(uid ?? '') || ids.has(uid)) bad(`uid ${uid}`);
          ids.add(uid);
          for (const name of ['dtstamp', 'dtstart', 'summary', 'sequence', 'status', 'url']) if (e.getFirstPropertyValue(name) === null) bad(`${uid}: no ${name}`);
          const url = e.getFirstPropertyValue('url');
          if (!url.startsWith(base) || !site.has.has(fileOf('/' + url.slice(base.length)))) bad(`${uid}: leads to ${url}`);
          const tzid = e.getFirstProperty('dtstart').getParameter('tzid');
          if (tzid && !zones.has(tzid)) bad(`${uid}: no rules of ${tzid}`);
        }
      }
    }
    assert.ok(files > 60, `only ${files} calendars`);
    none(found, 'fault of a calendar');
  });

  test('an event is at the same instant in the calendar and on its page', async () => {
    const { calendar, events } = parse(await text(probe, 'dialog/kalender.ics'));
    const instants = Object.fromEntries(events.map((e) => [e.uid.split('@')[0], [e.startDate, e.endDate].map((d) => d.toJSDate().toISOString().slice(0, 16)).join(' ')]));
    assert.deepEqual(instants, {
      vorbei: '2026-09-01T08:00 2026-09-01T09:00',
      winter: '2027-01-20T09:00 2027-01-20T11:00',
      sommer: '2027-07-20T08:00 2027-07-20T10:00',
      vorwaerts: '2027-03-28T00:30 2027-03-28T01:30', // an hour long
      rueckwaerts: '2027-10-30T23:30 2027-10-31T02:30', // three
      'zwei-tage': '2027-10-30T08:00 2027-10-31T14:00',
      'new-york': '2027-03-20T13:00 2027-03-20T14:00', // where summer has begun
      casablanca: '2027-06-20T08:00 2027-06-20T09:00',
    });
    assert.deepEqual(calendar.getAllSubcomponents('vtimezone').map((z) => z.getFirstPropertyValue('tzid')), ['America/New_York', 'Europe/Berlin']);
    for (const [id, instant] of Object.entries(instants)) {
      const html = await text(probe, `dialog/${id}/index.html`);
      const when = /class="glance-fact is-when".*?<time datetime="([^"]+)"/s.exec(html)[1];
      assert.equal(new Date(when.replace('&#43;', '+')).toISOString().slice(0, 16), instant.split(' ')[0], id);
    }
    assert.match(events.find((e) => e.uid.startsWith('zwei-tage')).summary, /^Zwei Tage, Semikolon; und .* nach Größe gefaltet werden muss$/);
  });

  test('a yearly deadline comes back until its programme closes', async () => {
    const { events } = parse(await text(probe, 'foerderung/kalender.ics'));
    const yearly = events.find((e) => e.uid === 'jedes-jahr.1@probe.example');
    assert.ok(yearly.startDate.isDate);
    const days = [];
    for (const it = yearly.iterator(); days.length < 10;) {
      const next = it.next();
      if (!next) break;
      days.push(next.toString());
    }
    assert.deepEqual(days, ['2026-04-15', '2027-04-15', '2028-04-15', '2029-04-15']);
  });

  test('the program serves calendars as text/calendar', async () => {
    const server = spawn(program, ['serve', '--dir', probe.dir, '--addr', '127.0.0.1:0']);
    try {
      const [line] = await once(server.stdout, 'data');
      const answer = await fetch(/http:\/\/[^ ]+/.exec(String(line))[0] + 'dialog/kalender.ics');
      assert.equal(answer.headers.get('content-type'), 'text/calendar; charset=utf-8');
    } finally {
      server.kill();
    }
  });

  test('pages offer the calendars, to be subscribed to and as a file', async () => {
    const page = await onProbe();
    await page.goto(probe.url('/werkzeuge/dialogkalender/'));
    const box = page.locator('.calendar-side .subscribe');
    assert.equal(await box.getByRole('link', { name: 'Abonnieren: Sitzung der Arbeitsgruppe' }).getAttribute('href'), 'webcal://probe.example/dialog/kalender-plenum.ics');
    const file = await box.getByRole('link', { name: 'Datei (.ics): Dialogformate' }).getAttribute('href');
    assert.match(await (await page.request.get(probe.url(file))).text(), /^BEGIN:VCALENDAR\r\n/);
    await page.goto(probe.url('/dialog/winter/'));
    assert.equal(await page.locator('.event-actions a[type="text/calendar"]').getAttribute('href'), '/dialog/winter/winter.ics');
    await page.goto(probe.url('/dialog/vorbei/'));
    assert.equal(await page.locator('main a[href$="vorbei.ics"]').count(), 0, 'what is over is not offered');
    await page.context().close();
  });
});

describe('calendar of all dates', () => {
  const PATH = '/werkzeuge/dialogkalender/';
  const titles = (page) => page.locator('.calendar-item:visible .card-title').allInnerTexts();

  test('without JavaScript everything is there', async () => {
    const page = await onProbe({ javaScriptEnabled: false });
    await page.goto(probe.url(PATH));
    assert.equal((await titles(page)).length, 7);
    assert.deepEqual(await page.locator('.calendar-month > h2').allInnerTexts(), ['Januar 2027', 'März 2027', 'Juni 2027', 'Juli 2027', 'Oktober 2027'].map((m) => m.replace(' ', '\u00a0')));
    assert.match(await page.locator('#termin-new-york').innerText(), /9:00 bis 10:00\sUhr \(Ortszeit New York\)/);
    assert.equal(await page.locator('.calendar-over li').count(), 1);
    assert.match(await page.locator('.calendar-over li').innerText(), /3 Ergebnisse/);
    assert.match(await page.locator('#termin-winter .registration').innerText(), /^Anmelden\s+bis 14\.\sJanuar\s2027\s*$/);
    assert.ok(!(await page.locator('[data-filters]').isVisible()));
    await page.locator('.month-sheet a').first().click();
    assert.ok(await page.locator('#termin-winter:target').isVisible());
    await page.context().close();
  });

  test('filters are in the address, and the sheets follow', async () => {
    const page = await onProbe({ viewport: { width: 1280, height: 900 } });
    await page.goto(probe.url(PATH));
    await page.locator('[data-filter="series"] summary').click();
    await page.getByRole('checkbox', { name: 'Anwenderdialog' }).check();
    assert.equal(new URL(page.url()).search, '?series=anwenderdialog');
    assert.deepEqual(await titles(page), ['Sommer']);
    assert.equal(await page.locator('.month-sheet a:not(.is-out)').count(), 1);
    await page.goto(probe.url(PATH + '?series=anwenderdialog,plenum'));
    assert.deepEqual(await titles(page), ['Winter', 'Sommer']);
    assert.ok(await page.locator('.calendar-over').isVisible());
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('a registration is closed on the day after, also on an old page', async () => {
    for (const [now, open] of [['2027-01-14T23:30:00', true], ['2027-01-15T00:30:00', false]]) {
      const page = await onProbe({ timezoneId: 'Europe/Berlin' });
      await page.clock.setFixedTime(new Date(now + '+01:00'));
      for (const path of [PATH, '/dialog/winter/']) {
        await page.goto(probe.url(path));
        assert.equal(await page.getByRole('link', { name: 'Anmelden', exact: true }).isVisible(), open, `${path} at ${now}`);
        assert.equal(await page.getByText('Die Anmeldung war bis').first().isVisible(), !open, `${path} at ${now}`);
      }
      await page.context().close();
    }
  });

  test('deadlines have a calendar of their own', async () => {
    const page = await onProbe();
    await page.goto(probe.url('/werkzeuge/fristenkalender/'));
    const items = await page.locator('.calendar-item').allInnerTexts();
    assert.equal(items.length, 2);
    assert.match(items[0], /Montag, 1\.\sFebruar 2027[^]*förmlicher Antrag, feste Frist/);
    assert.match(items[1], /Donnerstag, 15\.\sApril 2027[^]*Projektskizze, jährlich/);
    await page.context().close();
  });
});

describe('what became of it', () => {
  const PATH = '/werkzeuge/was-wurde-daraus/';

  test('outcomes stand under how far they are, with what followed', async () => {
    const page = await onProbe({ javaScriptEnabled: false });
    await page.goto(probe.url(PATH));
    const group = async (state) => (await page.locator(`section:has(> #stand-${state}) .outcome`).allInnerTexts()).map((s) => s.replace(/\s+/g, ' '));
    const [late, open, done] = [await group('late'), await group('open'), await group('done')];
    assert.equal(late.length + open.length + done.length, 3);
    assert.match(late[0], /^Luft wird gebraucht\. Aus Vorbei, 1\. September 2026 überfällig seit 1\. Dezember 2026 Zuständig: Hof Bedarf: Luft offen$/);
    assert.match(open[0], /bis 1\. Juni 2027 Zuständig: Hof Dual-Use-Profil: Lampe$/);
    assert.match(done[0], /erledigt Zuständig: Haus Bedarf: Licht gedeckt Dual-Use-Profil: Lampe$/);
    await page.goto(probe.url('/dialog/vorbei/'));
    assert.equal(await page.locator('#angaben-ergebnisse ~ .outcomes > .outcome').count(), 3, 'they stand on the page of the event, too');
    await page.context().close();
  });

  test('filters count outcomes, and are in the address', async () => {
    const page = await onProbe();
    await page.goto(probe.url(PATH));
    await page.locator('[data-filter="outcomes.owner"] summary').click();
    assert.deepEqual((await page.locator('[data-filter="outcomes.owner"] label').allInnerTexts()).map((s) => s.replace(/\s+/g, ' ')), ['Haus 1', 'Hof 2']);
    await page.getByRole('checkbox', { name: 'Hof' }).check();
    assert.equal(new URL(page.url()).search, '?outcomes.owner=hof');
    assert.equal(await page.locator('.outcome:visible').count(), 2);
    assert.ok(!(await page.locator('#stand-done').isVisible()), 'an empty group goes');
    await page.context().close();
  });
});

test('accessibility and width of the pages of dates', async () => {
  const found = [];
  const page = await onProbe();
  for (const path of ['/werkzeuge/dialogkalender/', '/werkzeuge/was-wurde-daraus/', '/werkzeuge/fristenkalender/', '/dialog/vorbei/', '/dialog/winter/']) {
    await page.goto(probe.url(path));
    for (const width of [1280, 360, 320]) {
      await page.setViewportSize({ width, height: 900 });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (over > 0) found.push(`${path} is ${over} px too wide at ${width}`);
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        for (const text of await audit(page, colorScheme === 'dark' ? COLOURS : ALL)) found.push(`${path} at ${width} ${colorScheme}: ${text}`);
      }
    }
  }
  await page.context().close();
  none(found, 'accessibility violation');
});
