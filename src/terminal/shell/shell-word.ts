import { visible } from "../visible.ts";

/**
 * Text as one word of a shell's command, on one line: as it is where a shell takes it so, else in quotes; with its escapes in
 * `$'…'` where something of it acts, turns the text around or can't be seen.
 */
export function shellWord(text: string): string {
  if (/^[\w%+,./:=@-]+$/.test(text)) return text;
  if (isShown(text)) return `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const escaped = Array.from(text.toWellFormed(), (character) => {
    if (character === "'" || character === "\\") return `\\${character}`;
    return isShown(character) ? character : escapeOf(character);
  });
  return `$'${escaped.join("")}'`;
}

function isShown(text: string): boolean {
  return !/[\t\n\r]/.test(text) && text.isWellFormed() && visible(text) === text;
}

function escapeOf(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? String.raw`\U${code.padStart(8, "0")}` : String.raw`\u${code.padStart(4, "0")}`;
}
