import { type Draw, pick } from "../mutations.ts";
import { acts, forgedText } from "../schema-acts.ts";
import { itsDatabase, type Part, type Stored } from "./part.ts";

// Manipulations of the schema: what hides rows from queries, or takes a guard away.

/** One of the acts that `changed-schema.test.ts` makes one by one, or an index that isn't what its text says. */
export function drawSchemaPart(draw: Draw, stored: Stored): Part {
  const { kind } = stored;
  const way = draw(12);
  if (way < 2) {
    const how = way === 0 ? "partial" : "of another column";
    const what = `the index event_action is ${how} under its full text`;
    return { what, role: "file owner", schema: forgedText(kind, how), ...(way === 1 && { isDeep: true }) };
  }
  const act = pick(
    draw,
    acts.filter(({ kinds }) => kinds.includes(kind)),
  );
  const undo = undone(act.what, stored);
  return {
    what: act.what,
    role: act.what.includes("marked as not valid") || act.what.includes("foreign key") ? "file owner" : "table owner",
    schema: act.statements(kind, itsDatabase),
    ...(undo !== undefined && { undo }),
  };
}

/** What leaves no trace; others leave one in the catalogue, such as a table that was renamed and renamed back. */
function undone(what: string, { kind, definitions }: Stored): readonly string[] | undefined {
  const again = (name: string): string => definitions.get(name) ?? "";
  const way: Readonly<Record<string, readonly string[]>> = {
    "an index is made partial": ["drop index event_action", again("event_action")],
    "an index is dropped": [again("event_hostname")],
    "an index is added": ["drop index evil"],
    "a row policy hides events": [
      "drop policy evil on event",
      "alter table event disable row level security",
      "alter table event no force row level security",
    ],
    "row security is enabled": ["alter table event disable row level security"],
    "a rule swallows changes": ["drop rule evil on token"],
    "a trigger is disabled": ["alter table event enable trigger event_delete"],
    "a trigger is added":
      kind === "sqlite" ? ["drop trigger evil"] : ["drop trigger evil on event", "drop function evil"],
    "a child table adds events": ["drop table evil"],
    "a table is unlogged": ["alter table event set logged"],
    "a sequence counts down": ["alter sequence user_id_seq increment by 1 minvalue 1 maxvalue 9223372036854775807"],
    "the database has a search path of its own": [`alter database ${itsDatabase} reset search_path`],
    ...(kind === "sqlite" && { "a trigger is dropped": [again("event_stays")] }),
  };
  return way[what];
}
