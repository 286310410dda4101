/**
 * What acts on text or can't be seen: the control characters C0 and C1 but for tab and newline, those that change the
 * direction of text, and those without width.
 */
const hidden =
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  /\r(?!\n)|[\0-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/g;

/** Text that others may have written, with what can't be seen of it shown as `\u202e` is here: as the terminal shows it. */
export function visible(text: string): string {
  return text.replaceAll(hidden, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
