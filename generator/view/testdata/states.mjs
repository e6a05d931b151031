// Reads lines of dates, instant and zone; writes what deadline.ts makes of them.
import { stateAt, wall } from "../../../templates/views/deadline.ts";

let text = "";
for await (const part of process.stdin) text += part;
for (const line of text.trimEnd().split("\n")) {
  const [dates, instant, zone] = line.split("\t");
  const now = wall(new Date(instant), zone);
  const s = stateAt(JSON.parse(dates), now);
  process.stdout.write([now, s.key, s.day, s.time].join("\t") + "\n");
}
