import { addressOf } from "../api/base.ts";
import { visible } from "../page/text/visible.ts";

/** What leaves: events as lines, or with all that proves them. */
export type Exported = "export" | "evidence";

const fileNames: Readonly<Record<Exported, string>> = { export: "events.jsonl", evidence: "evidence.tar" };

/** The same export by the command line. PROFILE is the reader's own. */
export function exportCommand(query: URLSearchParams, what: Exported): string {
  const words = [...query].map(([name, value]) => shellWord(`${name}=${value}`));
  return [`ironlog PROFILE events ${what} -o ${fileNames[what]}`, ...words].join(" ");
}

/** The same export by curl. The key is the reader's own, and stands in no command. */
export function exportCurl(query: URLSearchParams, what: Exported): string {
  const wanted = new URLSearchParams(query);
  if (what === "export") wanted.set("format", "jsonl");
  const address = shellWord(addressOf(`/api/v1/events/${what}${wanted.size === 0 ? "" : `?${wanted}`}`));
  return `curl --fail -H "Authorization: Bearer $IRONLOG_KEY" -o ${fileNames[what]} ${address}`;
}

/**
 * A word of a shell's command: as it is where it means nothing else there. What would act on a terminal when it is pasted, turn text around or
 * can't be seen stands there by its number.
 */
function shellWord(text: string): string {
  if (/^[\w%+,./:=@-]+$/.test(text)) return text;
  if (isShown(text)) return `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const escaped = Array.from(text, (character) => {
    if (character === "'" || character === "\\") return `\\${character}`;
    return isShown(character) ? character : escapeOf(character);
  });
  return `$'${escaped.join("")}'`;
}

function isShown(text: string): boolean {
  return !/[\t\n\r]/.test(text) && visible(text) === text;
}

function escapeOf(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? String.raw`\U${code.padStart(8, "0")}` : String.raw`\u${code.padStart(4, "0")}`;
}
