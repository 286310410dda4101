/** What stands before every path of this server, such as `/audit`; empty mostly. The server writes it into the page. */
export const base: string = globalThis.document?.documentElement.dataset["base"] ?? "";

/** The address of a path of these pages, to be copied: `https://example.com/audit/?event=7`. */
export function addressOf(path: string): string {
  return `${location.origin}${base}${path}`;
}

/** A name for what a browser keeps: it keeps it for a whole host, where another Ironlog may be under another path. */
export function kept(name: string): string {
  return base === "" ? name : `${name}@${base}`;
}
