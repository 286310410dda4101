import { addressOf } from "../api/base.ts";

/** A word of a shell's command: as it is where it means nothing else there. */
function shellWord(text: string): string {
  return /^[\w%+,./:=@-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

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
