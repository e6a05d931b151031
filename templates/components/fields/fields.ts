// Dates that lie ahead say how far: „in 12 Tagen“. The day itself is always
// written out by the template; this only adds to it.

const DAY = 86_400_000;
const HORIZON = 120; // days; further ahead the date says enough

function days(iso: string): number {
  const day = (d: Date) => Date.UTC(d.getFullYear(), d.getMonth(), d.getDate());
  const date = iso.length === 10 ? new Date(iso + "T00:00") : new Date(iso);
  return Math.round((day(date) - day(new Date())) / DAY);
}

export function init(): void {
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  for (const time of document.querySelectorAll<HTMLTimeElement>("time[data-relative]")) {
    const mark = time.nextElementSibling;
    const n = days(time.dateTime);
    if (!mark?.matches(".relative.is-empty") || !(n >= 0 && n <= HORIZON)) continue;
    mark.textContent = words.format(n, "day");
    mark.classList.remove("is-empty");
  }
}
