import { queryOptions } from "@tanstack/react-query";
import { type Item, request } from "../api/request.ts";
import { exactDuration } from "../page/text/duration.ts";
import { grouped } from "../page/text/grouped.ts";
import { queryClient } from "../query-client.ts";

/** A rule by which alerts are raised. */
export type Rule = Item<"GET /rules">;
export type RuleKind = Rule["kind"];
export type Grouping = Rule["group_by"][number];

/** All of them. */
export const rulesQuery = queryOptions({
  queryKey: ["rules"],
  queryFn: ({ signal }) => request("GET /rules", { signal }),
});

/** Reads all of them again. */
export async function refreshRules(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: rulesQuery.queryKey });
}

export const kindWords: Readonly<Record<RuleKind, string>> = {
  threshold: "So many events",
  absence: "No event",
  first: "Something new",
};

export const groupingWords: Readonly<Record<Grouping, string>> = {
  user: "user",
  ip: "address",
  target: "target",
  node: "node",
  session: "session",
  key: "API key",
  action: "action",
};

/** Its interval is that of verifications, whatever the rule says. */
export const verificationRule = "no-verification";

/** When a rule raises an alert, in words. */
export function conditionOf({ name, kind, count, window_seconds: seconds, group_by: groups }: Rule): string {
  const time = seconds === null ? "" : exactDuration(seconds);
  const words = groups.map((group) => groupingWords[group]);
  switch (kind) {
    case "threshold": {
      const events = count === 1 ? "one event" : `${grouped(count ?? 0)} events within ${time}`;
      return words.length === 0 ? events : `${events}, for each ${words.join(" and ")}`;
    }
    case "absence":
      return name === verificationRule ? "no event for three intervals of verifications" : `no event for ${time}`;
    case "first": {
      const last = words.at(-1) ?? "";
      const others = words.slice(0, -1);
      const what = `${/^[aeiouA]/.test(last) ? "an" : "a"} ${last} that was not seen for 90 days`;
      return others.length === 0 ? what : `${what}, for each ${others.join(" and ")}`;
    }
  }
}
