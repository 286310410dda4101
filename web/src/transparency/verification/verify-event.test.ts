import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { numbersFrom } from "../../../../test/transparency/mutations.ts";
import { takeGuardsOff } from "../../../../test/support/databases/guards.ts";
import { allEvents, type NativeClient, type NativeEvent } from "../../../../test/support/clients/native-client.ts";
import { makeMachine } from "../../../../test/support/nodes.ts";
import { admin, makePerson } from "../../../../test/support/worlds/people.ts";
import { report } from "../../../../test/support/reports.ts";
import { sharedServers, type TestServer } from "../../../../test/support/server.ts";
import { generateSigningKey } from "../../../../src/verifiable-log/signed-note.ts";
import { parseProof, writeProof } from "../../../../src/verifiable-log/tlog-proof.ts";
import { openCheckpoint, type TrustedLog } from "./checkpoint.ts";
import { browsers, inBrowser } from "./fake-browsers.ts";
import type { ShownEvent } from "./recorded-event.ts";
import { eventGroups } from "./tlog-proof.ts";
import { unproved, type Verdict, verifyEvent } from "./verify-event.ts";

const serverOf = sharedServers();

interface Proved {
  readonly event: ShownEvent;
  readonly proof: string;
}

async function trustedBy(client: NativeClient): Promise<TrustedLog> {
  const { origin, log_key } = (await client.ask("GET", "log")).json<{ origin: string; log_key: string }>();
  return { origin, vkey: log_key };
}

/** Each event as the client sees it, with its proof. */
async function proveAll(client: NativeClient): Promise<readonly Proved[]> {
  const proved: Proved[] = [];
  for (const { id } of await allEvents(client)) {
    const [shown, proof] = [await client.ask("GET", `events/${id}`), await client.ask("GET", `events/${id}/proof`)];
    assert.equal(proof.status, 200, proof.text);
    proved.push({ event: shown.json<ShownEvent & NativeEvent>(), proof: proof.text });
  }
  return proved;
}

/** Somebody's acts, machines, and what others report: all that an event can hold. */
async function fill(server: TestServer): Promise<NativeClient> {
  const { maas, native } = admin(server);
  const person = await makePerson(server, { lastName: 'Ünïcode € 😀 "quoted"' });
  await person.native.ask("PATCH", "account", { last_name: "O'Neil\\" });
  await person.native.ask("DELETE", "users/nosuch");
  await makeMachine(maas, { hostname: "web" });
  const other = {
    type: "NODE_POWER_FAILURE",
    action: "node.power",
    description: "No answer\u2028 from the BMC.",
  };
  await report(native, [
    { ...other, level: "CRITICAL", occurred: "2026-01-02T03:04:05.000006Z", username: "root" },
    { ...other, details: { b: [1, -0, { z: null, a: "\u007f" }], "10": 1, "9": true, é: 9007199254740991 } },
    {
      ...other,
      username: "root",
      target: { kind: "bmc", id: "7", name: "bmc-7" },
      node: "abc",
      hostname: "def",
      outcome: "failure",
    },
  ]);
  return person.native;
}

