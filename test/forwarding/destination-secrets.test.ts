import assert from "node:assert/strict";
import { test } from "node:test";
import type { NativeClient } from "../support/clients/native-client.ts";
import { forEachKind } from "../support/each-kind.ts";
import { httpCollector, syslogCollector } from "../support/forwarding/collectors.ts";
import { createDestination, readDestination } from "../support/forwarding/destinations.ts";
import { findLeaks, type Holder, storageOf } from "../support/processes/leaks.ts";
import { makeCertificates } from "../support/receivers/certificates.ts";
import { startServerProcess } from "../support/server.ts";
import { until } from "../support/until.ts";
import { admin, makePerson } from "../support/worlds/people.ts";

/** Asks, and keeps the answer. */
function remembering(native: NativeClient, answers: Holder[]): NativeClient {
  return {
    ...native,
    async ask(method, path, body, options) {
      const answer = await native.ask(method, path, body, options);
      answers.push({ name: `the answer to ${method} ${path}`, bytes: Buffer.from(answer.text) });
      return answer;
    },
  };
}

forEachKind((kind) => {
  test(`a destination's secrets are in no answer, no event, no diagnostic and no file (${kind})`, async (t) => {
    const certificates = await makeCertificates(t);
    if (certificates === undefined) return;
    await using server = await startServerProcess({ kind });
    const answers: Holder[] = [];
    const native = remembering(admin(server).native, answers);
    await using elastic = await httpCollector("elasticsearch", "ecs");
    await using splunk = await httpCollector("splunk", "json");
    await using hook = await httpCollector("webhook", "json");
    await using syslog = await syslogCollector({ format: "cef", certificates });
    const secrets = {
      password: "Secret-password-of-elastic-4711",
      token: "Secret-token-of-splunk-0815",
      "next token": "Secret-next-token-of-splunk-1312",
      "signing key": `whsec_${Buffer.from("Secret signing key of the webhook").toString("base64")}`,
      "client key": certificates.client.key,
      // Its lines are what would be found alone.
      "client key's line": certificates.client.key.split("\n")[1] ?? "",
    };
    // A receiver that says what it got.
    splunk.receiver.reply = ({ headers }) => ({
      status: 403,
      body: JSON.stringify({ text: `Invalid token ${headers.authorization}`, code: 4 }),
    });
    await createDestination(native, { name: "elastic", ...elastic.destination, password: secrets.password });
    await createDestination(native, { name: "splunk", ...splunk.destination, token: secrets.token });
    await createDestination(native, { name: "hook", ...hook.destination, signing_key: secrets["signing key"] });
    await createDestination(native, { name: "syslog", ...syslog.destination });
    await until(async () => (await readDestination(native, "splunk")).last_error !== null);
    for (const name of ["elastic", "hook", "syslog"]) {
      assert.equal((await native.ask("POST", `destinations/${name}/test`)).json<{ why: unknown }>().why, null);
    }
    assert.equal(elastic.receiver.requests[0]?.headers.authorization, `Basic ${btoa(`elastic:${secrets.password}`)}`);
    await native.ask("POST", "destinations/splunk/test");
    await native.ask("PATCH", "destinations/splunk", { token: secrets["next token"] });
    // To another address a secret isn't sent that was entered for this one.
    const moved = await native.ask("PATCH", "destinations/elastic", { url: "https://elsewhere.example.com" });
    assert.equal(moved.status, 400, moved.text);
    await native.ask("PATCH", "destinations/hook", { signing_key: "no key" });
    await native.ask("GET", "destinations");
    await native.ask("GET", "events?limit=1000");
    await native.ask("GET", "server/workers");
    assert.equal((await server.stop()).code, 0);
    const output = { name: "the output", bytes: Buffer.from(server.output) };
    assert.deepEqual(findLeaks(secrets, [...answers, output, ...(await storageOf(server))]), []);
    assert.match(server.output, /cannot deliver to destination 'splunk'/);
  });

  test(`an auditor sees destinations and changes none, and nobody else sees them (${kind})`, async () => {
    await using server = await startServerProcess({ kind });
    const { native } = admin(server);
    await using siem = await syslogCollector({ format: "json" });
    const auditor = await makePerson(server, { isAuditor: true });
    const other = await makePerson(server);
    await createDestination(native, { name: "siem", ...siem.destination });
    const reads = ["destinations", "destinations/siem", "destinations/siem/dead-letters"];
    for (const path of reads) {
      assert.equal((await auditor.native.ask("GET", path)).status, 200, path);
      assert.equal((await other.native.ask("GET", path)).status, 403, path);
    }
    const changes = [
      ["POST", "destinations", { name: "mine", ...siem.destination }],
      ["PATCH", "destinations/siem", { filter: ["action:auth.*"] }],
      ["DELETE", "destinations/siem", undefined],
      ["POST", "destinations/siem/pause", undefined],
      ["POST", "destinations/siem/resume", undefined],
      ["POST", "destinations/siem/replay", { start: "beginning" }],
      ["POST", "destinations/siem/test", undefined],
      ["POST", "destinations/siem/dead-letters/resend", {}],
      ["POST", "destinations/siem/dead-letters/drop", {}],
    ] as const;
    const { updated } = await readDestination(native, "siem");
    for (const [method, path, body] of changes) {
      for (const person of [auditor, other]) {
        assert.equal((await person.native.ask(method, path, body)).status, 403, `${method} ${path}`);
      }
    }
    assert.equal((await readDestination(native, "siem")).updated, updated);
    const { items } = (await native.ask("GET", "destinations")).json<{ items: readonly unknown[] }>();
    assert.equal(items.length, 1);
  });
});
