import type { Selectable } from "kysely";
import type { Reader } from "../../audit/action.ts";
import { findTrusted } from "../../audit/row-trust.ts";
import type { Database } from "../../database/database.ts";
import { Refusal } from "../../refusal.ts";
import type { RuleTable } from "../tables.ts";
import type { Grouping, Rule, RuleKind, Severity } from "./rule.ts";
import { shippedRules } from "./shipped-rules.ts";

/** All rules, by name: those that people made, and the shipped ones as people have set them. */
export async function listRules(db: Reader): Promise<readonly Rule[]> {
  const rows = (await db.selectFrom("rule").selectAll().execute()).map(asRule);
  const untouched = shippedRules.filter(({ name }) => !rows.some((row) => row.name === name));
  return [...rows, ...untouched].toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/**
 * All rules that are looked by. One that was changed by SQL, as by somebody who wants to act unseen, is looked by as it came with
 * Ironlog; one that people made as it stands, and whatever its row says it is on.
 */
export async function listEnabledRules(db: Database): Promise<readonly Rule[]> {
  const rules: Rule[] = [];
  for (const rule of await listRules(db)) {
    const { id, name } = rule;
    const isChanged = id !== null && (await findTrusted(db, "rule", id, { name })) === null;
    const looked = isChanged ? (findShipped(name) ?? { ...rule, isEnabled: true }) : rule;
    if (looked.isEnabled) rules.push(looked);
  }
  return rules;
}

/** The rule of that name. Refuses with `not_found`. */
export async function getRule(db: Reader, name: string): Promise<Rule> {
  const row = await db.selectFrom("rule").selectAll().where("name", "=", name).executeTakeFirst();
  const rule = row === undefined ? findShipped(name) : asRule(row);
  if (rule === undefined) throw new Refusal("not_found", `There is no rule '${name.slice(0, 100)}'.`);
  return rule;
}

export function findShipped(name: string): Rule | undefined {
  return shippedRules.find((rule) => rule.name === name);
}

/** What stands in the columns was checked when it was written. */
function asRule(row: Selectable<RuleTable>): Rule {
  return {
    id: row.id,
    name: row.name,
    title: row.title,
    kind: row.kind as RuleKind,
    severity: row.severity as Severity,
    filter: JSON.parse(row.filter) as readonly string[],
    exclude: JSON.parse(row.exclude) as readonly string[],
    count: row.count,
    windowSeconds: row.window_seconds,
    groupBy: JSON.parse(row.group_by) as readonly Grouping[],
    quietSeconds: row.quiet_seconds,
    destinations: JSON.parse(row.destinations) as readonly string[],
    isEnabled: row.is_enabled === 1,
    shipped: findShipped(row.name)?.shipped ?? null,
    created: row.created,
    updated: row.updated,
  };
}
