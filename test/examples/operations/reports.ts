import { freshName, secretOf } from "../../support/worlds/world.ts";
import { type Attempt, type OperationExamples, refused, told } from "./example.ts";
import { makeNode } from "./nodes.ts";
import { byKey, type World } from "../../support/worlds/server-world.ts";

async function reporting(world: World): Promise<readonly Attempt[]> {
  const robot = await world.person();
  const node = await makeNode(world);
  const { api_key } = await world.make<{ readonly api_key: string }>(`users/${robot.username}/tokens`, {
    scopes: ["events:write"],
  });
  world.keep(secretOf(api_key));
  const by = byKey({ ...robot, apiKey: api_key });
  const [one, two] = [freshName("key"), freshName("key")];
  const power = {
    level: "ERROR",
    type: "NODE_POWER_FAILURE",
    action: "node.power",
    outcome: "failure",
    description: "No answer from the BMC.",
    node: node.system_id,
    key: one,
  };
  const login = {
    level: "AUDIT",
    type: "AUTHORISATION",
    action: "user.login",
    description: "Somebody logged in elsewhere.",
    username: "somebody",
    target: { kind: "host", id: "7", name: "bastion" },
    key: two,
  };
  return [
    { what: "an event without a description", by, values: { ...power, description: "" }, status: 400 },
    { what: "an event that is wrong, among others", by, list: [login, { ...power, level: "LOUD" }], status: 400 },
    {
      what: "two events",
      by,
      list: [power, login],
      status: 201,
      records: [
        told("node.power", "No answer from the BMC.", null, {
          outcome: "failure",
          username: null,
          external: { level: "ERROR", type: "NODE_POWER_FAILURE" },
        }),
        told("user.login", "Somebody logged in elsewhere.", ["host", "bastion"], {
          username: "somebody",
          external: { level: "AUDIT", type: "AUTHORISATION" },
        }),
      ],
    },
    {
      what: "a source that isn't its key's",
      by,
      values: { ...power, key: "other", source: "maas:prod" },
      status: 403,
      records: [refused("POST /api/v1/events")],
    },
    { what: "the same again, under their keys", by, list: [power, login], status: 201 },
    { what: "something else under a key that was used", by, values: { ...power, outcome: "success" }, status: 409 },
  ];
}

async function exporting(world: World): Promise<readonly Attempt[]> {
  const by = byKey(await world.person());
  const exported = (words: string) => told("log.export", `Exported events as ${words}.`, null);
  return [
    { what: "no format", by, status: 400 },
    { what: "a level that is none", by, values: { format: "csv", level: "LOUD" }, status: 400 },
    { what: "one's own events", by, values: { format: "csv" }, status: 200, records: [exported("CSV")] },
    { what: "all events", values: { format: "jsonl", owner: "admin" }, status: 200, records: [exported("JSON Lines")] },
  ];
}

async function proving(world: World): Promise<readonly Attempt[]> {
  const by = byKey(await world.person());
  const exported = told("log.export", "Exported events as a bundle with proofs.", null);
  return [
    { what: "a level that is none", by, values: { level: "LOUD" }, status: 400 },
    { what: "an order, which it has none", by, values: { order: "oldest" }, status: 400 },
    { what: "one's own events", by, status: 200, records: [exported] },
    { what: "somebody's events", values: { owner: "admin" }, status: 200, records: [exported] },
  ];
}

async function reviewing(world: World): Promise<readonly Attempt[]> {
  const made = told("access.review", "Made an access review.", null);
  const auditor = await world.person({ isAuditor: true });
  return [
    { what: "a bad time", values: { since: "yesterday" }, status: 400 },
    { what: "no days", values: { unused_days: 0 }, status: 400 },
    { what: "the last quarter", values: {}, status: 200, records: [made] },
    { what: "an auditor's", by: byKey(auditor), values: { unused_days: 30 }, status: 200, records: [made] },
  ];
}

/** Events that other programs report, those that leave as a file, and what is reported of everybody's access. */
export const reportExamples: OperationExamples = {
  "POST /api/v1/events": reporting,
  "GET /api/v1/events/export": exporting,
  "GET /api/v1/events/evidence": proving,
  "POST /api/v1/reports/access": reviewing,
};
