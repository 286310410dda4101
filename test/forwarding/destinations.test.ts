import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { type SentFormat, transports } from "../../src/forwarding/destinations/destination.ts";
import type { NativeClient } from "../support/clients/native-client.ts";
import { forEachKind } from "../support/each-kind.ts";
import {
  type Collector,
  datagramCollector,
  fileCollector,
  httpCollector,
  syslogCollector,
} from "../support/forwarding/collectors.ts";
import { createDestination, logged, readDestination } from "../support/forwarding/destinations.ts";
import { makeCertificates } from "../support/receivers/certificates.ts";
import { startMailServer } from "../support/receivers/mail-server.ts";
import { powerFailure } from "../support/reports.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { admin, makePerson } from "../support/worlds/people.ts";

// Destinations of every transport and format, from the API of a whole server to a receiver's sockets.

/** What is sent and what an outsider reports. Gives the id of the last event of it. */
async function act(native: NativeClient, times = 3): Promise<number> {
  for (let at = 0; at < times; at += 1) {
    assert.equal((await native.ask("POST", "account/tokens", { name: `näme "${at}" \\ ]|=` })).status, 201);
    assert.equal(
      (await native.ask("POST", "events", { ...powerFailure, description: `line\nbreak ${at}` })).status,
      201,
    );
  }
  const [newest] = (await native.ask("GET", "events?limit=1")).json<{ items: { id: number }[] }>().items;
  return newest?.id ?? 0;
}

/** Waits until that event is there, and fails unless all up to it arrived once, in order, with the hashes of the log. */
async function assertArrived(native: NativeClient, collector: Collector, name: string, first: number, last: number) {
  await until(() => collector.arrived().some(({ id }) => id >= last));
  const arrived = collector.arrived().filter(({ id }) => id <= last);
  assert.deepEqual(arrived, await logged(native, first, last), name);
}

async function startAll(formats: (transport: keyof typeof transports) => readonly SentFormat[]) {
  const collectors = new Map<string, Collector>();
  for (const format of formats("syslog")) {
    collectors.set(`udp-${format}`, await datagramCollector(format));
    collectors.set(`tcp-${format}`, await syslogCollector({ format }));
    collectors.set(`lines-${format}`, await syslogCollector({ format, framing: "lf" }));
  }
  for (const format of ["json", "cef"] as const) {
    collectors.set(`old-${format}`, await syslogCollector({ format, framing: "lf", protocol: "rfc3164" }));
  }
  for (const transport of ["webhook", "splunk", "elasticsearch", "loki", "otlp"] as const) {
    for (const format of formats(transport)) {
      collectors.set(`${transport}-${format}`, await httpCollector(transport, format));
    }
  }
  for (const format of formats("file")) collectors.set(`file-${format}`, await fileCollector(format));
  return collectors;
}

