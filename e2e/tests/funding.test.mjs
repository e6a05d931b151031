// The finder says for each programme whether it fits and why not; states and
// next deadlines are told for the day on which a page is read.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { audit } from '../lib/audit.mjs';
import { none, open, portal } from '../lib/world.mjs';

const FINDER = '/werkzeuge/foerderfinder/';
const DATES = '/werkzeuge/foerderfristen/';
const KMU = '/foerderung/kmu-innovativ-medizintechnik/';
const programmes = portal.pages.filter((p) => p.lang === 'de' && /page-entry type-funding/.test(p.kind));

/** Opens a page at an instant, for a reader in a zone. */
async function at(instant, path, options = {}) {
  const page = await open(portal, options);
  if (instant) await page.clock.setFixedTime(new Date(instant));
  await page.goto(portal.url(path));
  return page;
}

async function done(page) {
  none(page.faults.map((f) => `${f.at}: ${f.text}`), 'fault on a page');
  await page.context().close();
}

const titles = (page, group) => page.locator(`[data-verdict=${group}] .finder-title`).allTextContents();
const why = (page, title) => page.locator('.finder-group li', { hasText: title }).locator('.finder-why').allTextContents().then((all) => all.map((t) => t.replace(/\s+/g, ' ')));

test('finder: answers by keyboard, with reasons, and the state in the address', async () => {
  const page = await at('2026-11-22T12:00:00Z', FINDER);
  assert.ok(await page.locator('[data-result]').isHidden(), 'no result without an answer');
  await page.getByLabel('Wer sind Sie?').focus();
  await page.keyboard.type('KMU');
  await page.keyboard.press('Tab');
  await page.getByLabel('Wie reif ist die Technik?').selectOption('4');
  assert.equal(new URL(page.url()).search, '?eligible=kmu&trl=4');

  const groups = Object.fromEntries(await Promise.all(['fits', 'maybe', 'out'].map(async (g) => [g, await titles(page, g)])));
  assert.equal(groups.fits.length + groups.maybe.length + groups.out.length, programmes.length, 'each programme stands in one group');
  assert.deepEqual(groups.out, ['EIC Accelerator', 'Krankenhaustransformationsfonds (KHTF)', 'Krankenhauszukunftsfonds (KHZG)', 'Pauschalförderung der Krankenhäuser in Nordrhein-Westfalen']);
  assert.deepEqual(await why(page, 'EIC Accelerator'), ['Ab TRL 6; angegeben ist TRL 4.']);
  assert.deepEqual(await why(page, 'KHZG'), ['Die Bewerbungsfrist ist am 31. Dezember 2021 abgelaufen.', 'Richtet sich an Länder und Kliniken, nicht an KMU.']);
  assert.deepEqual(await why(page, 'Zentrales Innovationsprogramm'), ['Nicht bekannt: TRL.'], 'what is not known does not exclude');
  assert.ok(groups.maybe.includes('Anwendungen in der zivilen Sicherheit'), 'where any company may apply, a small one may');
  assert.equal(await page.locator('[data-sum]').textContent(), `Passt: ${groups.fits.length}. Passt vielleicht: ${groups.maybe.length}. Passt nicht: ${groups.out.length}.`);
  none(await audit(page), 'accessibility violation with a result');

  await page.getByLabel('Wie reif ist die Technik?').selectOption('6');
  assert.ok(!(await titles(page, 'out')).includes('EIC Accelerator'));
  await page.getByLabel('Wie reif ist die Technik?').selectOption('9');
  assert.deepEqual(await why(page, 'EIC Accelerator'), ['Bis TRL 8; angegeben ist TRL 9.']);

  await page.getByRole('button', { name: 'Angaben löschen' }).click();
  assert.equal(new URL(page.url()).search, '');
  assert.ok(await page.locator('[data-result]').isHidden());
  assert.equal(await page.evaluate(() => document.activeElement.name), 'eligible', 'the focus is not lost');
  await done(page);
});

