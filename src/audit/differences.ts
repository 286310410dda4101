import type { CanonicalValue } from "../verifiable-log/canonical-json.ts";

/** Fields by the names of the APIs, in the order in which events list them. */
type Fields = Readonly<Record<string, CanonicalValue>>;

/** Which fields differ, with their old and new values. */
export function differences(
  old: Fields,
  now: Fields,
): Readonly<Record<string, { old: CanonicalValue; new: CanonicalValue }>> {
  const names = Object.keys(now).filter((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]));
  return Object.fromEntries(names.map((name) => [name, { old: old[name] ?? null, new: now[name] ?? null }]));
}

/** The details of an act that may have changed nothing: its wording is MAAS's and fixed, so they say it (contract A1). */
export function changeDetails(changes: Fields): Fields {
  return Object.keys(changes).length === 0 ? { change: "none" } : changes;
}