forEachKind((kind) => {
  test(`each transport delivers each of its formats as the log has it, in order (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await using stopping = new AsyncDisposableStack();
    const collectors = await startAll((transport) => transports[transport]);
    for (const collector of collectors.values()) stopping.use(collector);
    for (const [name, { destination }] of collectors) {
      await createDestination(native, { name, ...destination, start: "beginning" });
    }
    const last = await act(native);
    for (const [name, collector] of collectors) await assertArrived(native, collector, name, 1, last);
    for (const name of collectors.keys()) {
      await until(async () => (await readDestination(native, name)).delivered_to >= last);
      const { state, last_error, dead_letters } = await readDestination(native, name);
      assert.deepEqual([state, last_error, dead_letters], ["delivering", null, 0], name);
    }
  });

  test(`over TLS and HTTPS both sides are known by their certificates (${kind})`, async (t) => {
    const certificates = await makeCertificates(t);
    if (certificates === undefined) return;
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await using syslog = await syslogCollector({ format: "syslog", certificates });
    await using webhook = await httpCollector("webhook", "json", certificates);
    const both = { syslog, webhook };
    for (const [name, { destination }] of Object.entries(both)) {
      await createDestination(native, { name, ...destination, start: "beginning" });
    }
    const last = await act(native);
    for (const [name, collector] of Object.entries(both)) await assertArrived(native, collector, name, 1, last);
    const { stranger } = certificates;
    const unknown = { ...syslog.destination, client_certificate: stranger.certificate, client_key: stranger.key };
    await createDestination(native, { name: "stranger", ...unknown, is_enabled: false });
    const refused = await sendTest(native, "stranger");
    assert.equal(refused.is_delivered, false);
    assert.match(refused.why ?? "", /^localhost:\d+ .*client certificate/);
  });

  test(`a webhook's messages are signed by its key, and the same message has the same id (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await using webhook = await httpCollector("webhook", "json");
    let failures = 1;
    webhook.receiver.reply = () => ({ status: (failures -= 1) >= 0 ? 500 : 200 });
    await createDestination(native, { name: "hook", ...webhook.destination, start: "beginning" });
    const last = await act(native);
    await until(() => webhook.receiver.requests.length > 1 && webhook.arrived().some(({ id }) => id >= last));
    const [first, second] = webhook.receiver.requests;
    assert.equal(second?.headers["webhook-id"], first?.headers["webhook-id"]);
    const key = Buffer.from("the webhook's key, 32 bytes long");
    for (const { headers, body } of webhook.receiver.requests) {
      const [id, seconds] = [String(headers["webhook-id"]), String(headers["webhook-timestamp"])];
      const signed = Buffer.concat([Buffer.from(`${id}.${seconds}.`), body]);
      const signature = createHmac("sha256", key).update(signed).digest("base64");
      assert.equal(headers["webhook-signature"], `v1,${signature}`);
    }
  });

  test(`alerts, and nothing else, go by e-mail to the destination that their rule names (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await using mail = await startMailServer();
    const url = `smtp://127.0.0.1:${mail.port}`;
    const settings = {
      transport: "email",
      url,
      plain_http: true,
      from: "ironlog@example.com",
      to: ["ops@example.com"],
    };
    await createDestination(native, { name: "ops", ...settings, username: "ironlog", password: "right" });
    const rule = {
      name: "tokens",
      title: "A token was made",
      kind: "threshold",
      severity: "high",
      filter: ["action:token.create"],
      count: 1,
      window_seconds: 60,
      group_by: ["user"],
      destinations: ["ops"],
    };
    assert.equal((await native.ask("POST", "rules", rule)).status, 201);
    const test = await sendTest(native, "ops");
    assert.deepEqual([test.is_delivered, test.why], [true, null]);
    await act(native, 1);
    await until(() => mail.mails.length === 2);
    const [, alert] = mail.mails;
    assert.deepEqual([alert?.from, alert?.to, alert?.user], ["ironlog@example.com", ["ops@example.com"], "ironlog"]);
    assert.match(alert?.text ?? "", /^Subject: \[Ironlog\] .*A token was made/m);
    const { id } = (await logged(native, 1, Infinity, "action=alert.raise"))[0] ?? {};
    assert.match(alert?.text ?? "", new RegExp(`^event: ${id}\\r$`, "m"));
    await until(async () => (await readDestination(native, "ops")).behind === 0);
    assert.equal(mail.mails.length, 2);
  });

  test(`a test says whether the receiver took it, and what to mend where it didn't (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await using syslog = await syslogCollector({ format: "syslog" });
    const { port } = syslog.receiver;
    await createDestination(native, { name: "siem", ...syslog.destination, is_enabled: false });
    const taken = await sendTest(native, "siem");
    assert.deepEqual([taken.is_delivered, taken.why], [true, null]);
    assert.deepEqual(
      syslog.arrived().map(({ id }) => id),
      [taken.event],
    );
    syslog.receiver.behaviour = "breaks-off";
    const brokenOff = await sendTest(native, "siem");
    assert.equal(brokenOff.why, `127.0.0.1:${port} broke the connection off before it acknowledged what was sent.`);
    await syslog.receiver.kill();
    const refused = await sendTest(native, "siem");
    assert.equal(refused.is_delivered, false);
    assert.equal(
      refused.why,
      `Connection refused by 127.0.0.1:${port}: is the receiver running, and is this its port?`,
    );
    // The log tells of each of them, and how far the destination is stays as it was.
    const told = await logged(native, 1, Infinity, "action=destination.test");
    assert.deepEqual(
      told.map(({ id }) => id),
      [taken.event, brokenOff.event, refused.event],
    );
    const { delivered, last_error } = await readDestination(native, "siem");
    assert.deepEqual([delivered, last_error], [0, null]);
    const own = { transport: "webhook", url: server.url, is_enabled: false };
    await createDestination(native, { name: "itself", ...own });
    assert.match((await sendTest(native, "itself")).why ?? "", /Ironlog/);
    assert.equal((await native.ask("POST", "destinations/nothing/test")).status, 404);
  });

  test(`a filter sends what it matches, and an edited one holds of what comes after (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { native } = admin(server);
    const bob = await makePerson(server);
    await using siem = await httpCollector("splunk", "json");
    const filter = [`owner:${bob.username}`];
    await createDestination(native, { name: "siem", ...siem.destination, start: "beginning", filter });
    await act(native);
    await bob.native.ask("POST", "account/tokens", { name: "one" });
    await until(async () => (await readDestination(native, "siem")).behind === 0);
    const wanted = await logged(native, 1, Infinity, `owner=${bob.username}`);
    assert.deepEqual(siem.arrived(), wanted);
    const edit = await native.ask("PATCH", "destinations/siem", {
      filter: ["action:token.*"],
      exclude: [`owner:${bob.username}`],
    });
    assert.equal(edit.status, 200, edit.text);
    const since = await logged(native, 1, Infinity, "action=destination.update");
    await bob.native.ask("POST", "account/tokens", { name: "two" });
    await act(native);
    await until(async () => (await readDestination(native, "siem")).behind === 0);
    const after = await logged(
      native,
      (since[0]?.id ?? 0) + 1,
      Infinity,
      `action=token.*&exclude=owner:${bob.username}`,
    );
    assert.ok(after.length >= 3);
    assert.deepEqual(siem.arrived(), [...wanted, ...after]);
  });

  test(`a destination is paused, goes on where it was, and begins again where it is told to (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await using siem = await syslogCollector({ format: "json" });
    const first = await act(native);
    await createDestination(native, { name: "siem", ...siem.destination, start: String(first) });
    const begun = await act(native);
    await assertArrived(native, siem, "from an event on", first, begun);
    await steer(native, "pause");
    assert.equal((await native.ask("POST", "destinations/siem/pause")).status, 409);
    const [pause] = await logged(native, 1, Infinity, "action=destination.pause");
    await until(async () => !(await isWorkedOn(native)));
    const paused = await act(native);
    assert.ok(siem.arrived().every(({ id }) => id <= (pause?.id ?? 0)));
    assert.partialDeepStrictEqual(await readDestination(native, "siem"), {
      state: "paused",
      paused: "an administrator paused it",
      is_enabled: false,
    });
    await steer(native, "resume");
    await assertArrived(native, siem, "all of it, once", first, paused);
    const before = siem.arrived().length;
    await steer(native, "replay", { start: String(begun) });
    await until(() => siem.arrived().filter(({ id }) => id === paused).length > 1);
    const again = siem.arrived().slice(before);
    assert.deepEqual(
      again.slice(again.findIndex(({ id }) => id === begun)).filter(({ id }) => id <= paused),
      await logged(native, begun, paused),
    );
    await createDestination(native, { name: "late", ...siem.destination, format: "cef" });
    const [, late] = await logged(native, 1, Infinity, "action=destination.create");
    assert.equal((await readDestination(native, "late")).delivered_to >= (late?.id ?? Infinity), true);
  });
});

interface TestResult {
  readonly event: number;
  readonly is_delivered: boolean;
  readonly why: string | null;
}

async function sendTest(native: NativeClient, name: string): Promise<TestResult> {
  const answer = await native.ask("POST", `destinations/${name}/test`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json<TestResult>();
}

async function steer(native: NativeClient, what: string, body?: object): Promise<void> {
  const answer = await native.ask("POST", `destinations/siem/${what}`, body);
  assert.equal(answer.status, 200, answer.text);
}

async function isWorkedOn(native: NativeClient): Promise<boolean> {
  const { items } = (await native.ask("GET", "server/workers")).json<{ items: readonly { readonly name: string }[] }>();
  return items.some(({ name }) => name === "deliver siem");
}