test('finder: an address brings its answers back; what it does not know is left out', async () => {
  const page = await at('2026-11-22T12:00:00Z', FINDER + '?eligible=klinik&topics=cybersicherheit&trl=99&area=mond');
  assert.equal(await page.getByLabel('Wer sind Sie?').inputValue(), 'klinik');
  assert.equal(await page.getByLabel('Wie reif ist die Technik?').inputValue(), '');
  assert.deepEqual(await why(page, 'EIC Accelerator'), ['Richtet sich an KMU, nicht an Kliniken.']);
  assert.deepEqual(await why(page, 'EU4Health'), ['Nicht bekannt: Frist.', 'Nicht ausdrücklich genannt: Cybersicherheit.'], 'a topic excludes nothing');
  await done(page);
});

test('finder: Land and role exclude with a reason; who says nothing of them is open to all', async () => {
  const page = await at('2026-11-22T12:00:00Z', FINDER + '?role=einzeln&land=by');
  assert.equal(await page.getByLabel('In welcher Rolle?').inputValue(), 'einzeln');
  assert.deepEqual(await why(page, 'Bayerisches Verbundforschungsprogramm'), ['Als Einzelantragsteller nicht vorgesehen.']);
  assert.deepEqual(await why(page, 'Pro FIT Berlin'), ['Nur für Antragsteller im Land Berlin; angegeben ist Bayern.']);
  assert.deepEqual(await why(page, 'Forschungszulage'), ['Keine Einschränkung genannt: Land.']);
  assert.ok((await titles(page, 'fits')).includes('Forschungszulage'), 'open to all is no doubt');
  assert.deepEqual(await why(page, 'KMU-innovativ'), ['Nicht ausdrücklich genannt: Einzelantragsteller.', 'Keine Einschränkung genannt: Land.']);

  await page.getByLabel('In welchem Land?').selectOption('be');
  await page.getByLabel('In welcher Rolle?').selectOption('partner');
  assert.equal(new URL(page.url()).search, '?role=partner&land=be');
  assert.ok((await titles(page, 'out')).includes('Bayerisches Verbundforschungsprogramm: Medizintechnik'));
  assert.deepEqual(await why(page, 'Pro FIT Berlin'), ['Nicht bekannt: Frist.']);
  assert.deepEqual(await why(page, 'EIC Accelerator'), ['Als Verbundpartner nicht vorgesehen.']);
  assert.equal(await page.getByLabel('In welchem Land?').locator('option').count(), 17, 'all sixteen can be answered');
  await done(page);

  const english = await at('2026-11-22T12:00:00Z', '/en' + FINDER + '?role=partner&land=by');
  assert.deepEqual(await why(english, 'Pro FIT Berlin'), ['Only for applicants in Berlin; you said Bavaria.']);
  await done(english);
});

test('without a script: no questions, but all programmes with what they say', async () => {
  const page = await at(null, FINDER, { javaScriptEnabled: false });
  assert.ok(await page.locator('[data-finder]').isHidden());
  assert.ok(await page.locator('[data-result]').isHidden());
  assert.match(await page.locator('main').innerText(), /Die Fragen erscheinen nur mit JavaScript/);
  assert.equal(await page.locator('.finder-all tbody tr').count(), programmes.length);
  assert.match(await page.locator('.finder-all tr', { hasText: 'EIC Accelerator' }).textContent(), /KMU.*Einzelantragsteller; nicht: Verbundleitung.*ab 6 bis 8.*Europäische Union.*keine Einschränkung genannt/s);
  await page.goto(portal.url(DATES));
  assert.ok(await page.locator('[data-filters]').isHidden());
  assert.equal(await page.locator('[data-keys]').evaluateAll((all) => new Set(all.map((e) => e.dataset.id)).size), programmes.length);
  assert.match(await page.locator('.tl-table').textContent(), /15\.\s+April\s+2027/);
  await done(page);
});

