// A registration closes on the day after its last one, also on a page that was
// made before.

export function init(): void {
  const now = new Date();
  const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
  for (const p of document.querySelectorAll<HTMLElement>(".registration[data-until]")) {
    if ((p.dataset.until ?? "").slice(0, 10) >= today) continue;
    p.querySelector<HTMLElement>("[data-open]")!.hidden = true;
    p.querySelector<HTMLElement>("[data-closed]")!.hidden = false;
  }
}
