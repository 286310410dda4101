import { createHmac, hash, randomBytes } from "node:crypto";
import { fingerprint } from "../../verifiable-log/fingerprint.ts";

/** A login that is still good. Times are microseconds since 1970 UTC. */
export interface Session {
  readonly id: number;
  readonly userId: number;
  readonly created: number;
  readonly expires: number;
  /** Where and with what it was opened. */
  readonly ip: string | null;
  readonly userAgent: string;
  readonly lastUsed: number;
  /** From where it was used last. */
  readonly lastIp: string | null;
  /** As events name it. */
  readonly fingerprint: string;
  /** Whether it was opened through a provider, and not with a password. */
  readonly isByProvider: boolean;
}

/** The last use is written down at most so often. */
export const useIntervalMicros = 60_000_000;

/** Draws what the cookie holds: 256 bits. Only its hash is stored. */
export function newSessionId(): string {
  return randomBytes(32).toString("base64url");
}

export function hashSessionId(sessionId: string): Buffer {
  return hash("sha256", sessionId, "buffer");
}

/** Tells sessions apart in the log: a hash of the hash, so that neither the cookie nor what is stored of it is named. */
export function sessionFingerprint(tokenHash: Uint8Array): string {
  return fingerprint(tokenHash);
}

/** The token that a form of this session must send back: nobody can tell it who doesn't have the session. */
export function csrfToken(sessionId: string): string {
  return createHmac("sha256", sessionId).update("ironlog csrf token").digest("base64url");
}
