import assert from "node:assert/strict";
import { stepAt, totpCode } from "../../../src/accounts/second-factor/codes/totp.ts";
import type { NativeClient } from "../clients/native-client.ts";

/** An app that shows codes, as somebody has set it up. */
export interface App {
  readonly id: string;
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
  /** What it shows; each code is good once. One step early is taken too. */
  code(stepsAhead?: number): string;
}

/** Sets up somebody's first second factor, by API key or session. The code of one step ago is used up by no login. */
export async function enrolApp(
  { native, password }: { readonly native: NativeClient; readonly password: string },
  name = "phone",
): Promise<App> {
  const begun = await native.ask("POST", "account/second-factor/totp", { password });
  assert.equal(begun.status, 200, begun.text);
  const { secret, enrolment } = begun.json<{ readonly secret: string; readonly enrolment: string }>();
  const code = codeOf(secret);
  const added = await native.ask("POST", "account/second-factor", { enrolment, name, code });
  assert.equal(added.status, 201, added.text);
  const { id, recovery_codes } = added.json<{ readonly id: string; readonly recovery_codes: readonly string[] }>();
  return { id, secret, recoveryCodes: recovery_codes, code: (stepsAhead = 0) => codeOf(secret, stepsAhead) };
}

/** What an app with that secret (base32) shows, or will show. */
export function codeOf(secret: string, stepsAhead = 0): string {
  return totpCode(fromBase32(secret), stepAt(Date.now()) + stepsAhead);
}

/** RFC 4648 section 6. */
function fromBase32(text: string): Buffer {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = Array.from(text, (letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
