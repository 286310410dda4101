import type { Database } from "../database/database.ts";
import { keepBooks } from "../database/writing/bookkeeping.ts";
import type { Held, LeaseOf } from "./lease.ts";

/** The lease of what every server does, or what needs none since there is one server alone. */
export function leaseForAll(db: Database, since: number): LeaseOf {
  const { signal: lost } = new AbortController();
  const held: Held = { since, lost, keepBooks: (work) => keepBooks(db, work) };
  return {
    held: () => held,
    take: async () => held,
    async learnRequests() {},
    answer() {},
    isElsewhere: () => false,
    restFor() {},
  };
}
