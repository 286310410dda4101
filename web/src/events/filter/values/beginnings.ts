/** The filters that take `svc-*` for all that begin so. A star of the value itself is written with a backslash. */
export function takesBeginnings(key: string): boolean {
  return ["user", "type", "node", "target"].includes(key);
}

/** Any star but the last character that no backslash makes a letter. */
export function isStarInside(text: string): boolean {
  return [...text.matchAll(/(\\*)\*/g)].some(
    ({ 0: all, 1: slashes = "", index }) => slashes.length % 2 === 0 && index + all.length < text.length,
  );
}

/** A value of an event as a filter takes it: there a star at its end stands for more. */
export function recordedValue(key: string, value: string): string {
  return takesBeginnings(key) ? value.replaceAll(/(\\*)\*/g, String.raw`$1$1\*`) : value;
}

/** Whether the value stands for all that begin so. */
export function isBeginning(key: string, value: string): boolean {
  if (key === "action") return value.endsWith("*");
  const slashes = /(\\*)\*$/.exec(value)?.[1];
  return takesBeginnings(key) && slashes !== undefined && slashes.length % 2 === 0;
}
