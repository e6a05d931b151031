// On the page of a former address. The browser follows it without a script, too,
// but then forgets which part of the page was asked for.

const to = (document.currentScript as HTMLScriptElement).dataset.to!;
if (location.hash || location.search) location.replace(to + location.search + location.hash);
