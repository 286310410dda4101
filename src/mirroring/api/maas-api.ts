import { randomUUID } from "node:crypto";

/** A MAAS that doesn't answer must not hold up who asks it. */
const answerTimeoutMs = 10_000;
/** Pages of events are smaller. */
const answerBytesMax = 16 * 1024 * 1024;

/** An answer of MAAS's API 2.0, read as JSON. */
export interface SourceAnswer {
  readonly status: number;
  /** Undefined where it isn't JSON. Only what is known of it may be shown: an error of MAAS can contain the key. */
  readonly body: unknown;
}

/**
 * Asks a MAAS over its API 2.0, as the owner of a key or as nobody. `path` is what stands behind `api/2.0/`.
 *
 * Throws where nothing answers in time. Follows no redirects: they would take the key elsewhere.
 */
export async function askMaas(url: string, apiKey: string | undefined, path: string): Promise<SourceAnswer> {
  const headers = new Headers({ accept: "application/json", "user-agent": "ironlog" });
  if (apiKey !== undefined) headers.set("authorization", signature(apiKey));
  let answer: Response;
  try {
    answer = await fetch(`${url}/api/2.0/${path}`, {
      headers,
      redirect: "manual",
      signal: AbortSignal.timeout(answerTimeoutMs),
    });
  } catch (error) {
    throw new Error(`${url} doesn't answer: ${reasonOf(error)}`, { cause: error });
  }
  if (answer.status >= 300 && answer.status < 400) {
    await answer.body?.cancel();
    throw new Error(`${url} answers with a redirect, which isn't followed: enter the address that it leads to`);
  }
  return { status: answer.status, body: parsed(await readText(answer)) };
}

/** OAuth 1.0 with PLAINTEXT (RFC 5849 section 3.4.4), which is what MAAS's own client sends. */
function signature(apiKey: string): string {
  const [consumer = "", token = "", secret = ""] = apiKey.split(":");
  const parts = {
    oauth_version: "1.0",
    oauth_signature_method: "PLAINTEXT",
    oauth_consumer_key: consumer,
    oauth_token: token,
    oauth_signature: `&${encodeURIComponent(secret)}`,
    oauth_nonce: randomUUID(),
    oauth_timestamp: String(Math.floor(Date.now() / 1000)),
  };
  const fields = Object.entries(parts).map(([name, value]) => `${name}="${encodeURIComponent(value)}"`);
  return `OAuth ${fields.join(", ")}`;
}

async function readText(answer: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of answer.body ?? []) {
    size += piece.length;
    if (size > answerBytesMax) throw new Error("the answer is too long");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== "" ? error.cause.message : error.message;
}
