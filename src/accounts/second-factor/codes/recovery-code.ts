import { hash, randomBytes } from "node:crypto";
import { base32 } from "./base32.ts";

const codesDrawn = 10;
/** 80 bits: a plain hash of so much can't be searched. */
const codeBytes = 10;

/** Recovery codes that are about to be given: what is shown once, and what is stored of them. */
export interface DrawnRecoveryCodes {
  readonly codes: readonly string[];
  readonly hashes: readonly Uint8Array[];
}

/** Draws ten, such as `MFRG-GZDF-MZTW-Q2LK`. */
export function drawRecoveryCodes(userId: number): DrawnRecoveryCodes {
  const codes = Array.from({ length: codesDrawn }, () =>
    (base32(randomBytes(codeBytes)).match(/.{4}/g) ?? []).join("-"),
  );
  return { codes, hashes: codes.map((code) => hashRecoveryCode(userId, code)) };
}

/** What is stored of a code, however it is typed. */
export function hashRecoveryCode(userId: number, code: string): Buffer {
  return hash("sha256", `${userId}:${code.replaceAll(/[\s-]/g, "").toUpperCase()}`, "buffer");
}

/** Whether what was typed may be one: 16 letters and digits. */
export function isRecoveryCode(code: string): boolean {
  return /^[A-Z2-7]{16}$/.test(code.replaceAll(/[\s-]/g, "").toUpperCase());
}
