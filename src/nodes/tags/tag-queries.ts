import type { Selectable } from "kysely";
import type { Reader } from "../../audit/action.ts";
import type { TagTable } from "../tables.ts";
import { Refusal } from "../../refusal.ts";

/** A word that nodes bear. */
export interface Tag {
  readonly id: number;
  readonly name: string;
  /** MAAS's XPath expression, which is kept and not applied: it would ask the hardware. */
  readonly definition: string;
  readonly comment: string;
  readonly kernelOpts: string;
}

export async function listTags(db: Reader): Promise<readonly Tag[]> {
  const rows = await db.selectFrom("tag").selectAll().orderBy("name").execute();
  return rows.map(asTag);
}

export async function findTag(db: Reader, name: string): Promise<Tag | undefined> {
  const row = await db.selectFrom("tag").selectAll().where("name", "=", name).executeTakeFirst();
  return row === undefined ? undefined : asTag(row);
}

/** The tag of that name. Refuses with `not_found`. */
export async function getTag(db: Reader, name: string): Promise<Tag> {
  const tag = await findTag(db, name);
  if (tag === undefined) throw new Refusal("not_found", `There is no tag '${name}'.`);
  return tag;
}

function asTag({ id, name, definition, comment, kernel_opts: kernelOpts }: Selectable<TagTable>): Tag {
  return { id, name, definition, comment, kernelOpts };
}
