/** The control characters C0 and C1 but for tab and newline, and those that change the direction of text. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const acting = /\r(?!\n)|[\0-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/**
 * Text as a terminal may show it: what would act on the terminal, or turn the text around, is shown as `\u001b` is here.
 * Others may have written it: a server's answer, a name in the log.
 */
export function visible(text: string): string {
  return text.replaceAll(acting, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
