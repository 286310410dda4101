import { hash, randomUUID } from "node:crypto";
import type { Database } from "../../database/database.ts";
import { keepBooks } from "../../database/writing/bookkeeping.ts";
import { Refusal } from "../../refusal.ts";
import type { Secrets } from "../../secrets/secrets.ts";
import type { PasswordHash } from "../passwords/password.ts";

// What is begun in one request and finished in another travels with the caller, sealed: every server can open it, and nobody who
// writes to the database can make one.

/** A login whose password was right, an act that asks for the factor again, or a factor that is about to be added. */
export type BegunKind = "login" | "renewal" | "totp" | "passkey";

export interface Begun {
  readonly userId: number;
  /** What the password was then: a new one ends what was begun before. */
  readonly passwordMark: string;
  /** A passkey signs it. */
  readonly challenge: string;
  /** Of an app: the secret in base32. */
  readonly secret?: string;
  /** Whether the user had a second factor then. */
  readonly isSetUp: boolean;
}

/** The same when it has come back. */
export interface OpenedState extends Begun {
  readonly id: string;
  readonly expires: number;
}

/** Long enough to find the phone. */
const lifetimeMicros = 10 * 60 * 1_000_000;
/** Of those that have expired so many are forgotten with each that is spent. */
const forgottenMax = 100;

/** Seals it for the caller. */
export function sealState(secrets: Secrets, kind: BegunKind, begun: Begun, now: number): string {
  const id = randomUUID();
  const sealed = secrets.seal(placeOf(kind, id), JSON.stringify({ ...begun, expires: now + lifetimeMicros }));
  return `${id}.${Buffer.from(sealed).toString("base64url")}`;
}

/** Opens what came back. Refuses (`invalid`, for `field`) what isn't of this kind, was changed, or is too old. */
export function openState(secrets: Secrets, kind: BegunKind, token: string, field: string, now: number): OpenedState {
  const [, id = "", text = ""] = /^([0-9a-f-]{36})\.([\w-]{1,2000})$/.exec(token) ?? [];
  const clear = id === "" ? undefined : secrets.open(placeOf(kind, id), Buffer.from(text, "base64url"));
  // What opens was sealed here.
  const state = clear === undefined ? undefined : (JSON.parse(clear) as Omit<OpenedState, "id">);
  if (state === undefined || state.expires <= now) throw tooLate(field);
  return { ...state, id };
}

/** Uses it up. Refuses what was used before: of two requests at once one is refused. */
export async function spendState(db: Database, state: OpenedState, field: string, now: number): Promise<void> {
  if (!(await spendOnce(db, state, now))) throw tooLate(field);
}

/** Notes for all servers that something was used, which they then remember until it expires; false where it was. */
export async function spendOnce(
  db: Database,
  { id, expires }: Pick<OpenedState, "id" | "expires">,
  now: number,
): Promise<boolean> {
  return keepBooks(db, async (tx) => {
    const old = tx.selectFrom("spent_state").select("id").where("expires", "<=", now).limit(forgottenMax);
    await tx.deleteFrom("spent_state").where("id", "in", old).execute();
    const kept = await tx
      .insertInto("spent_state")
      .values({ id, expires })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return kept.numInsertedOrUpdatedRows === 1n;
  });
}

/** Tells one password from another, and says nothing of either. */
export function passwordMark(passwordHash: PasswordHash): string {
  return hash("sha256", passwordHash, "base64url");
}

function placeOf(kind: BegunKind, id: string) {
  return { table: "spent_state", row: id, column: kind };
}

function tooLate(field: string): Refusal {
  const sentence = "This was used before, or has expired: begin again.";
  return new Refusal("invalid", sentence, { fields: { [field]: [sentence] } });
}
