import { freshName } from "../../support/worlds/world.ts";
import type { World } from "../../support/worlds/server-world.ts";
import { type Attempt, type OperationExamples, told } from "./example.ts";

const filter = "action:auth.login outcome:failure since:7d";
const target = (name: string) => ["view", name] as const;

async function makeView(world: World, more: object = {}): Promise<{ readonly id: number; readonly name: string }> {
  const name = freshName("view");
  const answer = await world.prepare("POST", "views", { name, filter, ...more });
  return answer.json<{ readonly id: number; readonly name: string }>();
}

async function creation(world: World): Promise<readonly Attempt[]> {
  const { name: taken } = await makeView(world);
  const name = freshName("view");
  const wrong = (what: string, values: object): Attempt => ({ what, values: { name, ...values }, status: 400 });
  return [
    wrong("no name", { name: "" }),
    wrong("a name with a blank at its end", { name: `${name} ` }),
    wrong("a name of two lines", { name: "a\nb" }),
    wrong("a filter of two lines", { filter: "a\nb" }),
    wrong("a filter that is too long", { filter: "a".repeat(4_001) }),
    wrong("a column that isn't there", { columns: ["colour"] }),
    wrong("a column twice", { columns: ["user", "user"] }),
    wrong("no column", { columns: [] }),
    wrong("an order that isn't there", { order: "random" }),
    { what: "a name that is taken", values: { name: taken }, status: 409 },
    {
      what: "a view",
      values: { name, filter, columns: ["time", "user", "target"], order: "oldest", is_shared: true },
      status: 201,
      records: [told("view.create", `Created view '${name}'.`, target(name))],
    },
  ];
}

async function update(world: World): Promise<readonly Attempt[]> {
  const { name: taken } = await makeView(world);
  const { id, name } = await makeView(world);
  const path = { id: String(id) };
  return [
    { what: "none", path: { id: "999999" }, values: { order: "oldest" }, status: 404 },
    { what: "no number", path: { id: "x" }, values: { order: "oldest" }, status: 404 },
    { what: "a name that is taken", path, values: { name: taken }, status: 409 },
    { what: "a filter of two lines", path, values: { filter: "a\nb" }, status: 400 },
    {
      what: "another order, and shared",
      path,
      values: { order: "oldest", is_shared: true },
      status: 200,
      records: [told("view.update", `Updated view '${name}': order, is_shared.`, target(name))],
    },
  ];
}

async function deletion(world: World): Promise<readonly Attempt[]> {
  const { id, name } = await makeView(world);
  const path = { id: String(id) };
  return [
    { what: "none", path: { id: "999999" }, status: 404 },
    { what: "one", path, status: 204, records: [told("view.delete", `Deleted view '${name}'.`, target(name))] },
    { what: "the same again", path, status: 404 },
  ];
}

async function choice(world: World): Promise<readonly Attempt[]> {
  const { id, name } = await makeView(world);
  return [
    { what: "none", values: { id: 999_999 }, status: 404 },
    { what: "no number", values: { id: "x" }, status: 400 },
    {
      what: "one",
      values: { id },
      status: 204,
      records: [told("view.default", `Events open with view '${name}'.`, target(name))],
    },
    {
      what: "all events",
      values: { id: null },
      status: 204,
      records: [told("view.default", "Events open without a view.", null)],
    },
  ];
}

/** Views of the events page. */
export const viewExamples: OperationExamples = {
  "POST /api/v1/views": creation,
  "PATCH /api/v1/views/{id}": update,
  "DELETE /api/v1/views/{id}": deletion,
  "PUT /api/v1/account/default-view": choice,
};
