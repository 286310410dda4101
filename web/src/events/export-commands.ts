import { addressOf } from "../api/base.ts";

/** A word of a shell's command: as it is where it means nothing else there. */
function shellWord(text: string): string {
  return /^[\w%+,./:=@-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The same export by the command line. PROFILE is the reader's own. */
export function exportCommand(query: URLSearchParams): string {
  const words = [...query].map(([name, value]) => shellWord(`${name}=${value}`));
  return ["ironlog PROFILE events export -o events.jsonl", ...words].join(" ");
}

/** The same export by curl. The key is the reader's own, and stands in no command. */
export function exportCurl(query: URLSearchParams): string {
  const wanted = new URLSearchParams(query);
  wanted.set("format", "jsonl");
  const address = shellWord(addressOf(`/api/v1/events/export?${wanted}`));
  return `curl --fail -H "Authorization: Bearer $IRONLOG_KEY" -o events.jsonl ${address}`;
}
