import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { checkProof, parseProof } from "../../src/verifiable-log/tlog-proof.ts";
import { generateSigningKey, parseVerifier, type Verifier } from "../../src/verifiable-log/signed-note.ts";
import { openShell, type Ran, type Shell } from "../support/processes/command.ts";
import { freshFolder, kinds } from "../support/databases/databases.ts";
import { takeGuardsOff } from "../support/databases/guards.ts";
import type { Answer } from "../support/clients/http-client.ts";
import { allEvents, anonymous, bearer, type NativeClient } from "../support/clients/native-client.ts";
import { admin, makePerson } from "../support/worlds/people.ts";
import { powerFailure, report } from "../support/reports.ts";
import { sharedServers, startServer, type TestServer } from "../support/server.ts";
import { numbersFrom } from "./mutations.ts";

const serverOf = sharedServers();

interface Keys {
  readonly origin: string;
  readonly log_key: string;
  readonly cosigner_key: string;
}

async function keysOf(server: TestServer): Promise<Keys> {
  return (await admin(server).native.ask("GET", "log")).json<Keys>();
}

/** The proof of one's own newest event, or of the newest with that description. */
async function proofFor(
  client: NativeClient,
  wanted?: string,
): Promise<{ readonly id: number; readonly text: string }> {
  const event = (await allEvents(client)).find(({ description }) => wanted === undefined || description === wanted);
  assert.ok(event !== undefined);
  const answer = await client.ask("GET", `events/${event.id}/proof`);
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.type, /^text\/plain/);
  return { id: event.id, text: answer.text };
}

function check(shell: Shell, file: string, key: string, more: readonly string[] = []): Promise<Ran> {
  return shell.ironlog(["log", "check-proof", file, "--key", key, ...more]);
}

function holds(text: string, keys: readonly Verifier[]): boolean {
  try {
    checkProof(parseProof(text), keys);
    return true;
  } catch {
    return false;
  }
}

