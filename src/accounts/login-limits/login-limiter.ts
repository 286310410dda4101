import { hash } from "node:crypto";
import type { Database } from "../../database/database.ts";
import { limiterAddress, limiterNetwork } from "../../http/request/client-address.ts";
import { type Allowance, RateLimit } from "../../http/authentication/rate-limit.ts";
import type { Unrecorded } from "../../http/authentication/unrecorded.ts";
import { Refusal } from "../../refusal.ts";
import { AccountSlowing } from "./account-slowing.ts";
import { KnownAddresses } from "./known-addresses.ts";

/** Wrong passwords from one address (IPv6: one /64), whoever they are for: an office behind one address must still work. */
const perAddress: Allowance = { burst: 30, refillMs: 10_000 };
/** Wrong passwords from one /24 or IPv6 /48, which one customer of a hoster may have all of. */
const perNetwork: Allowance = { burst: 100, refillMs: 3_000 };
/** Wrong passwords for one account from one address. Never per account alone: anybody could then lock out `admin`. */
const perAccountAndAddress: Allowance = { burst: 10, refillMs: 30_000 };
/** Failures written to the log, from everywhere together: a flood must not become the log's main content. */
const recorded: Allowance = { burst: 100, refillMs: 3_000 };

/** An attempt that was let through. */
export interface AdmittedAttempt {
  /** Names the caller in the queue of passwords to be checked, where the address is known from an earlier login. */
  readonly knownCaller: string | undefined;
  /** Resolves when the password may be checked: later, where the account is being guessed at. */
  turn(): Promise<void>;
  /** It was right after all, and doesn't count. */
  succeeded(): void;
  /** It was wrong. True if its failure is to be recorded by itself; else it is counted with the blocked ones. */
  failed(): boolean;
}

/** What is known of an attempt before its password is checked. */
export interface AttemptFacts {
  /** The name of the account, if there is one: any other name may be a password, and is not kept. */
  readonly account?: string | undefined;
  /** Whether somebody logged in from the address before. */
  readonly isKnown?: boolean;
}

/** Stands in front of every check of a password. In memory: a restart forgets, which costs an attacker more than us. */
export class LoginLimiter {
  readonly #perAddress = new RateLimit(perAddress);
  readonly #perNetwork = new RateLimit(perNetwork);
  readonly #perAccountAndAddress = new RateLimit(perAccountAndAddress);
  readonly #slowing = new AccountSlowing();
  readonly #recorded = new RateLimit(recorded);
  readonly #known = new KnownAddresses();
  readonly #unrecorded: Unrecorded;

  constructor(unrecorded: Unrecorded) {
    this.#unrecorded = unrecorded;
  }

  /** Whether somebody logged in from the address in the last weeks. */
  isKnown(db: Database, ip: string | null, nowMs: number): Promise<boolean> {
    return this.#known.has(db, ip, nowMs);
  }

  /**
   * Counts the attempt before it is checked, so that many at once are no way around. Refuses with `too_many_requests`. Who
   * comes from a known address isn't turned away nor slowed down for what others did.
   */
  admit(
    ip: string | null,
    username: string,
    nowMs: number,
    { account, isKnown = false }: AttemptFacts = {},
  ): AdmittedAttempt {
    const address = limiterAddress(ip);
    // A name may be as long as a request: what is remembered of it is not.
    const name = hash("sha256", username, "base64");
    const network: Tier = [this.#perNetwork, ip === null ? "unknown" : limiterNetwork(ip), "network"];
    const taken = takeAll(
      [
        [this.#perAddress, address, "address"],
        ...(isKnown ? [] : [network]),
        [this.#perAccountAndAddress, `${address} ${name}`, "address"],
      ],
      nowMs,
      (waitMs, whose) => this.#refuse({ address, account }, waitMs, whose),
    );
    const slowing = this.#slowing.take(name, nowMs);
    return {
      knownCaller: isKnown ? address : undefined,
      turn: async () => {
        if (slowing === undefined && !isKnown) await this.#slowing.wait(name);
      },
      succeeded: () => {
        for (const [limit, key] of taken) limit.giveBack(key);
        slowing?.giveBack();
      },
      failed: () => {
        if (this.#recorded.take("all", nowMs) === 0) return true;
        this.#unrecorded.count("logins", address, account);
        return false;
      },
    };
  }

  #refuse(attempt: { address: string; account: string | undefined }, waitMs: number, whose: Whose): Refusal {
    this.#unrecorded.count("logins", attempt.address, attempt.account);
    const retryAfterSeconds = Math.ceil(waitMs / 1000);
    return new Refusal(
      "too_many_requests",
      `Too many failed logins from this ${whose}. Try again in ${retryAfterSeconds} seconds.`,
      { retryAfterSeconds },
    );
  }
}

type Whose = "address" | "network";
type Tier = readonly [limit: RateLimit, key: string, whose: Whose];

/** Takes one of each; where one has none left, takes none and throws what `refuse` makes of it. */
function takeAll(
  tiers: readonly Tier[],
  nowMs: number,
  refuse: (waitMs: number, whose: Whose) => Refusal,
): readonly Tier[] {
  for (const [at, [limit, key, whose]] of tiers.entries()) {
    const waitMs = limit.take(key, nowMs);
    if (waitMs === 0) continue;
    for (const [before, beforeKey] of tiers.slice(0, at)) before.giveBack(beforeKey);
    throw refuse(waitMs, whose);
  }
  return tiers;
}
