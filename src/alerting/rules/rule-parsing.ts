import type { Reader } from "../../audit/action.ts";
import { parseFilterPairs } from "../../events/filter/native-filter.ts";
import { invalidField } from "../../refusal.ts";
import { shortNamePattern } from "../../verifiable-log/short-name.ts";
import type { RuleSettings } from "./rule.ts";
import { isOneLine } from "../../http/request/text.ts";

const titleMax = 200;

/** Refuses with `invalid` what makes no rule. */
export function refuseUnusable(rule: RuleSettings): void {
  const { name, title, kind, count, windowSeconds, groupBy } = rule;
  if (!shortNamePattern.test(name)) {
    throw invalidField(
      "name",
      "Enter 1 to 40 small letters, digits and hyphens: the name stands in the rule's alerts.",
    );
  }
  if (title.trim() === "" || title.length > titleMax || !isOneLine(title)) {
    throw invalidField("title", `Enter one line of 1 to ${titleMax} characters: what an alert of it says.`);
  }
  parseFilterPairs(rule.filter, rule.exclude);
  if (kind === "threshold" && count === null) throw invalidField("count", "Enter how many events make an alert.");
  if (kind !== "threshold" && count !== null) throw invalidField("count", "Only a threshold counts events.");
  if (kind !== "first" && windowSeconds === null) {
    throw invalidField(
      "window_seconds",
      kind === "absence" ? "Enter for how long there may be none." : "Enter within how long.",
    );
  }
  if (kind === "first" && windowSeconds !== null) {
    throw invalidField("window_seconds", "What was unseen for 90 days counts as first: there is no other time.");
  }
  if (kind === "threshold" && groupBy.length > 1)
    throw invalidField("group_by", "A threshold is of one kind of group.");
  if (kind === "absence" && groupBy.length > 0) {
    throw invalidField("group_by", "An absence has no groups: narrow its filter instead.");
  }
  if (kind === "first" && groupBy.length === 0) throw invalidField("group_by", "Enter what must be new, such as ip.");
  if (new Set(groupBy).size < groupBy.length) throw invalidField("group_by", "Enter each of them once.");
}

/** Refuses destinations that aren't there. */
export async function refuseUnknownDestinations(db: Reader, destinations: readonly string[]): Promise<void> {
  if (destinations.length === 0) return;
  const rows = await db.selectFrom("destination").select("name").where("name", "in", destinations).execute();
  const missing = destinations.find((name) => !rows.some((row) => row.name === name));
  if (missing !== undefined) throw invalidField("destinations", `There is no destination '${missing.slice(0, 100)}'.`);
}
