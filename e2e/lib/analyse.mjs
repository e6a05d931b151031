// Reads pages as they are written, before any script: parsed by the browser's
// own parser, without loading anything.

import { openPage } from './browser.mjs';

/** Adds to each page of a site what can be read off its markup. */
export async function analyse(browser, site) {
  const page = await openPage(browser, 'null');
  for (let i = 0; i < site.pages.length; i += 40) {
    const some = site.pages.slice(i, i + 40);
    const read = await page.evaluate((texts) => texts.map((html) => {
      const d = new DOMParser().parseFromString(html, 'text/html');
      const all = (selector) => [...d.querySelectorAll(selector)];
      const links = [];
      for (const name of ['href', 'src', 'action', 'poster', 'data']) {
        for (const e of all(`[${name}]`)) links.push({ tag: e.localName, rel: e.getAttribute('rel') ?? '', url: e.getAttribute(name) });
      }
      for (const e of all('[srcset]')) {
        for (const c of e.getAttribute('srcset').split(',')) links.push({ tag: 'srcset', rel: '', url: c.trim().split(/\s+/)[0] });
      }
      const robots = d.querySelector('meta[name=robots]')?.content ?? '';
      return {
        title: d.title,
        ids: all('[id]').map((e) => e.id),
        links,
        noindex: /noindex/.test(robots),
        canonical: d.querySelector('link[rel=canonical]')?.getAttribute('href') ?? '',
        alternates: all('link[rel=alternate][hreflang]').map((e) => ({ lang: e.getAttribute('hreflang'), url: e.getAttribute('href') })),
        jsonld: all('script[type="application/ld+json"]').map((e) => e.textContent),
        refresh: d.querySelector('meta[http-equiv=refresh i]')?.content ?? '',
        inline: all('[style], style, script:not([src]):not([type="application/ld+json"])').map((e) => e.outerHTML.slice(0, 100))
          .concat(all('*').filter((e) => [...e.attributes].some((a) => /^on/.test(a.name))).map((e) => e.outerHTML.slice(0, 100))),
      };
    }), some.map((p) => p.html));
    some.forEach((p, k) => Object.assign(p, read[k]));
  }
  await page.context().close();
  site.byPath = new Map(site.pages.map((p) => [p.path, p]));
}
