import type { ActingUser } from "../../../src/audit/actor.ts";
import { perform } from "../../../src/audit/perform.ts";
import { createView, deleteView, setDefaultView, updateView } from "../../../src/views/view-actions.ts";
import type { ViewSettings } from "../../../src/views/view.ts";
import type { DatabaseWorld } from "../../support/worlds/database-world.ts";
import { now } from "../../support/worlds/database-world.ts";
import { type ActionExample, example } from "./example.ts";

const settings: ViewSettings = {
  name: "Failed logins",
  filter: "outcome:failure since:7d",
  columns: ["time", "user"],
  order: "newest",
  isShared: true,
};

async function withView({ db, ada }: DatabaseWorld): Promise<{ readonly id: number; readonly user: ActingUser }> {
  const user = ada.actor.user as ActingUser;
  const { id } = await perform(db, ada.actor, createView, { user, settings, now });
  return { id, user };
}

/** Views of the events page. */
export const viewActionExamples: Readonly<Record<string, ActionExample>> = {
  "views/createView": example(createView, ({ ada }) => [
    ada.actor,
    { user: ada.actor.user as ActingUser, settings, now },
  ]),
  "views/updateView": example(updateView, async (world) => [
    world.ada.actor,
    { ...(await withView(world)), changes: { columns: null, isShared: false }, now: now + 1 },
  ]),
  "views/deleteView": example(deleteView, async (world) => [world.ada.actor, await withView(world)]),
  "views/setDefaultView": example(setDefaultView, async (world) => [world.ada.actor, await withView(world)]),
  "views/setDefaultView (another)": example(setDefaultView, async (world) => {
    const { id, user } = await withView(world);
    await perform(world.db, world.ada.actor, setDefaultView, { id, user });
    return [world.ada.actor, { id, user }];
  }),
  "views/setDefaultView (none)": example(setDefaultView, async (world) => {
    const { id, user } = await withView(world);
    await perform(world.db, world.ada.actor, setDefaultView, { id, user });
    return [world.ada.actor, { id: null, user }];
  }),
};
