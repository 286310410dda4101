/** Longer ones are cut: what is wrong may hold whatever somebody has put into the database. */
const lengthMax = 500;

/** Text of others as part of a sentence: one line of well-formed Unicode. */
export function oneLine(text: string): string {
  const line = text.slice(0, lengthMax).toWellFormed();
  return line.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
}
