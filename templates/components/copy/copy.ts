// A button behind what has data-copy that copies it: of a link its address, of
// anything else its text. It exists only where copying works.

export function init(): void {
  if (!navigator.clipboard) return;
  for (const source of document.querySelectorAll<HTMLElement>("[data-copy]")) {
    const { copy, copied } = source.dataset as { copy: string; copied: string };
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy-button";
    button.textContent = copy;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(source instanceof HTMLAnchorElement ? source.href : source.textContent!.trim());
      button.textContent = copied;
      setTimeout(() => (button.textContent = copy), 4000);
    });
    source.after(button);
  }
}
