import assert from "node:assert/strict";
import { renewFactor } from "../../../src/accounts/second-factor/factor-actions.ts";
import { stepAt, totpCode } from "../../../src/accounts/second-factor/codes/totp.ts";
import { perform } from "../../../src/audit/perform.ts";
import { nowMicros } from "../../../src/time.ts";
import type { NativeClient } from "../clients/native-client.ts";
import type { TestServer } from "../server.ts";
import { machine } from "../worlds/database-world.ts";
import type { Person } from "../worlds/people.ts";

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

/** Makes the factor of somebody's newest session one that was given 16 minutes ago. */
export async function ageFactor(server: TestServer, { username }: Pick<Person, "username">): Promise<void> {
  const [row] = await server.meddle(
    `select max(session.id) as id, user_id from session join "user" on "user".id = user_id
      where username = '${username}' group by user_id`,
  );
  assert.ok(server.database !== undefined && row !== undefined);
  const given = { userId: Number(row["user_id"]), by: "password" as const, sessionId: Number(row["id"]) };
  await perform(server.database.db, machine, renewFactor, { ...given, now: nowMicros() - 16 * 60_000_000 });
}

/** What an app with that secret (base32) shows, or will show. */
export function codeOf(secret: string, stepsAhead = 0): string {
  return totpCode(fromBase32(secret), stepAt(Date.now()) + stepsAhead);
}

/** RFC 4648 section 6. */
export function fromBase32(text: string): Buffer {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = Array.from(text, (letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
