// Reads and writes the files behind the forms: front matter in YAML and a text.
//
// Sveltia holds values, and would write all of a file anew from them: comments,
// quotation marks and the form of lists would be lost, and every saved file
// would look changed from top to bottom. So each file is kept beside its values
// (SOURCE), and writing replaces in it the keys whose values are others now.
// What the forms have no field for is never touched.
//
// A field's kind says how its value looks in a form: a link is one line, “1.0”
// is a text and not a number, „ja“ is true.

const SOURCE = 'portal_source';
const BODY = 'body';

/** Reading and writing for a collection; fields as in config.json. */
export function codec(yaml, fields) {
  const read = (text) => ({ ...parse(yaml, fields, text).values, [BODY]: split(text).body.trim(), [SOURCE]: text });
  return { fromFile: read, toFile: (content) => write(yaml, fields, content) };
}

/** A file in its parts; head is undefined where there is no front matter. */
export function split(text) {
  const m = /^---[ \t]*\n(?:([\s\S]*?)\n)?---[ \t]*(?:\n([\s\S]*))?$/.exec(text);
  return m ? { head: m[1] ?? '', body: m[2] ?? '' } : { body: text };
}

function parse(yaml, fields, text) {
  const { head = '' } = split(text);
  const doc = yaml.parseDocument(head, { merge: true });
  if (doc.errors.length) throw new Error(`Die Angaben am Anfang der Datei sind kein gültiges YAML: ${doc.errors[0].message}`);
  const read = new Reader(yaml, doc);
  return { head, doc, values: { ...implied(fields), ...(doc.contents ? read.record(doc.contents, fields) : {}) } };
}

/** What a file means by not saying it. */
const implied = (fields) => Object.fromEntries(fields.filter((f) => f.implied).map((f) => [f.name, f.implied]));

/** Turns nodes of YAML into the values that the forms show. */
class Reader {
  constructor(yaml, doc) {
    this.yaml = yaml;
    this.doc = doc;
  }

  record(node, fields) {
    const out = {};
    for (const f of fields) {
      const value = this.value(this.child(node, f.name), f);
      if (!empty(value)) out[f.name] = value;
    }
    return out;
  }

  /** What a key has, found through aliases and merged mappings. */
  child(node, name) {
    const map = this.follow(node);
    if (!this.yaml.isMap(map)) return undefined;
    return this.follow(map.get(name, true) ?? this.merged(map, name));
  }