suite("an event of a real log", () => {
  let events: readonly Proved[] = [];
  let own: readonly Proved[] = [];
  let trusted: TrustedLog = { origin: "", vkey: "" };
  const reported = (): Proved => {
    const found = events.find(({ event }) => event.target_kind === "bmc");
    assert.ok(found !== undefined);
    return found;
  };
  const verify = (event: ShownEvent, proof: string): Promise<Verdict> => verifyEvent(event, proof, trusted);

  before(async () => {
    const server = await serverOf("sqlite");
    const person = await fill(server);
    events = await proveAll(admin(server).native);
    own = await proveAll(person);
    trusted = await trustedBy(person);
  });

  for (const browser of browsers) {
    test(`is verified, an administrator's and a user's, in ${browser}`, () =>
      inBrowser(browser, async () => {
        // What was opened last is remembered: this makes sure that it is this browser that checks.
        await openCheckpoint("nothing", trusted);
        assert.ok(events.length > 12 && own.length > 2);
        for (const { event, proof } of [...events, ...own]) {
          const verdict = await verify(event, proof);
          assert.equal(verdict.state, "verified", JSON.stringify([event, verdict]));
          if (verdict.state !== "verified") continue;
          const steps = ["proof", "signature", "leaf", "inclusion", ...eventGroups, "shown"];
          assert.deepEqual(
            verdict.steps.map(({ step, verdict: found }) => `${step} ${found}`),
            steps.map((step) => `${step} holds`),
          );
          assert.equal(verdict.checkpoint.origin, trusted.origin);
        }
      }));
  }

  test("is broken at what is shown, whichever field is another", async () => {
    const { event, proof } = reported();
    for (const field of Object.keys(event) as (keyof ShownEvent)[]) {
      for (const other of ["x", null, 1, `${JSON.stringify(event[field])} `]) {
        const verdict = await verify({ ...event, [field]: other }, proof);
        if (other === event[field]) continue;
        const step = field === "id" ? "leaf" : "shown";
        assert.equal(verdict.state === "broken" && verdict.step, step, `${field}: ${JSON.stringify(verdict)}`);
        if (step === "shown") assert.match(JSON.stringify(verdict), new RegExp(`recorded: [^.]*\\b${field}\\b`));
      }
    }
    const withDetails = events.find((one) => one.event.details !== null && "b" in one.event.details);
    assert.ok(withDetails !== undefined);
    const details = { ...withDetails.event.details, b: [1, 0, { a: "\u007f" }] };
    const verdict = await verify({ ...withDetails.event, details }, withDetails.proof);
    assert.equal(verdict.state === "broken" && verdict.says, "What this page shows is not what was recorded: details.");
  });

  test("is broken with the proof of another event", async () => {
    const [one, other] = events;
    assert.ok(one !== undefined && other !== undefined);
    const verdict = await verify(one.event, other.proof);
    assert.deepEqual(verdict.state === "broken" && [verdict.step, verdict.says], [
      "leaf",
      `The leaf is not that of event ${one.event.id}.`,
    ]);
  });

  test("is broken with another key's signature, and could not be checked with a key that is none", async () => {
    const { event, proof } = reported();
    const stranger = { origin: trusted.origin, vkey: generateSigningKey("log", trusted.origin).text };
    const verdict = await verifyEvent(event, proof, stranger);
    assert.equal(verdict.state === "broken" && verdict.step, "signature");
    const elsewhere = await verifyEvent(event, proof, { ...trusted, origin: "other.example" });
    assert.equal(elsewhere.state === "broken" && elsewhere.step, "signature");
    const none = await verifyEvent(event, proof, { ...trusted, vkey: "nonsense" });
    assert.deepEqual(none, { state: "could-not-check", reason: "The log's key can't be read." });
  });

  test("is broken with any character of its leaf, path, checkpoint or signature changed, at the right step", async () => {
    const { event, proof } = reported();
    const [head = "", extra = "", index = "", ...rest] = proof.split("\n");
    const blank = rest.indexOf("");
    const { leaf, opened } = JSON.parse(Buffer.from(extra.slice(6), "base64").toString()) as {
      readonly leaf: string;
      readonly opened: Readonly<Record<string, { readonly salt: string; readonly json: string }>>;
    };
    const pack = (value: unknown): string => `extra ${Buffer.from(JSON.stringify(value)).toString("base64")}`;
    const join = (...lines: readonly string[]): string => lines.join("\n");
    const proofWith = (text: string): string => join(head, text, index, ...rest);
    assert.equal((await verify(event, proofWith(pack({ leaf, opened })))).state, "verified");
    const expectStep = async (changed: string, steps: readonly string[], what: string): Promise<void> => {
      const verdict = await verify(event, changed);
      assert.ok(verdict.state === "broken" && steps.includes(verdict.step), `${what}: ${JSON.stringify(verdict)}`);
    };
    for (const other of mutants(leaf)) {
      await expectStep(proofWith(pack({ leaf: other, opened })), ["leaf", "inclusion"], other);
    }
    const empty = eventGroups.filter((group) => opened[group] === undefined);
    assert.deepEqual(empty, ["provenance"]);
    for (const group of empty) {
      const made = { salt: Buffer.alloc(16).toString("base64"), json: "{}" };
      await expectStep(
        proofWith(pack({ leaf, opened: { ...opened, [group]: made } })),
        [group],
        "what nobody recorded",
      );
    }
    for (const [group, { salt, json }] of Object.entries(opened)) {
      for (const other of mutants(json)) {
        await expectStep(
          proofWith(pack({ leaf, opened: { ...opened, [group]: { salt, json: other } } })),
          [group],
          other,
        );
      }
      for (const other of mutants(salt)) {
        const changed = proofWith(pack({ leaf, opened: { ...opened, [group]: { salt: other, json } } }));
        await expectStep(changed, ["proof", group], other);
      }
      const hidden = await verify(event, proofWith(pack({ leaf, opened: { ...opened, [group]: undefined } })));
      assert.equal(hidden.state === "broken" && hidden.step, group, "every group is opened");
    }
    for (const other of mutants(rest.slice(0, blank).join("\n"))) {
      await expectStep(
        join(head, extra, index, other, ...rest.slice(blank)),
        ["proof", "signature", "inclusion"],
        other,
      );
    }
    await expectStep(join(head, extra, "index 0", ...rest), ["leaf"], "index");
    const [, ...shorter] = rest;
    await expectStep(join(head, extra, index, ...shorter), ["inclusion"], "a shorter path");
    // The cosigner's line is passed over, as that of anybody whose key isn't known here.
    const signed = rest.slice(blank + 1, -2).join("\n");
    for (const other of mutants(signed)) {
      const changed = join(head, extra, index, ...rest.slice(0, blank + 1), other, ...rest.slice(-2));
      await expectStep(changed, ["proof", "signature"], other);
    }
  });
});