test('the state is that of the reader’s instant on the site’s clock', async () => {
  const zone = { timezoneId: 'America/New_York' };
  const say = async (instant, path, root = '.glance') => {
    const page = await at(instant, path, zone);
    const text = (await page.locator(`${root} .schedule`).first().textContent()).replace(/\s+/g, ' ').trim();
    await done(page);
    return text;
  };
  for (const [instant, want] of [
    ['2027-04-03T12:00:00+02:00', 'offen Frist in 12 Tagen, am 15. April 2027'],
    ['2027-04-15T23:59:59+02:00', 'offen Frist heute, am 15. April 2027'],
    ['2027-04-16T00:00:00+02:00', 'offen Frist am 15. Oktober 2027'], // in New York it is still the 15th
    ['2027-10-14T12:00:00+02:00', 'offen Frist morgen, am 15. Oktober 2027'],
    ['2027-10-16T00:00:00+02:00', 'offen Frist am 15. April 2028'],
  ]) assert.equal(await say(instant, KMU), want, instant);
  assert.match(await say('2029-09-16T00:00:00+02:00', '/foerderung/', '.card-funding:has(a[href$="/anwendungen-zivile-sicherheit/"])'), /^geschlossen Anträge waren bis 15\. September 2029 möglich$/);
});

test('a programme that closes after the build says so, and stays', async () => {
  const path = '/foerderung/anwendungen-zivile-sicherheit/';
  const before = await at('2029-09-15T23:59:00+02:00', path);
  assert.ok(await before.locator('.schedule-notice').isHidden());
  await done(before);
  const after = await at('2029-09-16T00:00:00+02:00', path);
  assert.match(await after.locator('.schedule-notice').textContent(), /Anträge waren bis 15\.\s+September 2029 möglich\. Die Seite bleibt zum Nachschlagen/);
  assert.ok(await after.locator('.schedule-notice').isVisible());
  await done(after);
});

test('timeline: filtered by states as they are when it is read; the line of today moves', async () => {
  const shown = (page) => page.locator('.tl-row:not([hidden]) .tl-label a').allTextContents();
  const now = await at('2026-11-22T12:00:00Z', DATES + '?state=geschlossen');
  assert.deepEqual(await shown(now), ['Krankenhauszukunftsfonds (KHZG)']);
  const line = (page) => page.locator('.tl-grid [data-today]').getAttribute('x1').then(parseFloat);
  const x = await line(now);
  assert.ok(x > 30 && x < 40, `today at ${x} %`);
  await now.locator('[data-filter=state] summary').click();
  await now.locator('[data-filter=state] label', { hasText: 'laufend' }).click();
  assert.equal(new URL(now.url()).searchParams.get('state'), 'laufend,geschlossen');
  assert.ok((await shown(now)).includes('Zentrales Innovationsprogramm Mittelstand (ZIM)'));
  assert.ok(await now.locator('[data-filter=state] label', { hasText: 'geplant' }).isHidden(), 'a state that nothing has is no choice');
  await done(now);

  const later = await at('2029-10-01T12:00:00Z', DATES + '?state=geschlossen');
  assert.deepEqual((await shown(later)).sort(), ['Anwendungen in der zivilen Sicherheit', 'Krankenhauszukunftsfonds (KHZG)']);
  assert.equal(await later.locator('.tl-table tbody:not([hidden])').count(), 2, 'the table follows');
  assert.equal(await later.locator('.tl-grid [data-today]').getAttribute('display'), 'none', 'beyond the chart there is no today');
  await done(later);
});

test('timeline: nothing is cut off on a phone', async () => {
  for (const path of [DATES, '/werkzeuge/pilotverlauf/', FINDER + '?eligible=kmu']) {
    const page = await at('2026-11-22T12:00:00Z', path, { viewport: { width: 360, height: 740 } });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} scrolls sideways`);
    await done(page);
  }
});
