import type { Database } from "../../database/database.ts";
import type { KeepBooks } from "../../database/leases.ts";
import type { RuleStateTable } from "../tables.ts";
import type { GroupState, RuleMemory, SeenEvent } from "./evaluator.ts";

/** Groups that a rule keeps at most: of more the one that was quiet for longest goes. */
const groupsMax = 100_000;
/** Groups that are kept in memory, of each rule. */
const keptMax = 20_000;
/** More would be too many values for one statement. */
const rowsOfStatementMax = 200;
/** The groups are counted once in so many new ones. */
const newBeforeCount = 1_000;

/** What a rule remembers: in memory what it needs now, in the database all of it. */
export class StoredMemory implements RuleMemory {
  readonly #rule: string;
  readonly #kept = new Map<string, GroupState | undefined>();
  readonly #touched = new Set<string>();
  #newSinceCount = newBeforeCount;

  constructor(rule: string) {
    this.#rule = rule;
  }

  get(key: string): GroupState | undefined {
    return this.#kept.get(key);
  }

  set(key: string, state: GroupState): void {
    if (this.#kept.get(key) === undefined) this.#newSinceCount += 1;
    this.#kept.set(key, state);
    this.#touched.add(key);
  }

  /** Reads what isn't in memory of these groups. */
  async load(db: Database, keys: Iterable<string>): Promise<void> {
    if (this.#kept.size > keptMax && this.#touched.size === 0) this.#kept.clear();
    const missing = [...new Set(keys)].filter((key) => !this.#kept.has(key));
    for (const key of missing) this.#kept.set(key, undefined);
    for (let at = 0; at < missing.length; at += rowsOfStatementMax) {
      const rows = await db
        .selectFrom("rule_state")
        .selectAll()
        .where("rule", "=", this.#rule)
        .where("group_key", "in", missing.slice(at, at + rowsOfStatementMax))
        .execute();
      for (const row of rows) this.#kept.set(row.group_key, stateOf(row));
    }
  }

  /** Writes what has changed since it was called last. Returns whether groups had to be forgotten. */
  async store(keepBooks: KeepBooks): Promise<boolean> {
    const rows = [...this.#touched].flatMap((key) => {
      const state = this.#kept.get(key);
      return state === undefined ? [] : [rowOf(this.#rule, key, state)];
    });
    if (rows.length === 0) return false;
    const isCounted = this.#newSinceCount >= newBeforeCount;
    const forgotten = await keepBooks(async (tx) => {
      for (const { rule, group_key, ...state } of rows) {
        await tx
          .insertInto("rule_state")
          .values({ rule, group_key, ...state })
          .onConflict((conflict) => conflict.columns(["rule", "group_key"]).doUpdateSet(state))
          .execute();
      }
      if (!isCounted) return 0;
      const { count } = await tx
        .selectFrom("rule_state")
        .select((eb) => eb.fn.countAll<number | string>().as("count"))
        .where("rule", "=", this.#rule)
        .executeTakeFirstOrThrow();
      const tooMany = Number(count) - groupsMax;
      if (tooMany <= 0) return 0;
      const edge = await tx
        .selectFrom("rule_state")
        .select("seen_at")
        .where("rule", "=", this.#rule)
        .orderBy("seen_at")
        .offset(tooMany - 1)
        .limit(1)
        .executeTakeFirstOrThrow();
      await tx.deleteFrom("rule_state").where("rule", "=", this.#rule).where("seen_at", "<=", edge.seen_at).execute();
      return tooMany;
    });
    this.#touched.clear();
    if (isCounted) this.#newSinceCount = 0;
    if (forgotten > 0) this.#kept.clear();
    return forgotten > 0;
  }
}

/** What a rule has remembered. */
export function forgetRule(keepBooks: KeepBooks, name: string): Promise<void> {
  return keepBooks(async (tx) => {
    await tx.deleteFrom("rule_state").where("rule", "=", name).execute();
  });
}

/** What rules that are gone had remembered. */
export function forgetRules(keepBooks: KeepBooks, names: readonly string[]): Promise<void> {
  return keepBooks(async (tx) => {
    await tx
      .deleteFrom("rule_state")
      .where("rule", "not in", [...names, ""])
      .execute();
  });
}

/** What ends with a trial. */
export class TrialMemory implements RuleMemory {
  readonly #groups = new Map<string, GroupState>();

  get(key: string): GroupState | undefined {
    return this.#groups.get(key);
  }

  set(key: string, state: GroupState): void {
    this.#groups.set(key, state);
  }
}

function stateOf({ ring, seen_at: seenAt, raised_at: raisedAt, longest }: RuleStateTable): GroupState {
  return { ring: JSON.parse(ring) as SeenEvent[], seenAt, raisedAt, longest };
}

function rowOf(rule: string, key: string, { ring, seenAt, raisedAt, longest }: GroupState): RuleStateTable {
  return { rule, group_key: key, ring: JSON.stringify(ring), seen_at: seenAt, raised_at: raisedAt, longest };
}
