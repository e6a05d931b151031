// A page may be read long after it was made: what it says of states and next
// days is told anew for the reader's day.

import { restate } from "../../views/state";

export function init(): void {
  restate(document);
}
