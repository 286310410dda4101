import type { Database } from "../../database/database.ts";
import { limiterPrefix } from "../../http/request/client-address.ts";

/** Logins that are looked at when the server starts, and addresses that are remembered: some 100 bytes each. */
const rememberedMax = 10_000;
/** An address counts as known for so long after a login. */
const knownMs = 30 * 24 * 3_600_000;
/** How often the log is asked for new logins: under attack not for every attempt. */
const refreshMs = 1_000;

/**
 * The addresses (IPv6: the /64s) from which somebody logged in within the last 30 days, by what the log says: so a restart
 * doesn't forget them, and other servers' logins count too.
 */
export class KnownAddresses {
  /** When somebody last logged in from it, in milliseconds; the oldest stand first. */
  readonly #lastLogin = new Map<string, number>();
  #readUpTo = 0;
  #readAt = -Infinity;
  #reading: Promise<void> | undefined;

  async has(db: Database, ip: string | null, nowMs: number): Promise<boolean> {
    if (ip === null) return false;
    const address = limiterPrefix(ip);
    if (!this.#isKnown(address, nowMs)) await this.#refresh(db, nowMs);
    return this.#isKnown(address, nowMs);
  }

  #isKnown(address: string, nowMs: number): boolean {
    return (this.#lastLogin.get(address) ?? -Infinity) > nowMs - knownMs;
  }

  #refresh(db: Database, nowMs: number): Promise<void> {
    if (Math.abs(nowMs - this.#readAt) < refreshMs) return this.#reading ?? Promise.resolve();
    this.#readAt = nowMs;
    this.#reading = this.#read(db).finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  /** Along the index on the action: a bounded number of the newest logins. */
  async #read(db: Database): Promise<void> {
    const logins = await db
      .selectFrom("event")
      .select(["id", "ip", "created"])
      .where("action", "=", "auth.login")
      .where("id", ">", this.#readUpTo)
      .orderBy("id", "desc")
      .limit(rememberedMax)
      .execute();
    for (const { id, ip, created } of logins.toReversed()) {
      this.#readUpTo = id;
      if (ip !== null) this.#remember(limiterPrefix(ip), created / 1000);
    }
  }

  #remember(address: string, loginMs: number): void {
    // Deleted first, so that the map's order is that of the last login.
    this.#lastLogin.delete(address);
    this.#lastLogin.set(address, loginMs);
    const [oldest] = this.#lastLogin.keys();
    if (this.#lastLogin.size > rememberedMax && oldest !== undefined) this.#lastLogin.delete(oldest);
  }
}
