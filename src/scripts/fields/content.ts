import { isUtf8 } from "node:buffer";
import { invalidField } from "../../refusal.ts";
import { parseMetadata } from "./metadata.ts";
import type { ScriptFields } from "./script.ts";

/** A script's text that was found to be one, and what it says of itself. */
export interface ScriptContent {
  readonly text: string;
  readonly sizeBytes: number;
  readonly embedded: Partial<ScriptFields>;
}

/** A program that needs more fetches the rest; with base64 around it, it fits into a request. */
const sizeBytesMax = 1_048_576;

/** Reads a script as it was sent; its lines end with LF from then on. Refuses under `script`. */
export function parseContent(given: string | Buffer): ScriptContent {
  if (typeof given !== "string" && !isUtf8(given)) throw invalidField("script", "Send the script as UTF-8 text.");
  const text = given.toString("utf8").replaceAll("\r\n", "\n");
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes > sizeBytesMax) {
    throw invalidField("script", `Send a script of at most ${sizeBytesMax} bytes (it has ${sizeBytes}).`);
  }
  if (!text.isWellFormed() || text.includes("\0")) {
    throw invalidField("script", "Send well-formed Unicode text without NUL characters.");
  }
  if (!text.startsWith("#!/")) throw invalidField("script", "Must start with shebang.");
  return { text, sizeBytes, embedded: parseMetadata(text) };
}
