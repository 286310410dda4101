import { freshName } from "../../support/worlds/world.ts";
import type { World } from "../../support/worlds/server-world.ts";
import { raisedAlert } from "../../support/alerting/raised-alert.ts";
import { type Attempt, type OperationExamples, told } from "./example.ts";

const threshold = { kind: "threshold", filter: ["action:node.delete"], count: 3, window_seconds: 60 };
const target = (name: string) => ["rule", name] as const;

async function withRule(world: World): Promise<string> {
  const name = freshName("rule").slice(0, 40);
  await world.prepare("POST", "rules", { name, ...threshold, is_enabled: false });
  return name;
}

async function creation(world: World): Promise<readonly Attempt[]> {
  const taken = await withRule(world);
  const name = freshName("rule").slice(0, 40);
  const wrong = (what: string, values: object): Attempt => ({ what, values: { name, ...values }, status: 400 });
  return [
    wrong("a name with blanks", { ...threshold, name: "a b" }),
    wrong("a threshold without a count", { kind: "threshold", window_seconds: 60 }),
    wrong("a threshold without a time", { kind: "threshold", count: 3 }),
    wrong("a threshold of two groups", { ...threshold, group_by: ["user", "ip"] }),
    wrong("an absence without a time", { kind: "absence" }),
    wrong("an absence with groups", { kind: "absence", window_seconds: 60, group_by: ["user"] }),
    wrong("an absence with a count", { kind: "absence", window_seconds: 60, count: 3 }),
    wrong("a first of nothing", { kind: "first" }),
    wrong("a first with a time", { kind: "first", group_by: ["ip"], window_seconds: 60 }),
    wrong("a first of the same twice", { kind: "first", group_by: ["ip", "ip"] }),
    wrong("a title of two lines", { ...threshold, title: "a\nb" }),
    wrong("a filter that is none", { ...threshold, filter: ["bob"] }),
    wrong("a destination that isn't there", { ...threshold, destinations: ["nowhere"] }),
    { what: "a name that is taken", values: { ...threshold, name: taken }, status: 409 },
    { what: "the name of a shipped one", values: { ...threshold, name: "signing-stopped" }, status: 409 },
    {
      what: "a rule",
      values: { ...threshold, name, is_enabled: false },
      status: 201,
      records: [told("rule.create", `Created rule '${name}'.`, target(name))],
    },
  ];
}

async function update(world: World): Promise<readonly Attempt[]> {
  const name = await withRule(world);
  const updated = (what: string, changed: string) =>
    told("rule.update", `Updated rule '${what}': ${changed}.`, target(what));
  const shipped = "destination-stalled";
  return [
    { what: "none", path: { name: "none" }, values: { count: 3 }, status: 404 },
    { what: "no time", path: { name }, values: { group_by: ["user", "ip"] }, status: 400 },
    { what: "a count", path: { name }, values: { count: 9 }, status: 200, records: [updated(name, "count")] },
    { what: "what a shipped one looks for", path: { name: shipped }, values: { filter: [] }, status: 400 },
    {
      what: "a shipped one",
      path: { name: shipped },
      values: { severity: "critical" },
      status: 200,
      records: [updated(shipped, "severity")],
    },
    {
      what: "a shipped one again",
      path: { name: shipped },
      values: { severity: "high" },
      status: 200,
      records: [updated(shipped, "severity")],
    },
  ];
}

async function deletion(world: World): Promise<readonly Attempt[]> {
  const name = await withRule(world);
  const deleted = told("rule.delete", `Deleted rule '${name}'.`, target(name));
  return [
    { what: "none", path: { name: "none" }, status: 404 },
    { what: "a shipped one", path: { name: "signing-stopped" }, status: 409 },
    { what: "one", path: { name }, status: 204, records: [deleted] },
    { what: "the same again", path: { name }, status: 404 },
  ];
}

async function acknowledgement(world: World): Promise<readonly Attempt[]> {
  const { id, rule } = await raisedAlert(world.server);
  const acknowledged = told("alert.acknowledge", `Acknowledged alert ${id} of rule '${rule}'.`, target(rule));
  return [
    { what: "none", path: { id: "999999" }, status: 404 },
    { what: "no number", path: { id: "x" }, status: 404 },
    { what: "one", path: { id: String(id) }, status: 204, records: [acknowledged] },
    { what: "the same again", path: { id: String(id) }, status: 409 },
  ];
}

/** Rules and alerts. */
export const alertingExamples: OperationExamples = {
  "POST /api/v1/rules": creation,
  "PATCH /api/v1/rules/{name}": update,
  "DELETE /api/v1/rules/{name}": deletion,
  "POST /api/v1/alerts/{id}/acknowledge": acknowledgement,
};
