import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { base32 } from "./base32.ts";

// Codes of apps, by RFC 6238 (TOTP) over RFC 4226 (HOTP): SHA-1, 6 digits, 30 seconds, which is what all apps know.

const digits = 6;
const stepSeconds = 30;
/** RFC 4226 section 4 recommends 160 bits. */
const secretBytes = 20;
/** A code is taken so many steps early or late: clocks differ, and people type slowly (RFC 6238 section 5.2). */
const stepsAround = 1;

export function drawTotpSecret(): Buffer {
  return randomBytes(secretBytes);
}

/** The code of a time step, as RFC 4226 section 5.3 has it. */
export function totpCode(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", secret).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, "0");
}

export function stepAt(nowMs: number): number {
  return Math.floor(nowMs / 1000 / stepSeconds);
}

/** The time step of a code that is right at `nowMs`, one step early or late included; undefined of a wrong one. */
export function findStep(secret: Uint8Array, code: string, nowMs: number): number | undefined {
  const given = Buffer.from(code);
  let found: number | undefined;
  for (let step = stepAt(nowMs) - stepsAround; step <= stepAt(nowMs) + stepsAround; step += 1) {
    const expected = Buffer.from(totpCode(secret, step));
    if (given.length === expected.length && timingSafeEqual(given, expected)) found = step;
  }
  return found;
}

/** When a step began, in microseconds since 1970 UTC. */
export function stepStart(step: number): number {
  return step * stepSeconds * 1_000_000;
}

/** What an app reads from a QR code (Key Uri Format). `issuer` is where the code is for. */
export function otpauthUri({
  secret,
  issuer,
  username,
}: {
  readonly secret: Uint8Array;
  readonly issuer: string;
  readonly username: string;
}): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(username)}`;
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=${encodeURIComponent(issuer)}`;
}
