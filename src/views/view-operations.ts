import { type Static, Type } from "typebox";
import { actingUser } from "../http/authentication/acting-user.ts";
import { listOf, nativeList } from "../http/native/list.ts";
import { nativeOperation, type NativeOperation } from "../http/native/operation.ts";
import { bodyOf } from "../http/native/resource.ts";
import { rfc3339Micros } from "../time.ts";
import { createView, deleteView, setDefaultView, shownView, updateView } from "./view-actions.ts";
import { findDefaultView, getView, listViews, parseViewId } from "./view-queries.ts";
import { type View, viewColumns, viewOrders, type ViewSettings } from "./view.ts";

const access = { who: "user", alsoAuditors: true } as const;

const columns = Type.Array(Type.Enum([...viewColumns]), { maxItems: viewColumns.length });
const editable = Type.Object({
  name: Type.String({ description: "1 to 60 characters; each of your views has its own." }),
  filter: Type.String({ description: "As it stands in the filter line of the events page; empty for all events." }),
  columns: Type.Union([columns, Type.Null()], {
    description: `What is shown of each event, from left to right, of ${viewColumns.join(", ")}; null for what the page shows by itself.`,
  }),
  order: Type.Enum([...viewOrders], { description: "newest unless given." }),
  is_shared: Type.Boolean({
    description: "Whether everybody who has an account here finds it; each sees the events that they may.",
  }),
});
const changes = Type.Partial(editable);

const schema = Type.Object({
  id: Type.Integer(),
  ...editable.properties,
  owner: Type.String({ description: "Whose it is." }),
  is_own: Type.Boolean({ description: "Whether it is yours." }),
  is_default: Type.Boolean({ description: "Whether your events page opens with it." }),
  created: Type.String({ format: "date-time" }),
  updated: Type.String({ format: "date-time" }),
});

function settingsOf({ is_shared, ...same }: Static<typeof changes>): Partial<ViewSettings> {
  return { ...same, ...(is_shared !== undefined && { isShared: is_shared }) };
}

function nativeView(view: View, userId: number, defaultId: number | undefined) {
  return {
    id: view.id,
    ...shownView(view),
    owner: view.owner,
    is_own: view.userId === userId,
    is_default: view.id === defaultId,
    created: rfc3339Micros(view.created),
    updated: rfc3339Micros(view.updated),
  };
}

/** Filters of the events page that people keep under a name. */
export const viewOperations: readonly NativeOperation[] = [
  nativeOperation({
    ...access,
    path: "/views",
    method: "GET",
    id: "listViews",
    command: ["views", "list"],
    columns: ["id", "name", "owner", "is_shared", "is_default", "filter"],
    summary: "List views",
    answer: { status: 200, description: "Yours and those that others share, by name.", schema: listOf(schema) },
    does: ({ query }) =>
      query(async ({ db, actor }) => {
        const { id } = actingUser(actor);
        const defaultId = await findDefaultView(db, id);
        const views = await listViews(db, id);
        return { status: 200, body: nativeList(views.map((view) => nativeView(view, id, defaultId))) };
      }),
  }),
  nativeOperation({
    ...access,
    path: "/views/{id}",
    method: "GET",
    id: "readView",
    command: ["views", "read"],
    summary: "Read a view",
    answer: { status: 200, description: "The view.", schema },
    does: ({ query }) =>
      query(async ({ db, actor, request: { path } }) => {
        const { id } = actingUser(actor);
        const view = await getView(db, parseViewId(path["id"]), id);
        return { status: 200, body: nativeView(view, id, await findDefaultView(db, id)) };
      }),
  }),
  nativeOperation({
    ...access,
    path: "/views",
    method: "POST",
    id: "createView",
    command: ["views", "create"],
    summary: "Save a view",
    description: "A filter of the events page, under a name.",
    body: bodyOf({ ...changes.properties, name: editable.properties.name }),
    answer: { status: 201, description: "The new view.", schema },
    does: ({ command }) =>
      command({
        action: createView,
        async input({ actor, now, request: { body } }) {
          const initial = { filter: "", columns: null, order: "newest" as const, isShared: false };
          return { user: actingUser(actor), settings: { ...initial, ...settingsOf(body), name: body.name }, now };
        },
        output: (view) => ({ status: 201, body: nativeView(view, view.userId, undefined) }),
      }),
  }),
  nativeOperation({
    ...access,
    path: "/views/{id}",
    method: "PATCH",
    id: "updateView",
    command: ["views", "update"],
    summary: "Change a view",
    description: "One of your own, or as an administrator one that is shared.",
    body: bodyOf(changes.properties),
    answer: { status: 200, description: "The view as it is now.", schema },
    does: ({ command }) =>
      command({
        action: updateView,
        input: async ({ actor, now, request: { path, body } }) => ({
          id: parseViewId(path["id"]),
          user: actingUser(actor),
          changes: settingsOf(body),
          now,
        }),
        async output({ after }, { db, actor }) {
          const { id } = actingUser(actor);
          return { status: 200, body: nativeView(after, id, await findDefaultView(db, id)) };
        },
      }),
  }),
  nativeOperation({
    ...access,
    path: "/views/{id}",
    method: "DELETE",
    id: "deleteView",
    command: ["views", "delete"],
    summary: "Delete a view",
    description: "One of your own, or as an administrator one that is shared. The events stay as they are.",
    answer: { status: 204, description: "It is gone." },
    does: ({ command }) =>
      command({
        action: deleteView,
        input: async ({ actor, request: { path } }) => ({ id: parseViewId(path["id"]), user: actingUser(actor) }),
        output: () => ({ status: 204 }),
      }),
  }),
  nativeOperation({
    ...access,
    path: "/account/default-view",
    method: "PUT",
    id: "setDefaultView",
    command: ["views", "set-default"],
    summary: "Choose the view that your events page opens with",
    body: bodyOf({
      id: Type.Union([Type.Integer(), Type.Null()], { description: "The view; null for all events." }),
    }),
    answer: { status: 204, description: "It is chosen." },
    does: ({ command }) =>
      command({
        action: setDefaultView,
        input: async ({ actor, request: { body } }) => ({ id: body.id, user: actingUser(actor) }),
        output: () => ({ status: 204 }),
      }),
  }),
];