  merged(map, name) {
    for (const pair of map.items) {
      if (pair.key?.value !== '<<') continue;
      const from = this.follow(pair.value);
      for (const source of this.yaml.isSeq(from) ? from.items : [from]) {
        const found = this.child(source, name);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  follow(node) {
    return this.yaml.isAlias(node) ? node.resolve(this.doc) : node;
  }

  value(node, f) {
    if (node === undefined || node === null) return undefined;
    if (!f.multiple) return this.one(node, f);
    const items = this.yaml.isSeq(node) ? node.items : [node];
    return items.map((n) => this.one(this.follow(n), f)).filter((v) => !empty(v));
  }

  one(node, f) {
    const { isMap, isScalar } = this.yaml;
    const text = isScalar(node) && node.value !== null ? String(node.source ?? node.value).trim() : undefined;
    const part = (name) => this.part(node, name);
    switch (f.kind) {
      case 'record':
      case 'list':
        return isMap(node) ? this.record(node, f.fields) : undefined;
      case 'number':
      case 'level':
        return number(text);
      case 'bool':
        return truth(text);
      case 'range':
        return isMap(node) ? { min: number(part('min')), max: number(part('max')) } : { min: number(text), max: number(text) };
      case 'link':
        return isMap(node) ? [part('url'), part('text')].filter(Boolean).join(' ') : text;
      case 'image':
        return isMap(node) ? { src: part('src'), alt: part('alt'), caption: part('caption'), credit: part('credit') } : { src: text };
      case 'file':
        return isMap(node) ? { src: part('src'), title: part('title') } : { src: text };
      default:
        return text;
    }
  }

  part(node, name) {
    const child = this.child(node, name);
    return this.yaml.isScalar(child) && child.value !== null ? String(child.source ?? child.value).trim() : undefined;
  }
}

const number = (text) => (text === undefined || text === '' || Number.isNaN(Number(text)) ? text : Number(text));

const truth = (text) => ({ true: true, ja: true, yes: true, false: false, nein: false, no: false })[text?.toLowerCase()] ?? text;

function empty(v) {
  if (v === undefined || v === null) return true;
  if (typeof v === 'string') return v.trim() === '';
  return typeof v === 'object' && Object.values(v).every(empty);
}

/** Whether two values say the same; what is empty is not there. */
function same(a, b) {
  if (empty(a) || empty(b)) return empty(a) && empty(b);
  if (typeof a !== 'object' || typeof b !== 'object') return String(a).trim() === String(b).trim();
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((k) => same(a[k], b[k]));
}

function write(yaml, fields, content) {
  const source = content[SOURCE] ?? '';
  const old = parse(yaml, fields, source);
  const values = implied(fields);
  for (const f of fields) if (!empty(content[f.name])) values[f.name] = content[f.name];
  const head = [edited, remade].map((way) => way(yaml, fields, old, values)).find((text) => {
    try {
      const now = parse(yaml, fields, `---\n${text}\n---\n`).values;
      return fields.every((f) => same(now[f.name], values[f.name]));
    } catch {
      return false;
    }
  });
  if (head === undefined) throw new Error('Die Datei ließ sich nicht schreiben; bearbeiten Sie sie mit einem Texteditor.');
  const { head: before, body } = split(source);
  const text = String(content[BODY] ?? '').trim();
  const kept = source && body.trim() === text ? body : text && `\n${text}\n`;
  if (head === '' && before === undefined) return kept;
  return `---\n${head}${head && '\n'}---\n${kept}`;
}

/** The front matter with those keys replaced that have other values. */
function edited(yaml, fields, old, values) {
  const { contents } = old.doc;
  const pairs = yaml.isMap(contents) && !contents.flow ? contents.items : [];
  let head = old.head && `${old.head}\n`;
  const cuts = [];
  const make = (f, node, was = '') => {
    const doc = new yaml.Document({});
    const made = new Writer(yaml, doc).node(values[f.name], f, node);
    // A comment behind the value stands outside of what is replaced.
    if (made.comment && !was.includes(made.comment)) made.comment = undefined;
    doc.set(f.name, made);
    return doc.toString(STYLE).trimEnd();
  };
  fields.forEach((f, i) => {
    if (same(old.values[f.name], values[f.name])) return;
    const pair = pairs.find((p) => p.key?.value === f.name);
    if (pair) {
      const at = extent(head, pair);
      cuts.push(empty(values[f.name]) ? { ...lines(head, at), text: '' } : { ...at, text: make(f, pair.value, head.slice(at.from, at.to)) });
    } else {
      const before = pairs.findLast((p) => fields.slice(0, i).some((g) => g.name === p.key?.value));
      const to = before ? lines(head, extent(head, before)).to : head.length;
      cuts.push({ from: to, to, text: `${make(f)}\n`, order: i });
    }
  });
  cuts.sort((a, b) => b.from - a.from || (b.order ?? -1) - (a.order ?? -1));
  for (const c of cuts) head = head.slice(0, c.from) + c.text + head.slice(c.to);
  return head.replace(/\n$/, '');
}

const STYLE = { lineWidth: 0, flowCollectionPadding: false };

/** Where a key and its value stand, without what follows. */
function extent(head, pair) {
  const from = pair.key.range[0];
  const end = pair.value?.range?.[1] ?? pair.key.range[1];
  return { from, to: from + head.slice(from, end).trimEnd().length };
}

/** The same with the end of its last line. */
function lines(head, { from, to }) {
  const end = head.indexOf('\n', to);
  return { from, to: end < 0 ? head.length : end + 1 };
}

/** The front matter written anew; what there are no fields for stays. */
function remade(yaml, fields, old, values) {
  const all = {};
  const doc = new yaml.Document({});
  const writer = new Writer(yaml, doc);
  for (const f of fields) if (!empty(values[f.name])) all[f.name] = writer.plain(values[f.name], f);
  for (const [key, value] of Object.entries(old.doc.toJS() ?? {})) {
    if (!fields.some((f) => f.name === key)) all[key] = value;
  }
  return Object.keys(all).length ? new yaml.Document(all).toString(STYLE).trimEnd() : '';
}

/** Turns values of the forms into YAML, in the form in which it was written. */
class Writer {
  constructor(yaml, doc) {
    this.yaml = yaml;
    this.doc = doc;
  }

  node(value, f, old) {
    return this.like(this.plain(value, f, old), old);
  }

  plain(value, f, old) {
    if (!f.multiple) return this.one(value, f, old);
    const items = this.yaml.isSeq(old) ? old.items : [];
    const list = (Array.isArray(value) ? value : Object.values(value)).filter((v) => !empty(v)).map((v, i) => this.one(v, f, items[i]));
    return list.length === 1 && this.yaml.isScalar(old) && typeof list[0] !== 'object' ? list[0] : list;
  }

  one(value, f, old) {
    const scalar = this.yaml.isScalar(old);
    switch (f.kind) {
      case 'record':
      case 'list':
        return this.record(value, f.fields, old);
      case 'text':
        return String(value).trim().replace(/[ \t\n]+/g, ' '); // no-break spaces stay
      case 'markdown':
        return String(value).trim();
      case 'number':
      case 'level':
        return number(value);
      case 'bool':
        return truth(String(value));
      case 'money':
        return number(String(value).trim());
      case 'range': {
        const [min, max] = [number(value.min ?? undefined), number(value.max ?? undefined)];
        return scalar && min === max ? min : parts({ min, max });
      }
      case 'link': {
        const [, url, text] = /^(\S+)\s*(.*)$/.exec(String(value).trim());
        return text || this.yaml.isMap(old) ? parts({ url, text }) : url;
      }
      case 'image':
      case 'file': {
        const all = parts(value);
        return scalar && Object.keys(all).length === 1 ? all.src : all;
      }
      default:
        return typeof value === 'string' ? value.trim() : value;
    }
  }

  record(value, fields, old) {
    const out = {};
    for (const f of fields) {
      if (empty(value[f.name])) continue;
      out[f.name] = this.plain(value[f.name], f, this.yaml.isMap(old) ? old.get(f.name, true) : undefined);
    }
    return out;
  }

  /** A node for a value, with the marks, lists and comments of an old one. */
  like(value, old) {
    const { isMap, isScalar, isSeq } = this.yaml;
    if (isScalar(old) && (typeof value !== 'object')) {
      if (String(old.source ?? old.value) === String(value)) return old;
      const node = this.doc.createNode(value);
      if (typeof value === 'string' && old.type?.startsWith('QUOTE') && !value.includes('\n')) node.type = old.type;
      node.comment = old.comment;
      return node;
    }
    if (isMap(old) && !Array.isArray(value) && typeof value === 'object') {
      const node = this.doc.createNode({});
      const keys = old.items.map((p) => p.key?.value).filter((k) => k in value);
      for (const k of [...keys, ...Object.keys(value).filter((x) => !keys.includes(x))]) {
        node.set(k, this.like(value[k], old.get(k, true)));
      }
      return Object.assign(node, { flow: old.flow, comment: old.comment, commentBefore: old.commentBefore });
    }
    if (isSeq(old) && Array.isArray(value)) {
      const node = this.doc.createNode([]);
      const rest = [...old.items];
      const found = value.map((v) => {
        const i = rest.findIndex((n) => n && same(this.js(n), v));
        return i < 0 ? undefined : rest.splice(i, 1, undefined)[0];
      });
      value.forEach((v, i) => node.add(found[i] ?? this.like(v, rest[i] ?? this.sample(old.items[0]))));
      return Object.assign(node, { flow: old.flow, comment: old.comment, commentBefore: old.commentBefore });
    }
    return this.doc.createNode(value);
  }

  js(node) {
    try {
      return node.toJS(this.doc);
    } catch {
      return undefined;
    }
  }

  /** What a further item looks like: as the first, without its words. */
  sample(node) {
    if (!this.yaml.isMap(node)) return this.yaml.isScalar(node) ? Object.assign(this.doc.createNode(null), { type: node.type }) : undefined;
    return Object.assign(this.doc.createNode({}), { flow: node.flow });
  }
}

const parts = (value) => Object.fromEntries(Object.entries(value).filter(([, v]) => !empty(v)).map(([k, v]) => [k, typeof v === 'string' ? v.trim() : v]));
