/**
 * Waits until a page is loaded and drawn, and tells what moved meanwhile:
 * [{value, what}]. See web.dev on Cumulative Layout Shift.
 */
export function layoutShifts(page) {
  return page.evaluate(() => document.fonts.ready.then(() => new Promise((done) => {
    const shifts = [];
    new PerformanceObserver((list) => {
      for (const e of list.getEntries()) {
        const what = e.sources.slice(0, 2).map((s) => s.node?.className || s.node?.parentElement?.className || s.node?.nodeName);
        shifts.push({ value: e.value, what: what.join(', ') });
      }
    }).observe({ type: 'layout-shift', buffered: true });
    // What is drawn in one frame is reported after it.
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(shifts))));
  })));
}
