/** The source of events that are mirrored from the MAAS of that name. */
export function mirroredSource(name: string): `maas:${string}` {
  return `maas:${name}`;
}

/** Whether an event is mirrored: what it says was done elsewhere, by somebody whom another MAAS knows. */
export function isMirroredSource(source: string): boolean {
  return source.startsWith("maas:");
}
