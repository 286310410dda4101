/** What could have been recorded by itself, but that there was too much of it. */
export type UnrecordedKind = "logins" | "tokens" | "operations";

/** What was not recorded one by one since the last count. */
export interface UnrecordedCount {
  readonly attempts: number;
  readonly byKind: Readonly<Record<UnrecordedKind, number>>;
  /** The addresses that were named; there may have been more. */
  readonly byAddress: Readonly<Record<string, number>>;
}

/** Addresses named in the one event a minute that tells of them. */
const addressesNamedMax = 20;

/** Counts failed and refused attempts beyond what the log should hold, until somebody records the count. */
export class Unrecorded {
  #byKind: Record<UnrecordedKind, number> = { logins: 0, tokens: 0, operations: 0 };
  #byAddress = new Map<string, number>();

  count(kind: UnrecordedKind, address: string | null): void {
    this.#byKind[kind] += 1;
    this.#add(address ?? "unknown", 1);
  }

  /** The count since it was last taken; undefined if there is nothing to tell. */
  take(): UnrecordedCount | undefined {
    const attempts = Object.values(this.#byKind).reduce((sum, count) => sum + count, 0);
    if (attempts === 0) return undefined;
    const taken = { attempts, byKind: this.#byKind, byAddress: Object.fromEntries(this.#byAddress) };
    this.#byKind = { logins: 0, tokens: 0, operations: 0 };
    this.#byAddress = new Map();
    return taken;
  }

  /** Counts again what could not be recorded. */
  putBack({ byKind, byAddress }: UnrecordedCount): void {
    for (const kind of ["logins", "tokens", "operations"] as const) this.#byKind[kind] += byKind[kind];
    for (const [address, count] of Object.entries(byAddress)) this.#add(address, count);
  }

  #add(address: string, count: number): void {
    const known = this.#byAddress.get(address);
    if (known !== undefined || this.#byAddress.size < addressesNamedMax) {
      this.#byAddress.set(address, (known ?? 0) + count);
    }
  }
}