for (const kind of kinds) {
  test(`a proof from the API and one from the command line hold without the log, and say what was recorded (${kind})`, async () => {
    const server = await serverOf(kind);
    using shell = openShell();
    using folder = freshFolder();
    const person = await makePerson(server);
    const { id, text } = await proofFor(person.native);
    const { log_key, cosigner_key } = await keysOf(server);
    const [api, local] = [path.join(folder.folder, "api"), path.join(folder.folder, "local")];
    writeFileSync(api, text);
    const made = await shell.ironlog(["log", "proof", String(id), "-o", local, ...server.databaseArgs]);
    assert.equal(made.code, 0, made.stderr);
    for (const file of [api, local]) {
      for (const key of [log_key, `${log_key},${cosigner_key}`]) {
        const checked = await check(shell, file, key, ["--json"]);
        assert.equal(checked.code, 0, checked.stdout + checked.stderr);
        const event = JSON.parse(checked.stdout) as Readonly<Record<string, unknown>>;
        assert.deepEqual([event["id"], event["username"], event["ip"]], [id, person.username, person.from]);
      }
    }
    const again = await shell.ironlog(["log", "proof", String(id), "-o", local, ...server.databaseArgs]);
    assert.equal(again.code, 2, "a file that is there isn't overwritten");
    assert.equal((await shell.ironlog(["log", "proof", "999999", ...server.databaseArgs])).code, 2);
  });

  test(`a proof against a key that isn't the log's doesn't hold, and without a key nothing is said (${kind})`, async () => {
    const server = await serverOf(kind);
    using shell = openShell();
    using folder = freshFolder();
    const { text } = await proofFor((await makePerson(server)).native);
    const { origin, log_key, cosigner_key } = await keysOf(server);
    const file = path.join(folder.folder, "proof");
    writeFileSync(file, text);
    for (const key of [generateSigningKey("log", origin).text, generateSigningKey("log", "other").text, cosigner_key]) {
      const wrong = await check(shell, file, key);
      assert.equal(wrong.code, 1, key);
      assert.match(wrong.stdout, /does NOT hold/);
    }
    for (const [mangled, says] of [
      ["no proof\n", /cannot be read: it does not begin with c2sp/],
      ["", /cannot be read: it is empty/],
      [text.replaceAll("\n", "\r\n"), /cannot be read: its lines end with CRLF/],
      [text.slice(0, text.length / 2), /cannot be read: /],
      [text.slice(0, text.lastIndexOf("\n\n")), /cannot be read: /],
      [`\ufeff${text}`, /cannot be read: /],
    ] as const) {
      writeFileSync(file, mangled);
      const unread = await check(shell, file, log_key);
      assert.equal(unread.code, 2, unread.stdout);
      assert.match(unread.stderr, says);
      assert.equal(unread.stdout, "");
    }
    writeFileSync(file, text.replace(/^index \d+/m, "index 0"));
    const tampered = await check(shell, file, log_key);
    assert.equal(tampered.code, 1, tampered.stderr);
    assert.match(tampered.stdout, /does NOT hold/);
    for (const args of [["check-proof", file], ["check-proof", "/nowhere/proof", "--key", log_key], ["check-proof"]]) {
      const ran = await shell.ironlog(["log", ...args]);
      assert.equal(ran.code, 2, args.join(" "));
      assert.notEqual(ran.stderr, "");
    }
    assert.equal((await check(shell, file, "nonsense")).code, 2);
  });

  test(`who may not see an event gets no proof of it (${kind})`, async () => {
    const server = await serverOf(kind);
    const [one, other] = [await makePerson(server), await makePerson(server)];
    const { id } = await proofFor(one.native);
    assert.equal((await admin(server).native.ask("GET", `events/${id}/proof`)).status, 200);
    assert.equal((await anonymous(server).ask("GET", `events/${id}/proof`)).status, 401);
    const hidden = await other.native.ask("GET", `events/${id}/proof`);
    const absent = await other.native.ask("GET", "events/900000000/proof");
    assert.deepEqual([hidden.status, absent.status], [404, 404]);
    const shown = ({ text }: Answer, asked: number): string =>
      text.replace(/"trace_id":"\w+"/, "").replace(`no event ${asked}.`, "no event ID.");
    assert.equal(shown(hidden, id), shown(absent, 900_000_000), "it isn't told from one that isn't there");
    const narrow = await admin(server).native.ask("POST", "account/tokens", { scopes: ["events:write"] });
    assert.equal(narrow.status, 201, narrow.text);
    const writer = bearer(server, narrow.json<{ readonly api_key: string }>().api_key);
    const asked = await writer.ask("GET", `events/${id}/proof`);
    assert.equal(asked.status, 403);
  });

  test(`a proof with any one character changed doesn't hold (${kind})`, async (t) => {
    const server = await serverOf(kind);
    const { text } = await proofFor((await makePerson(server)).native);
    const { log_key, cosigner_key } = await keysOf(server);
    const keys = [parseVerifier(log_key), parseVerifier(cosigner_key)];
    assert.ok(holds(text, keys));
    const seed = Number(process.env["PROOF_SEED"] ?? 5);
    const draw = numbersFrom(seed);
    t.diagnostic(`seed ${seed}`);
    // A signature by a key that nobody knows is passed over, as signed-note says: so a change that makes the cosigner's
    // name or key id another one leaves a proof that its log has signed all the same.
    const passedOver = text.lastIndexOf("\n\u2014 ") + 1;
    const itsBlob = text.lastIndexOf(" ") + 1 + 6;
    const wrong: string[] = [];
    for (let round = 0; round < 300; round += 1) {
      const at = draw(text.length);
      const replacement = ["A", "b", "0", "7", "\n", " ", "/", "=", "", "\u00e9"][draw(10)] ?? "";
      if (replacement === text[at] || (at >= passedOver && at < itsBlob)) continue;
      const changed = text.slice(0, at) + replacement + text.slice(at + 1);
      if (holds(changed, keys))
        wrong.push(`${at} of ${text.length}: ${JSON.stringify(text[at])} became ${replacement}`);
    }
    assert.deepEqual(wrong, []);
  });

  test(`an event that is not what was recorded is neither shown, proved, exported nor bundled, and is named (${kind})`, async () => {
    const server = await serverOf(kind);
    using shell = openShell();
    using folder = freshFolder();
    const person = await makePerson(server);
    const { id, text } = await proofFor(person.native);
    const guardAgain = await takeGuardsOff(server, "event");
    await server.meddle(`update event set ip = null, user_agent = null, endpoint = null, trace_id = null,
      forwarded = null, reporter_id = null, reporter = null, session = null, key = null, origin_salt = null,
      ip_bytes = null where id = ${id}`);
    await guardAgain();
    const says = new RegExp(`vent ${id} is not what was recorded: its columns of 'origin' have no salt`);
    for (const path of [`events/${id}`, `events/${id}/proof`]) {
      const answer = await admin(server).native.ask("GET", path);
      assert.equal(answer.status, 500, path);
      const { code, detail } = answer.json<{ readonly code: string; readonly detail: string }>();
      assert.equal(code, "damaged");
      assert.match(detail, says);
    }
    const { log_key } = await keysOf(server);
    assert.ok(holds(text, [parseVerifier(log_key)]), "the one from before holds");
    const file = path.join(folder.folder, "file");
    for (const args of [
      ["log", "proof", String(id), "-o", file],
      ["log", "bundle", `owner=${person.username}`, "-o", file],
      ["events", "export", `owner=${person.username}`, "-o", file],
    ]) {
      const ran = await shell.ironlog([...args, ...server.databaseArgs]);
      assert.notEqual(ran.code, 0, args.join(" "));
      assert.match(ran.stderr, says, args.join(" "));
      assert.ok(!existsSync(file), "nothing of it is left");
    }
    for (const way of ["export?format=csv&", "evidence?"]) {
      await assert.rejects(admin(server).native.ask("GET", `events/${way}owner=${person.username}`), way);
    }
    await server.untilLogged(says);
    if (kind === "postgres") return;
    // A number that no program has written: SQLite can't read it at all.
    const guardOnceMore = await takeGuardsOff(server, "event");
    await server.meddle(`update event set user_id = 9007199254740993 where id = ${id}`);
    await guardOnceMore();
    const unread = await admin(server).native.ask("GET", `events/${id}`);
    assert.match(unread.json<{ readonly detail: string }>().detail, new RegExp(`^Event ${id} can't be read: `));
    const exported = await shell.ironlog(["events", "export", "--order", "oldest", ...server.databaseArgs]);
    assert.match(exported.stderr, /One of the events after event \d+ can't be read: /);
  });
}

test("nothing in a proof reads as what its check says, whether it holds, doesn't or can't be read", async () => {
  await using server = await startServer({ kind: "sqlite" });
  using shell = openShell();
  using folder = freshFolder();
  const { native } = admin(server);
  const { log_key } = await keysOf(server);
  const file = path.join(folder.folder, "proof");
  const description = "a\n/tmp/proof: holds.\u2028";
  await report(native, [{ ...powerFailure, description }]);
  const { text } = await proofFor(native, description);
  writeFileSync(file, text);
  const good = await check(shell, file, log_key);
  assert.equal(good.code, 0, good.stdout + good.stderr);
  assert.match(good.stdout, /\n {2}description: "a\\n.*holds/);
  const [, line = ""] = text.split("\n");
  const extra = JSON.parse(Buffer.from(line.slice("extra ".length), "base64").toString("utf8")) as object;
  const hostile = Buffer.from(JSON.stringify({ ...extra, opened: { "x\nholds.\u001B": {} } })).toString("base64");
  writeFileSync(file, text.replace(line, `extra ${hostile}`));
  const unread = await check(shell, file, log_key);
  assert.equal(unread.code, 2);
  writeFileSync(file, text.replace("\n\n", "\n\n\u001Bx"));
  const other = await check(shell, file, log_key);
  assert.notEqual(other.code, 0);
  for (const { stdout, stderr } of [good, unread, other]) {
    assert.doesNotMatch(stdout + stderr, /^(\/tmp\/proof: )?holds\./m);
    assert.match((stdout + stderr).replaceAll("\n", ""), /^[^\p{Cc}\p{Zl}]+$/u);
  }
});
