/** Letters of scripts in which a joiner between letters changes how they are written. */
const joined = String.raw`[\p{scx=Arab}\p{scx=Syrc}\p{scx=Mong}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}]`;
const emoji = String.raw`\p{Extended_Pictographic}`;

/**
 * What acts on text or can't be seen: controls but for tab and newline, what changes the direction of text, other ends of
 * lines, and what has no width or shows nothing. Not where a script or an emoji is made with it.
 */
const hidden = (): RegExp =>
  new RegExp(
    [
      String.raw`(?<=${joined})[\u200C\u200D](?=${joined})`,
      String.raw`(?<=${emoji}[\uFE0F\p{Emoji_Modifier}]?)\u200D(?=${emoji})`,
      String.raw`(?<=${emoji})\uFE0F`,
      String.raw`(\r(?!\n)|[^\P{Cc}\t\n\r]|[\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800])`,
    ].join("|"),
    "gu",
  );

/** What is most text, and needs no look at the tables of Unicode: these take longer to read than a command to start. */
const plain = /^[\t\n\x20-\x7E]*$/;
let pattern: RegExp | undefined;

/**
 * Text as a terminal may show it: what would act on the terminal, turn the text around, or can't be seen is shown as
 * `\u001b` is here. Others may have written it: a server's answer, a name in the log.
 */
export function visible(text: string): string {
  if (plain.test(text)) return text;
  pattern ??= hidden();
  return text.replaceAll(pattern, (found: string, acting: string | undefined) =>
    acting === undefined
      ? found
      : // By UTF-16 units, as JSON has them: what is copied from JSON that is shown so means the same.
        acting.replaceAll(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
}
