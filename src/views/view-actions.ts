import { defineAction, type Tx } from "../audit/action.ts";
import type { ActingUser } from "../audit/actor.ts";
import { differences } from "../audit/differences.ts";
import { draftEvent } from "../audit/event-draft.ts";
import { Refusal } from "../refusal.ts";
import { canonicalJson } from "../verifiable-log/canonical-json.ts";
import { refuseUnusableView, type View, type ViewSettings, viewsMax } from "./view.ts";
import { findDefaultView, getView } from "./view-queries.ts";

export interface NewView {
  readonly user: ActingUser;
  readonly settings: ViewSettings;
  /** Microseconds. */
  readonly now: number;
}

export const createView = defineAction({
  async run(tx, { user, settings, now }: NewView): Promise<View> {
    refuseUnusableView(settings);
    const own = await tx.selectFrom("view").select("name").where("user_id", "=", user.id).execute();
    refuseTakenName(own, settings.name);
    if (own.length >= viewsMax) {
      throw new Refusal("conflict", `You have ${viewsMax} views: delete one that you don't need.`);
    }
    const { id } = await tx
      .insertInto("view")
      .values({ ...columnsOf(settings), user_id: user.id, created: now, updated: now })
      .returning("id")
      .executeTakeFirstOrThrow();
    return { ...settings, id, userId: user.id, owner: user.username, created: now, updated: now };
  },
  events: (view) => [
    draftEvent("view.create", { name: view.name }, { target: viewTarget(view), details: shownView(view) }),
  ],
});

/** A view that somebody means to change, and who it is. */
interface ChosenView {
  readonly id: number;
  readonly user: ActingUser;
}

/** Changes a view: one's own, or as an administrator one that is shared. */
export const updateView = defineAction({
  async run(tx, { id, user, changes, now }: ChosenView & { changes: Partial<ViewSettings>; now: number }) {
    const before = await getChangeable(tx, { id, user });
    const after: View = { ...before, ...changes, updated: now };
    refuseUnusableView(after);
    const others = tx.selectFrom("view").select("name").where("user_id", "=", before.userId).where("id", "!=", id);
    refuseTakenName(await others.execute(), after.name);
    // Nobody's page opens with what they don't see any more.
    if (!after.isShared) {
      await tx.deleteFrom("default_view").where("view_id", "=", id).where("user_id", "!=", before.userId).execute();
    }
    await tx
      .updateTable("view")
      .set({ ...columnsOf(after), updated: now })
      .where("id", "=", id)
      .execute();
    return { before, after };
  },
  events({ before, after }) {
    const values = differences(shownView(before), shownView(after));
    const changed = Object.keys(values);
    const about = { target: viewTarget(after), details: { changed, ...values } };
    return [draftEvent("view.update", { name: after.name, changed }, about)];
  },
});

/** Deletes a view: one's own, or as an administrator one that is shared. Whose page it opened sees all events again. */
export const deleteView = defineAction({
  async run(tx, { id, user }: ChosenView) {
    const view = await getChangeable(tx, { id, user });
    await tx.deleteFrom("default_view").where("view_id", "=", id).execute();
    await tx.deleteFrom("view").where("id", "=", id).execute();
    return view;
  },
  events: (view) => [
    draftEvent("view.delete", { name: view.name }, { target: viewTarget(view), details: shownView(view) }),
  ],
});

/** Has somebody's events page open with a view, or with all events where `id` is null. */
export const setDefaultView = defineAction({
  async run(tx, { id, user }: { readonly id: number | null; readonly user: ActingUser }) {
    const view = id === null ? null : await getView(tx, id, user.id);
    const before = await findDefaultView(tx, user.id);
    if (view === null) await tx.deleteFrom("default_view").where("user_id", "=", user.id).execute();
    else if (before === undefined) {
      await tx.insertInto("default_view").values({ user_id: user.id, view_id: view.id }).execute();
    } else {
      await tx.updateTable("default_view").set({ view_id: view.id }).where("user_id", "=", user.id).execute();
    }
    return { view, before };
  },
  events({ view, before }) {
    const details = { old: before ?? null, new: view?.id ?? null };
    return [
      draftEvent(
        "view.default",
        { name: view?.name ?? null },
        { details, ...(view !== null && { target: viewTarget(view) }) },
      ),
    ];
  },
});

/** Deletes the views of a user who is about to be deleted. Returns how many there were. */
export async function deleteViewsOf(tx: Tx, userId: number): Promise<number> {
  const own = tx.selectFrom("view").select("id").where("user_id", "=", userId);
  await tx
    .deleteFrom("default_view")
    .where((eb) => eb.or([eb("user_id", "=", userId), eb("view_id", "in", own)]))
    .execute();
  const { numDeletedRows } = await tx.deleteFrom("view").where("user_id", "=", userId).executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

async function getChangeable(tx: Tx, { id, user }: ChosenView): Promise<View> {
  const view = await getView(tx, id, user.id);
  if (view.userId === user.id || user.isSuperuser) return view;
  throw new Refusal("forbidden", `This view is ${view.owner}'s: save one of your own.`);
}

function refuseTakenName(others: readonly { readonly name: string }[], name: string): void {
  if (others.every((other) => other.name !== name)) return;
  const message = "A view of that name is there already.";
  throw new Refusal("conflict", message, { fields: { name: [message] } });
}

function viewTarget({ id, name }: View) {
  return { kind: "view", id: String(id), name };
}

/** What people set of a view, by the names of the API. */
export function shownView({ name, filter, columns, order, isShared }: ViewSettings) {
  return { name, filter, columns, order, is_shared: isShared };
}

function columnsOf({ name, filter, columns, order, isShared }: ViewSettings) {
  return {
    name,
    filter,
    columns: columns === null ? null : canonicalJson(columns),
    sort: order,
    is_shared: Number(isShared),
  };
}
