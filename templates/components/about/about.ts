// A button that copies the citation; it exists only where copying works.

export function init(): void {
  if (!navigator.clipboard) return;
  for (const text of document.querySelectorAll<HTMLElement>("[data-copy]")) {
    const { copy, copied } = text.dataset as { copy: string; copied: string };
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy-button";
    button.textContent = copy;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text.textContent!.trim());
      button.textContent = copied;
      setTimeout(() => (button.textContent = copy), 4000);
    });
    text.after(button);
  }
}
