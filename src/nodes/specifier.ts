/**
 * What MAAS takes for a domain or a pool in a path: a number, a name, or either with `id:` or `name:` before it. Only digits
 * are a number, so that a name of digits needs its `name:`. Undefined where it can be neither.
 */
export function parseSpecifier(word: string): { readonly id: number } | { readonly name: string } | undefined {
  const [, kind, rest = ""] = /^(?:(id|name):)?(.*)$/s.exec(word) ?? [];
  const isNumber = /^\d{1,15}$/.test(rest);
  if (kind === "id" && !isNumber) return undefined;
  return isNumber && kind !== "name" ? { id: Number(rest) } : { name: rest };
}
