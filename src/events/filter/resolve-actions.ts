import type { Database } from "../../database/database.ts";
import type { ResolvedFilter } from "./filter.ts";

/** Ironlog's own actions are some eighty. Where other programs bring many more, each event is looked at instead. */
const actionsKnownMax = 250;

/** Replaces beginnings of actions by the actions that the log knows. Undefined where no event can match. */
export async function resolveActions(db: Database, filter: ResolvedFilter): Promise<ResolvedFilter | undefined> {
  const { actionPrefixes, actions = [], ...rest } = filter;
  if (actionPrefixes === undefined) return filter;
  const known = await knownActions(db);
  if (known === undefined) return filter;
  const begun = known.filter((action) => actionPrefixes.some((prefix) => action.startsWith(prefix)));
  const all = new Set([...actions, ...begun]);
  return all.size === 0 ? undefined : { ...rest, actions: [...all] };
}

/** Every action that was ever recorded, by one seek each; undefined if there are too many to be listed. */
async function knownActions(db: Database): Promise<readonly string[] | undefined> {
  const known: string[] = [];
  for (let last = ""; known.length <= actionsKnownMax;) {
    const next = await db
      .selectFrom("event")
      .select("action")
      .where("action", ">", last)
      .orderBy("action")
      .limit(1)
      .executeTakeFirst();
    if (next === undefined) return known;
    known.push(next.action);
    last = next.action;
  }
  return undefined;
}
