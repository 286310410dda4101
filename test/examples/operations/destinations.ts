import { freshName } from "../../support/worlds/world.ts";
import type { World } from "../../support/worlds/server-world.ts";
import { type Attempt, type OperationExamples, told } from "./example.ts";

// Nothing listens there: destinations that are paused are never asked, and a test is refused at once.
const syslog = { transport: "syslog", url: "tcp://127.0.0.1:1", is_enabled: false };
const webhook = { transport: "webhook", url: "https://hooks.example.com/ironlog", is_enabled: false };
const signingKey = (): string => `whsec_${Buffer.from(freshName("key").padEnd(32, "-")).toString("base64")}`;
const freshDestination = (): string => freshName("to").slice(0, 40);
const target = (name: string) => ["destination", name] as const;

async function withDestination(world: World, more: object = {}): Promise<string> {
  const name = freshDestination();
  await world.prepare("POST", "destinations", { name, ...syslog, ...more });
  return name;
}

async function creation(world: World): Promise<readonly Attempt[]> {
  const taken = await withDestination(world);
  const name = freshDestination();
  const wrong = (what: string, values: object): Attempt => ({ what, values: { name, ...values }, status: 400 });
  return [
    wrong("a name with blanks", { ...syslog, name: "a b" }),
    wrong("no address", { transport: "syslog" }),
    wrong("an address without a port", { ...syslog, url: "tcp://siem" }),
    wrong("an address of another transport", { ...syslog, url: "https://siem" }),
    wrong("a password in the address", { ...webhook, url: "https://a:b@hooks.example.com" }),
    wrong("an address without TLS", { ...webhook, url: "http://hooks.example.com" }),
    wrong("a format that it doesn't carry", { ...syslog, format: "ecs" }),
    wrong("a setting of another transport", { ...syslog, index: "ironlog" }),
    wrong("a certificate that is none", { ...syslog, url: "tls://siem:6514", ca: "x" }),
    wrong("a CA without TLS", { ...syslog, server_name: "siem" }),
    wrong("a signing key that is none", { ...webhook, signing_key: "secret" }),
    wrong("a password without a user", { transport: "loki", url: "https://loki", password: "x" }),
    wrong("a directory that isn't absolute", { transport: "file", directory: "logs" }),
    wrong("a filter that is none", { ...syslog, filter: ["bob"] }),
    wrong("a filter by a time", { ...syslog, filter: ["since:2026-01-01"] }),
    wrong("an exclusion that is none", { ...syslog, exclude: ["nothing:bob"] }),
    wrong("a start that is none", { ...syslog, start: "yesterday" }),
    wrong("an event that isn't there", { ...syslog, start: "999999999" }),
    { what: "a name that is taken", values: { ...syslog, name: taken }, status: 409 },
    {
      what: "a destination",
      values: {
        ...webhook,
        name,
        signing_key: world.keep(signingKey()),
        filter: ["action:auth.*"],
        start: "beginning",
      },
      status: 201,
      records: [told("destination.create", `Created destination '${name}'.`, target(name))],
    },
  ];
}

async function update(world: World): Promise<readonly Attempt[]> {
  const name = await withDestination(world, { ...webhook, signing_key: world.keep(signingKey()) });
  const updated = (changed: string) =>
    told("destination.update", `Updated destination '${name}': ${changed}.`, target(name));
  const path = { name };
  return [
    { what: "none", path: { name: "none" }, values: { format: "json" }, status: 404 },
    { what: "a format that it doesn't carry", path, values: { format: "cef" }, status: 400 },
    { what: "another address with the old key", path, values: { url: "https://other.example.com" }, status: 400 },
    {
      what: "another filter",
      path,
      values: { filter: ["owner:bob"], format: "ocsf" },
      status: 200,
      records: [updated("format, filter")],
    },
    {
      what: "another address and key",
      path,
      values: { url: "https://other.example.com", signing_key: world.keep(signingKey()) },
      status: 200,
      records: [updated("url, signing_key")],
    },
    { what: "the same", path, values: { format: "ocsf" }, status: 200, records: [updated("no change")] },
  ];
}

