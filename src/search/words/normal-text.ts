const isAscii = /^[\0-\x7f]*$/;
const markedLetters = /([\p{Script=Latin}\p{Script=Greek}])\p{M}+/gu;

/**
 * Text as searches compare it: NFKC, in small letters, and Latin and Greek letters without their marks, so that "muller" finds
 * "Müller". Other scripts keep theirs: there a mark makes another letter or vowel.
 */
export function normalText(text: string): string {
  if (isAscii.test(text)) return text.toLowerCase();
  const small = text.normalize("NFKC").toLowerCase().replaceAll("ß", "ss").replaceAll("ς", "σ");
  return small.normalize("NFD").replaceAll(markedLetters, "$1").normalize("NFKC");
}
