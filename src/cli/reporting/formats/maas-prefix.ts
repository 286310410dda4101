import type { JournalEntry, Written } from "./format.ts";

// Clients choose much of what other services write, such as the names that they ask a DNS server for: such text must not pass for a line of
// MAAS's. So a line counts only where all that stands in front of it is known, and names regiond or the API server.

const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)`;
/** A host has no colon at its end: that is a program. */
const syslog = String.raw`(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d|${time}) [^\s[\]]*[^\s[\]:] `;
const service = String.raw`(?:maas-)?(?:regiond|apiserver)`;
const pid = String.raw`(?:\[\d+\])?`;
/** Pebble starts the snap's services, and puts their names in front of what they write. */
const pebble = String.raw`(?:${syslog}[\w-]+\.pebble${pid}: )?${time} \[(?:regiond|apiserver)\] `;

const behindPebble = new RegExp(`^${pebble}`);
const behindProgram = new RegExp(`^(?:${syslog})?${service}${pid}: `);
const ownIdentifier = new RegExp(`^${service}$`);

/** What regiond or the API server wrote, without what others have put in front; undefined where another service wrote it. */
export function saidByMaas({ text, entry }: Written): string | undefined {
  const pebbles = behindPebble.exec(text)?.[0];
  if (entry !== undefined && !isFromMaas(entry, pebbles !== undefined)) return undefined;
  return text.slice((pebbles ?? behindProgram.exec(text)?.[0] ?? "").length);
}

/** The snap's unit holds all services: there the journal's identifier says which one wrote, or Pebble's prefix. */
function isFromMaas({ fields }: JournalEntry, isBehindPebble: boolean): boolean {
  const unit = fields.get("_SYSTEMD_UNIT");
  const identifier = fields.get("SYSLOG_IDENTIFIER");
  if (unit !== undefined && !/^snap\.[\w-]+\.pebble\.service$/.test(unit)) return true;
  if (identifier === undefined) return unit === undefined || isBehindPebble;
  return ownIdentifier.test(identifier) || (isBehindPebble && /^[\w-]+\.pebble$/.test(identifier));
}
