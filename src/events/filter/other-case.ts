import { readsAll, type Viewer } from "../../audit/actor.ts";
import type { Database } from "../../database/database.ts";
import type { EventFilter } from "./filter.ts";

/** Values of a filter that are looked for in other cases, and accounts that are offered for one. */
const valuesMax = 10;
const accountsMax = 10;

type Column = "username" | "type" | "action" | "hostname" | "node" | "target_name";

/** What to ask for instead: the filter, and its value. */
interface OtherCase {
  readonly filter: "owner" | "type" | "action" | "node" | "target";
  readonly value: string;
}

interface Asked {
  readonly filter: OtherCase["filter"];
  readonly name: string;
  readonly columns: readonly Column[];
  /** What stands before the name in the filter's value. */
  readonly before?: string;
}

/**
 * The names in the log that differ from those asked for in case alone, for a filter that found nothing. Costs some seeks for each name:
 * accounts, and the name in small letters, in capitals, and with a capital first. Who doesn't read everything is told of their own name alone.
 */
export async function findOtherCases(db: Database, viewer: Viewer, filter: EventFilter): Promise<readonly OtherCase[]> {
  if ("realm" in viewer) return [];
  const all = namesOf(filter);
  if (!readsAll(viewer)) {
    const own = viewer.username;
    const isMeant = all.some(({ filter: by, name }) => by === "owner" && name !== own && isAlike(name, own));
    return isMeant ? [{ filter: "owner", value: written(own) }] : [];
  }
  const found: OtherCase[] = [];
  for (const asked of all.slice(0, valuesMax)) {
    if (await isRecorded(db, asked.columns, asked.name)) continue;
    for (const name of await otherCasesOf(db, asked.name)) {
      if (!(await isRecorded(db, asked.columns, name))) continue;
      found.push({ filter: asked.filter, value: `${asked.before ?? ""}${written(name)}` });
    }
  }
  return found;
}

function namesOf({ usernames = [], types = [], actions = [], nodeNames = [], targets = [] }: EventFilter) {
  const asked = (filter: Asked["filter"], names: readonly string[], ...columns: readonly Column[]): readonly Asked[] =>
    names.map((name) => ({ filter, name, columns }));
  return [
    ...asked(
      "owner",
      usernames.filter((name) => name !== null),
      "username",
    ),
    ...asked("type", types, "type"),
    ...asked("action", actions, "action"),
    ...asked("node", nodeNames, "hostname", "node"),
    ...targets.flatMap((target): readonly Asked[] => {
      if (target.isBeginning === true) return [];
      if (target.kind === "either") return asked("target", [target.text], "target_name");
      if (target.kind !== "kind-and-name") return [];
      return [{ filter: "target", name: target.name, columns: ["target_name"], before: `${target.targetKind}/` }];
    }),
  ];
}

async function otherCasesOf(db: Database, name: string): Promise<ReadonlySet<string>> {
  const lower = name.toLowerCase();
  const accounts = await db
    .selectFrom("user")
    .select("username")
    .where((eb) => eb(eb.fn<string>("lower", ["username"]), "=", lower))
    .orderBy("id")
    .limit(accountsMax)
    .execute();
  const names = new Set([
    ...accounts.map(({ username }) => username),
    lower,
    name.toUpperCase(),
    lower.charAt(0).toUpperCase() + lower.slice(1),
  ]);
  names.delete(name);
  return names;
}

async function isRecorded(db: Database, columns: readonly Column[], name: string): Promise<boolean> {
  for (const column of columns) {
    const event = await db.selectFrom("event").select("id").where(column, "=", name).limit(1).executeTakeFirst();
    if (event !== undefined) return true;
  }
  return false;
}

function isAlike(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** As a filter takes it: a star would stand for more. */
function written(name: string): string {
  return name.replaceAll(/(\\*)\*/g, String.raw`$1$1\*`);
}
