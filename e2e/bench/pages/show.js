// What both pages do with hits: one <li> each with the title as a link, the
// section below it, and the excerpt. hit = { url, title, excerpt, section: { url, title } | null }

const list = document.getElementById('hits');

export function show(hits) {
  list.replaceChildren(...hits.map(item));
}

function item(hit) {
  const li = document.createElement('li');
  li.append(link(hit));
  if (hit.section) li.append(link(hit.section));
  const p = document.createElement('p');
  p.innerHTML = hit.excerpt; // both engines escape it
  li.append(p);
  return li;
}

function link({ url, title }) {
  const a = document.createElement('a');
  a.href = url;
  a.textContent = title;
  return a;
}

/** What is on the page now. */
export function standing() {
  const items = [...list.children];
  return {
    hits: items.length,
    sections: items.filter((li) => li.querySelectorAll('a').length > 1).length,
    excerpts: items.filter((li) => li.querySelector('p').textContent.trim() !== '').length,
    titles: items.map((li) => li.querySelector('a').textContent),
  };
}
