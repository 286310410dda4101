import { shortNamePattern } from "./short-name.ts";

/** The source of events that are mirrored from the MAAS of that name. */
export function mirroredSource(name: string): `maas:${string}` {
  return `maas:${name}`;
}

/** The name of the MAAS that a source stands for. */
export function mirroredName(source: `maas:${string}`): string {
  return source.slice(mirroredSource("").length);
}

/** Whether a text is the source of events of some MAAS. */
export function isMirroredSource(text: string): text is `maas:${string}` {
  return text.startsWith(mirroredSource("")) && shortNamePattern.test(text.slice(mirroredSource("").length));
}

/**
 * Whether an event is mirrored: what it says was done elsewhere, by somebody whom another MAAS knows. A program that was entitled to
 * may have reported one under the same source: it has no number there, and a reporter.
 */
export function isMirrored(event: { readonly source: string; readonly source_event_id: number | null }): boolean {
  return event.source.startsWith(mirroredSource("")) && event.source_event_id !== null;
}
