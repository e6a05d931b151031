// A button that copies the address of a feed, where copying works. Without it,
// the address is copied from the link's menu, as the page says.

export function init(): void {
  if (!navigator.clipboard) return;
  for (const list of document.querySelectorAll<HTMLElement>("[data-copy-label]")) {
    const { copyLabel = "", copiedLabel = "" } = list.dataset;
    for (const item of list.querySelectorAll<HTMLElement>("[data-address]")) item.append(button(item, copyLabel, copiedLabel));
  }
}

function button(item: HTMLElement, copy: string, copied: string): HTMLElement {
  const b = document.createElement("button");
  b.type = "button";
  b.className = "copy-button";
  b.textContent = copy;
  b.setAttribute("aria-label", `${copy}: ${item.querySelector(".follow-name")?.textContent ?? ""}`);
  const said = document.createElement("span");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  b.addEventListener("click", async () => {
    await navigator.clipboard.writeText(item.dataset.address ?? "");
    b.textContent = copied;
    said.textContent = copied;
    setTimeout(() => {
      b.textContent = copy;
      said.textContent = "";
    }, 4000);
  });
  const out = document.createElement("span");
  out.append(b, said);
  return out;
}
