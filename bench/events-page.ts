import path from "node:path";
import { inTurn, type Measurement } from "./support/case.ts";
import { filledLog } from "./support/filled-log.ts";
import type { ApiKeyParts } from "../src/tokens/token.ts";
import { load } from "./support/load.ts";
import { startProgram, startServer } from "./support/started.ts";

const roundMs = 2_000;
const rounds = 7;

/** The newest 100 audit events over HTTP, signed, with a million stored. */
export async function run(events: number): Promise<Readonly<Record<string, Measurement>>> {
  using log = await filledLog(events);
  const ours = await startServer(log.folder);
  const reference = await startProgram([path.join(import.meta.dirname, "support", "reference-server.ts"), log.file]);
  try {
    const signed = signedRequests(log.credentials);
    const plain = (): string => "GET /bytes HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    // The first rounds warm both up.
    await load(ours.port, signed, roundMs);
    await load(reference.port, signed, roundMs);
    await load(reference.port, plain, roundMs);
    const rate = async (port: number, request: () => string) => (await load(port, request, roundMs)).requestsPerSecond;
    return {
      "events-page": await inTurn(
        rounds,
        "requests/s",
        () => rate(ours.port, signed),
        () => rate(reference.port, signed),
      ),
      "events-page-limit": await inTurn(
        rounds,
        "requests/s",
        () => rate(ours.port, signed),
        () => rate(reference.port, plain),
      ),
    };
  } finally {
    await ours.stop();
    await reference.stop();
  }
}

/** Requests as the `maas` client sends them, each with a nonce of its own. */
export function signedRequests({ consumerKey, tokenKey, secret }: ApiKeyParts): () => string {
  let nonce = 0;
  return () => {
    nonce += 1;
    const timestamp = Math.floor(Date.now() / 1000);
    const oauth = `OAuth oauth_nonce="${process.pid}${nonce}", oauth_timestamp="${timestamp}", oauth_version="1.0", oauth_signature_method="PLAINTEXT", oauth_consumer_key="${consumerKey}", oauth_token="${tokenKey}", oauth_signature="%26${secret}"`;
    return `GET /MAAS/api/2.0/events/?op=query&level=AUDIT HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: ${oauth}\r\n\r\n`;
  };
}
