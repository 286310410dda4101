// What other programs say, made fit for an event. Servers and reporting clients do so.

export const typeLengthMax = 64;
export const actionLengthMax = 128;
export const descriptionLengthMax = 4096;
/** Names of users, nodes, targets, and keys. */
export const nameLengthMax = 255;

/** `com.example.User created` → `com.example.user-created`. A name without any letter in front gets `event.` there. */
export function actionFrom(name: string): string {
  const words = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_.-]+/g, "-")
    .replaceAll(/\.(?=\.|$)/g, "");
  return (/^[a-z]/.test(words) ? words : `event.${words.replace(/^[^a-z0-9]+/, "") || "unnamed"}`)
    .slice(0, actionLengthMax)
    .replace(/\.$/, "");
}

/** `com.example.user.created` → `COM_EXAMPLE_USER_CREATED`. Of a long name the end: that tells more than its beginning. */
export function typeFrom(name: string): string {
  const words = name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_");
  const end = words.slice(-typeLengthMax).replace(/^[^A-Z]+/, "");
  return end.replace(/_+$/, "") || "EVENT";
}

/** Text of another program as a description: without control characters, cut where it is too long. */
export function descriptionFrom(text: string): string {
  const clean = text
    .toWellFormed()
    .replaceAll("\r\n", "\n")
    .replaceAll(/[^\P{Cc}\n\t]/gu, "\ufffd")
    .trim();
  return clean.length <= descriptionLengthMax ? clean : `${clean.slice(0, descriptionLengthMax - 1).toWellFormed()}…`;
}

/** Text as a name, if it can be one as it is. */
export function findName(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "" || value.length > nameLengthMax) return undefined;
  return /\p{Cc}/u.test(value) || !value.isWellFormed() ? undefined : value;
}

/** The level of a severity as OpenTelemetry numbers them (1 to 24), else of its name; INFO where neither says. */
export function levelFrom(number: number | undefined, text: string | undefined): string {
  if (number !== undefined && number >= 1 && number <= 24) return numbered[Math.floor((number - 1) / 4)] ?? "INFO";
  return named.find(([pattern]) => pattern.test(text ?? ""))?.[1] ?? "INFO";
}

const numbered: readonly string[] = ["DEBUG", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

const named: readonly (readonly [RegExp, string])[] = [
  [/^(trace|debug|verbose)/i, "DEBUG"],
  [/^warn/i, "WARNING"],
  [/^err/i, "ERROR"],
  [/^(crit|fatal|emerg|alert|panic)/i, "CRITICAL"],
];
