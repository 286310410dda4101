/** The sentence ` Did you mean 'a' or 'b'?` where some of the known words are close to the given one, else nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const names = closeWords(word, known).map((name) => `'${name}'`);
  return names.length === 0 ? "" : ` Did you mean ${names.join(" or ")}?`;
}

/** At most three of the known words that someone who typed this one may have meant, the closest first. */
export function closeWords(word: string, known: Iterable<string>): string[] {
  // One slip in three letters: fewer and `evnts` finds nothing, more and every short word resembles every other.
  const slipsMax = Math.max(1, Math.floor(word.length / 3));
  return [...new Set(known)]
    .map((name) => ({ name, slips: name.startsWith(word) && word.length > 1 ? 0 : slipsBetween(word, name) }))
    .filter(({ slips }) => slips <= slipsMax)
    .sort((a, b) => a.slips - b.slips || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** How many letters must be put in, left out, exchanged or swapped with their neighbour to get from one word to the other. */
function slipsBetween(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      let slips = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (isSwap) slips = Math.min(slips, (beforePrevious[column - 2] ?? 0) + 1);
      current.push(slips);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[to.length] ?? 0;
}
