import { findHeader, isSuccess } from "./server.ts";
import type { ServerAnswer } from "./server.ts";

/** Who reads standard output: a person at a terminal, or a program (a pipe, a file). */
export type OutputReader = "person" | "program";

/** An answer's body as it goes to standard output. A program gets exactly the bytes, whatever the status. */
export function renderBody(answer: ServerAnswer, reader: OutputReader): Uint8Array {
  const { body } = answer;
  if (reader === "program") return body;
  if (!isSuccess(answer) && body.length === 0) return Buffer.from(`${describeEmptyFailure(answer)}\n`);
  if (!isTextual(findHeader(answer, "Content-Type") ?? "")) return body;
  const heading = isSuccess(answer) ? "Success.\nMachine-readable output follows:\n" : "";
  return Buffer.concat([Buffer.from(heading), body, Buffer.from("\n")]);
}

/** What there is to say of a failure whose body says nothing. */
export function describeEmptyFailure({ status, reason }: ServerAnswer): string {
  return `Request failed with code ${status}: ${reason}`;
}

function isTextual(contentType: string): boolean {
  const type = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  return type.endsWith("/json") || type.startsWith("text/");
}

/** What a server says of a request that it carried out in part: the texts of its `Warning` headers, a line each. */
export function renderWarnings(answer: ServerAnswer): string {
  const texts = (findHeader(answer, "Warning") ?? "").matchAll(/\b\d{3} \S+ "((?:[^"\\]|\\.)*)"/g);
  return [...texts].map(([, text = ""]) => `WARNING: ${text.replaceAll(/\\(.)/g, "$1")}\n`).join("");
}

/** Status and headers for `--debug`: sorted, aligned at their colons, between blank lines. */
export function renderHead({ status, reason, headers }: ServerAnswer): string {
  const rows = headers.map(([name, value]) => [capitalise(name), value] as const).sort(byName);
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `${name.padStart(width)}: ${value}`);
  return `${[`${status} ${reason}`, "", ...lines].join("\n")}\n\n`;
}

/** `x-maas-api-hash` → `X-Maas-Api-Hash`. */
function capitalise(name: string): string {
  return name.toLowerCase().replaceAll(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
