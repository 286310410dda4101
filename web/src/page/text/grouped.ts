/** A number with separators. */
export function grouped(number: number): string {
  return number.toLocaleString("en-GB");
}

/** How many of a thing: `1 API key`, `3 API keys`. */
export function counted(count: number, thing: string): string {
  return `${grouped(count)} ${thing}${count === 1 ? "" : "s"}`;
}
