// Answers the questions of client_test.go: one JSON array a line on standard
// input, one JSON string a line on standard output.
import { readFileSync } from "node:fs";
import { anchor, bare, derivations, distance, fold, members, root, scanner, stem, strip, umlaut } from "../analyze";

const scan = scanner(new Set(process.argv.slice(2)));

const word = (w) => {
  const form = fold(w);
  return [form, strip(form), bare(form), stem(form), root(stem(form))].join("\t");
};

const token = (t) =>
  `${t.pos} ${t.start}-${t.end} ${t.form}` +
  (t.also && " +" + t.also) + (t.arabic && " =" + t.arabic) + (t.caps ? " caps" : "") + (t.stop ? " stop" : "");

const answers = {
  word,
  anchor: (heading) => anchor(heading) ?? "",
  text: (text) => scan(text).map(token).join("\n"),
  // As text, but only how many tokens there are, and the last.
  repeat: (text, n) => {
    const tokens = scan(text.repeat(n));
    return tokens.length + " " + (tokens.length ? token(tokens[tokens.length - 1]) : "");
  },
  long: (text, n) => word(text.repeat(n)),
  distance: (a, b, limit) => `${distance(a, b, limit)}`,
  keys: (form) =>
    `${umlaut(form)} ${derivations(stem(form))}; ${members(form).map(([f, cost]) => f + ":" + cost)}`,
};

const lines = readFileSync(0, "utf8").split("\n").filter(Boolean);
process.stdout.write(lines.map((line) => {
  const [what, ...args] = JSON.parse(line);
  return JSON.stringify(answers[what](...args)) + "\n";
}).join(""));
