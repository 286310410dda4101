// Text as the server's searches compare it, with the way back to where it stands in what is shown.

/** Folded text, and for each of its UTF-16 units where the character begins and ends that it comes from. */
export interface FoldedText {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

const clusters = /\s+|\P{M}\p{M}*|\p{M}+/gsu;
const markedLetters = /([\p{Script=Latin}\p{Script=Greek}])\p{M}+/gu;

/** In small letters, Latin and Greek ones without their marks, any number of blanks as one. */
export function foldText(text: string): FoldedText {
  let folded = "";
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { 0: cluster, index } of text.matchAll(clusters)) {
    const part = /^\s/.test(cluster) ? " " : fold(cluster);
    folded += part;
    for (let unit = 0; unit < part.length; unit += 1) {
      starts.push(index);
      ends.push(index + cluster.length);
    }
  }
  return { text: folded, starts, ends };
}

function fold(cluster: string): string {
  const small = cluster.normalize("NFKC").toLowerCase().replaceAll("ß", "ss").replaceAll("ς", "σ");
  return small.normalize("NFD").replaceAll(markedLetters, "$1").normalize("NFKC");
}
