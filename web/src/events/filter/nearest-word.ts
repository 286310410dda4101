/** The one of the words that a misspelt one may have meant: it goes on from it, or is at most two letters away. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const longer = words.find((other) => word.length > 2 && other.startsWith(word));
  if (longer !== undefined) return longer;
  const limit = Math.min(2, Math.floor(word.length / 2));
  const distances = words.map((other) => [distance(word, other), other] as const);
  const [best] = distances.sort(([one], [other]) => one - other);
  return best !== undefined && best[0] <= limit ? best[1] : undefined;
}

/** Letters to put in, leave out or change (Levenshtein). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let at = 1; at <= one.length; at += 1) {
    const next = [at];
    for (let to = 1; to <= other.length; to += 1) {
      const change = (row[to - 1] ?? 0) + (one[at - 1] === other[to - 1] ? 0 : 1);
      next.push(Math.min(change, (row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
