import { type Frequent, FrequentNames } from "../request/frequent-names.ts";

const kinds = ["logins", "tokens", "operations"] as const;

/** What could have been recorded by itself, but that there was too much of it. */
export type UnrecordedKind = (typeof kinds)[number];

/** What was not recorded one by one since the last count. */
export interface UnrecordedCount {
  readonly attempts: number;
  readonly byKind: Readonly<Record<UnrecordedKind, number>>;
  /** The accounts that were tried or that acted: existing ones alone. */
  readonly accounts: Frequent;
  readonly addresses: Frequent;
}

/** Counts failed and refused attempts beyond what the log should hold, until somebody records the count. */
export class Unrecorded {
  #byKind = noneOfAnyKind();
  #accounts = new FrequentNames();
  #addresses = new FrequentNames();

  /** `account` is the name of an existing account; a name that is nobody's may be a password. */
  count(kind: UnrecordedKind, address: string | null, account: string | undefined): void {
    this.#byKind[kind] += 1;
    this.#addresses.add(address ?? "unknown");
    if (account !== undefined) this.#accounts.add(account);
  }

  /** The count since it was last taken; undefined if there is nothing to tell. */
  take(): UnrecordedCount | undefined {
    const attempts = Object.values(this.#byKind).reduce((sum, count) => sum + count, 0);
    if (attempts === 0) return undefined;
    const taken = {
      attempts,
      byKind: this.#byKind,
      accounts: this.#accounts.read(),
      addresses: this.#addresses.read(),
    };
    this.#byKind = noneOfAnyKind();
    this.#accounts = new FrequentNames();
    this.#addresses = new FrequentNames();
    return taken;
  }

  /** Counts again what could not be recorded. */
  putBack({ byKind, accounts, addresses }: UnrecordedCount): void {
    for (const kind of kinds) this.#byKind[kind] += byKind[kind];
    this.#accounts.putBack(accounts);
    this.#addresses.putBack(addresses);
  }
}

function noneOfAnyKind(): Record<UnrecordedKind, number> {
  return { logins: 0, tokens: 0, operations: 0 };
}
