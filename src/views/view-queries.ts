import type { Selectable } from "kysely";
import type { Reader } from "../audit/action.ts";
import { Refusal } from "../refusal.ts";
import type { ViewTable } from "./tables.ts";
import type { View, ViewColumn, ViewOrder } from "./view.ts";
import { findPathId } from "../http/request/path-id.ts";

/** Somebody's own views and those that others share, by name. */
export async function listViews(db: Reader, userId: number): Promise<readonly View[]> {
  const rows = await selectViews(db)
    .where((eb) => eb.or([eb("view.user_id", "=", userId), eb("view.is_shared", "=", 1)]))
    .orderBy("view.name")
    .orderBy("view.id")
    .execute();
  return rows.map(asView);
}

/** A view that somebody may see. Refuses with `not_found`, also what others keep for themselves. */
export async function getView(db: Reader, id: number, userId: number): Promise<View> {
  // PostgreSQL refuses a number that no id can be.
  const row = Number.isSafeInteger(id) ? await selectViews(db).where("view.id", "=", id).executeTakeFirst() : undefined;
  const view = row === undefined ? undefined : asView(row);
  if (view === undefined || (view.userId !== userId && !view.isShared)) throw noSuchView();
  return view;
}

/** The view that somebody's events page opens with, where they have chosen one. */
export async function findDefaultView(db: Reader, userId: number): Promise<number | undefined> {
  const row = await db.selectFrom("default_view").select("view_id").where("user_id", "=", userId).executeTakeFirst();
  return row?.view_id;
}

/** The same as a view; undefined also where its owner shares it no more. */
export async function findOpeningView(db: Reader, userId: number): Promise<View | undefined> {
  const row = await selectViews(db)
    .innerJoin("default_view", "default_view.view_id", "view.id")
    .where("default_view.user_id", "=", userId)
    .where((eb) => eb.or([eb("view.user_id", "=", userId), eb("view.is_shared", "=", 1)]))
    .executeTakeFirst();
  return row === undefined ? undefined : asView(row);
}

/** The id in a path. Refuses with `not_found`. */
export function parseViewId(text: string | undefined): number {
  const id = findPathId(text);
  if (id === undefined) throw noSuchView();
  return id;
}

function noSuchView(): Refusal {
  return new Refusal("not_found", "There is no view of that id, or it isn't shared.");
}

function selectViews(db: Reader) {
  return db
    .selectFrom("view")
    .innerJoin("user", "user.id", "view.user_id")
    .selectAll("view")
    .select("user.username as owner");
}

/** What stands in the columns was checked when it was written. */
function asView(row: Selectable<ViewTable> & { readonly owner: string }): View {
  return {
    id: row.id,
    userId: row.user_id,
    owner: row.owner,
    name: row.name,
    filter: row.filter,
    columns: row.columns === null ? null : (JSON.parse(row.columns) as readonly ViewColumn[]),
    order: row.sort as ViewOrder,
    isShared: row.is_shared === 1,
    created: row.created,
    updated: row.updated,
  };
}
