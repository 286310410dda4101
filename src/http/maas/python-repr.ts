/** Text as Python writes it in a list: single quotes unless there is one in it alone, control characters escaped. */
export function pythonRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll(quote, `\\${quote}`)
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t")
    .replaceAll(/\p{Cc}/gu, (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return `${quote}${escaped}${quote}`;
}

/** Parameters with all their values, as MAAS repeats them in a sentence: `[('zone', ['east'])]`. */
export function pythonPairs(pairs: readonly (readonly [name: string, value: string])[]): string {
  const byName = Map.groupBy(pairs, ([name]) => name);
  const lists = [...byName].map(([name, own]) => {
    return `(${pythonRepr(name)}, [${own.map(([, value]) => pythonRepr(value)).join(", ")}])`;
  });
  return `[${lists.join(", ")}]`;
}