test("an event of which a group is withheld is broken, though nothing of it is shown", async () => {
  const server = await serverOf("sqlite");
  const person = await makePerson(server);
  const [proved] = await proveAll(person.native);
  assert.ok(proved !== undefined);
  const whole = parseProof(proved.proof);
  const { origin: _withheld, ...opened } = whole.event.opened;
  const proof = writeProof({ ...whole, event: { ...whole.event, opened } });
  const empty = { ip: null, user_agent: null, endpoint: null, trace_id: null, forwarded: null, reporter: null };
  const verdict = await verifyEvent(
    { ...proved.event, ...empty, session: null, key: null },
    proof,
    await trustedBy(person.native),
  );
  assert.ok(verdict.state === "broken", JSON.stringify(verdict));
  assert.equal(verdict.step, "origin");
  assert.match(verdict.says, /missing/);
});

test("an event of which the server itself finds a group gone is broken", async () => {
  const server = await serverOf("sqlite");
  const person = await makePerson(server);
  const [event] = await allEvents(person.native);
  assert.ok(event !== undefined);
  await takeGuardsOff(server, "event");
  await server.meddle(`update event set ip = null, user_agent = null, endpoint = null, trace_id = null,
    forwarded = null, reporter_id = null, reporter = null, origin_salt = null where id = ${event.id}`);
  const { code, detail } = (await person.native.ask("GET", `events/${event.id}/proof`)).json<{
    readonly code: string;
    readonly detail: string;
  }>();
  const verdict = unproved(code, detail);
  assert.ok(verdict.state === "broken", JSON.stringify(verdict));
  assert.match(verdict.says, /'origin' have no salt/);
});

test("an event that isn't sealed yet is told from one that can't be checked", () => {
  assert.deepEqual(unproved("not_yet_sealed", "Event 7 is not sealed yet: no checkpoint covers it. Try again soon."), {
    state: "not-sealed",
  });
  const away = { state: "could-not-check", reason: "The database can't be reached." };
  assert.deepEqual(unproved("database_away", "The database can't be reached."), away);
});

/** The text with one character changed, inserted or left out, at places drawn from a seed. */
function mutants(text: string): readonly string[] {
  const draw = numbersFrom(text.length);
  return Array.from({ length: 60 }, () => {
    const at = draw(text.length);
    const other = ["A", "b", "0", "7", "\n", " ", "/", "=", "", '"', "}", "\u00e9"][draw(12)] ?? "";
    const changed = text.slice(0, at) + other + text.slice(at + draw(2));
    return changed === text ? `${text}0` : changed;
  });
}