async function deletion(world: World): Promise<readonly Attempt[]> {
  const name = await withDestination(world);
  const deleted = told("destination.delete", `Deleted destination '${name}'.`, target(name));
  return [
    { what: "none", path: { name: "none" }, status: 404 },
    { what: "one", path: { name }, status: 204, records: [deleted] },
    { what: "the same again", path: { name }, status: 404 },
  ];
}

async function resuming(world: World): Promise<readonly Attempt[]> {
  const name = await withDestination(world);
  const resumed = told("destination.resume", `Resumed destination '${name}'.`, target(name));
  return [
    { what: "none", path: { name: "none" }, status: 404 },
    { what: "one", path: { name }, status: 200, records: [resumed] },
    { what: "the same again", path: { name }, status: 409 },
  ];
}

async function pausing(world: World): Promise<readonly Attempt[]> {
  const name = await withDestination(world, { is_enabled: true });
  const why = "an administrator paused it";
  const paused = told("destination.pause", `Paused destination '${name}': ${why}.`, target(name));
  return [
    { what: "none", path: { name: "none" }, status: 404 },
    { what: "one", path: { name }, status: 200, records: [paused] },
    { what: "the same again", path: { name }, status: 409 },
  ];
}

async function replaying(world: World): Promise<readonly Attempt[]> {
  const name = await withDestination(world);
  const replayed = (after: number) =>
    told("destination.replay", `Destination '${name}' goes on behind event ${after}.`, target(name));
  return [
    { what: "none", path: { name: "none" }, values: { start: "now" }, status: 404 },
    { what: "an event that isn't there", path: { name }, values: { start: "999999999" }, status: 400 },
    { what: "all", path: { name }, values: { start: "beginning" }, status: 200, records: [replayed(0)] },
    { what: "from an event on", path: { name }, values: { start: "2" }, status: 200, records: [replayed(1)] },
  ];
}

async function testing(world: World): Promise<readonly Attempt[]> {
  const name = await withDestination(world);
  const tested = told("destination.test", `Sent a test to destination '${name}'.`, target(name));
  return [
    { what: "none", path: { name: "none" }, status: 404 },
    { what: "one where nobody listens", path: { name }, status: 200, records: [tested] },
  ];
}

async function resending(world: World): Promise<readonly Attempt[]> {
  const name = await withDestination(world);
  const resent = told("delivery.resend", `Sends again to '${name}': all dead letters.`, target(name));
  return [
    { what: "of none", path: { name: "none" }, values: {}, status: 404 },
    { what: "an event that is no dead letter", path: { name }, values: { event: 1 }, status: 404 },
    { what: "all", path: { name }, values: {}, status: 202, records: [resent] },
  ];
}

async function dropping(world: World): Promise<readonly Attempt[]> {
  const name = await withDestination(world);
  const dropped = told("delivery.drop", `Dropped for '${name}': all dead letters.`, target(name));
  return [
    { what: "of none", path: { name: "none" }, values: {}, status: 404 },
    { what: "all", path: { name }, values: {}, status: 202, records: [dropped] },
  ];
}

/** Destinations of events. */
export const destinationExamples: OperationExamples = {
  "POST /api/v1/destinations": creation,
  "PATCH /api/v1/destinations/{name}": update,
  "DELETE /api/v1/destinations/{name}": deletion,
  "POST /api/v1/destinations/{name}/pause": pausing,
  "POST /api/v1/destinations/{name}/resume": resuming,
  "POST /api/v1/destinations/{name}/replay": replaying,
  "POST /api/v1/destinations/{name}/test": testing,
  "POST /api/v1/destinations/{name}/dead-letters/resend": resending,
  "POST /api/v1/destinations/{name}/dead-letters/drop": dropping,
};
