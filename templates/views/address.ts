// The state of a view in its address, so that it can be sent to somebody.

export function parameter(name: string): string {
  return new URLSearchParams(location.search).get(name) ?? "";
}

/** Sets a parameter, or takes it out where the value is "". The others stay. */
export function setParameter(name: string, value: string): void {
  const params = new URLSearchParams(location.search);
  if (value) params.set(name, value);
  else params.delete(name);
  const query = params.toString().replace(/%2C/g, ",");
  history.replaceState(null, "", location.pathname + (query && "?" + query) + location.hash);
}
