import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { after, before, suite, test } from "node:test";
import { openForReading } from "../../src/database/reading.ts";
import { generateSigningKey } from "../../src/verifiable-log/signed-note.ts";
import { openShell } from "../support/processes/command.ts";
import { kinds } from "../support/databases/databases.ts";
import { type Answer, send } from "../support/clients/http-client.ts";
import { admin, makePerson } from "../support/worlds/people.ts";
import { powerFailure, report } from "../support/reports.ts";
import { locationOf, startServer, type TestServer } from "../support/server.ts";
import { leafJson, listRows } from "../write-path/sound-log.ts";

// C2SP tlog-tiles as an independent reader sees them: everything is computed again from the rows.

const sha256 = (...parts: readonly Uint8Array[]): Buffer => hash("sha256", Buffer.concat(parts), "buffer");

/** RFC 6962 section 2.1, as it is written there. */
function treeHash(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return sha256();
  if (leaves.length === 1) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(Buffer.of(1), treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)));
}

function bundleOf(leaves: readonly string[]): Buffer {
  return Buffer.concat(
    leaves.map((leaf) => {
      const bytes = Buffer.from(leaf);
      return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 255), bytes]);
    }),
  );
}

for (const kind of kinds) {
  suite(kind, () => {
    let server: TestServer;
    let leaves: readonly string[];
    let hashes: readonly Buffer[];
    let size = 0;
    let root = "";

    before(async () => {
      server = await startServer({ kind });
      const events = Array.from({ length: 100 }, (_, at) => ({ ...powerFailure, details: { at } }));
      for (let batch = 0; batch < 6; batch += 1) await report(admin(server).native, events);
      await settled(server);
      await using reading = await openForReading(locationOf(server));
      const { text } = await send(server.url, "/log/checkpoint");
      const lines = text.split("\n");
      size = Number(lines[1]);
      root = lines[2] ?? "";
      leaves = (await listRows(reading.db)).map(leafJson).slice(0, size);
      hashes = leaves.map((leaf) => sha256(Buffer.of(0), Buffer.from(leaf)));
    });
    after(async () => server[Symbol.asyncDispose]());

    const get = (where: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
      send(server.url, `/log/${where}`, { headers });
    const asAdmin = (): Readonly<Record<string, string>> => ({ authorization: `Bearer ${server.firstLogin.apiKey}` });

    test("the checkpoint is that of the tree over what is recorded, and no cache keeps it for long", async () => {
      const { status, type, text, headers } = await get("checkpoint");
      assert.deepEqual([status, type], [200, "text/plain; charset=utf-8"]);
      assert.match(String(headers["cache-control"]), /no-cache|no-store|max-age=[0-5]$/);
      assert.match(text, /^[^\n]+\n\d+\n[A-Za-z0-9+/]{43}=\n\n(\u2014 [^\n]+\n){2}$/);
      assert.ok(size >= 600 && size < 768);
      assert.equal(root, treeHash(hashes).toString("base64"));
    });

    test("each tile and each bundle, full and partial, is what follows from the rows", async () => {
      const partial = size % 256;
      assert.ok(partial > 0);
      const level1 = [0, 1].map((at) => treeHash(hashes.slice(at * 256, (at + 1) * 256)));
      const expected: Readonly<Record<string, Buffer>> = {
        "tile/0/000": Buffer.concat(hashes.slice(0, 256)),
        "tile/0/001": Buffer.concat(hashes.slice(256, 512)),
        "tile/0/000.p/1": Buffer.concat(hashes.slice(0, 1)),
        "tile/0/001.p/255": Buffer.concat(hashes.slice(256, 511)),
        [`tile/0/002.p/${partial}`]: Buffer.concat(hashes.slice(512)),
        "tile/0/002.p/7": Buffer.concat(hashes.slice(512, 519)),
        "tile/1/000.p/2": Buffer.concat(level1),
        "tile/1/000.p/1": Buffer.concat(level1.slice(0, 1)),
        "tile/entries/000": bundleOf(leaves.slice(0, 256)),
        "tile/entries/001": bundleOf(leaves.slice(256, 512)),
        [`tile/entries/002.p/${partial}`]: bundleOf(leaves.slice(512)),
        "tile/entries/000.p/3": bundleOf(leaves.slice(0, 3)),
      };
      for (const [where, bytes] of Object.entries(expected)) {
        const isEntries = where.startsWith("tile/entries");
        const { status, type, headers, body, text } = await get(where, isEntries ? asAdmin() : {});
        assert.equal(status, 200, `${where}: ${text}`);
        assert.equal(type, "application/octet-stream");
        assert.match(String(headers["cache-control"]), isEntries ? /^private, .*immutable/ : /^(?!private).*immutable/);
        assert.equal(body.toString("hex"), bytes.toString("hex"), where);
      }
    });

    test("what is no tile, or not there yet, is a 404 that no cache keeps", async () => {
      const wide = (size % 256) + 40;
      for (const where of [
        "tile/0/002",
        `tile/0/002.p/${wide}`,
        "tile/0/003.p/1",
        "tile/1/000",
        "tile/1/000.p/3",
        "tile/1/001.p/1",
        "tile/2/000.p/1",
        "tile/63/000.p/1",
        "tile/64/000.p/1",
        "tile/00/000",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000/",
        "tile/0/-01",
        "tile/0/x999/x999/x999/x999/x999/999",
        "tile/entries/003.p/1",
        "tile/entries/x999/999",
        "tile/data/000",
        "tile/",
        "tile",
        "",
      ]) {
        const { status, headers } = await get(where, asAdmin());
        assert.equal(status, 404, where);
        assert.doesNotMatch(String(headers["cache-control"]), /immutable|max-age=[1-9]/, where);
      }
    });

    test("the log is only read: another method is refused with those that there are", async () => {
      for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
        for (const where of ["checkpoint", "tile/0/000", "tile/entries/000.p/1"]) {
          const { status, headers } = await send(server.url, `/log/${where}`, {
            method,
            headers: asAdmin(),
            body: "{",
          });
          assert.deepEqual([status, headers["allow"]], [405, "GET, HEAD"], `${method} ${where}`);
        }
      }
    });

    test("the leaves are for administrators, whatever the key, until a setting publishes them", async () => {
      const bearerOf = (apiKey: string): Readonly<Record<string, string>> => ({ authorization: `Bearer ${apiKey}` });
      const narrow = async (client: ReturnType<typeof admin>["native"], scope: string): Promise<string> => {
        const made = await client.ask("POST", "account/tokens", { scopes: [scope] });
        assert.equal(made.status, 201, made.text);
        return made.json<{ readonly api_key: string }>().api_key;
      };
      const person = await makePerson(server);
      const root = admin(server).native;
      const readers: readonly (readonly [string, Readonly<Record<string, string>>, number])[] = [
        ["nobody", {}, 401],
        ["a wrong key", bearerOf("a:b:c"), 401],
        ["a user", bearerOf(person.apiKey), 403],
        ["a user's key to read events", bearerOf(await narrow(person.native, "events:read")), 403],
        ["an administrator", asAdmin(), 200],
        ["an administrator's key to read events", bearerOf(await narrow(root, "events:read")), 200],
        ["an administrator's key to report", bearerOf(await narrow(root, "events:write")), 403],
      ];
      for (const [who, headers, expected] of readers) {
        for (const where of ["tile/entries/000", "tile/entries/x999/999"]) {
          const { status } = await get(where, headers);
          // Who may not read them isn't told either how many there are.
          assert.equal(status, expected === 200 && where !== "tile/entries/000" ? 404 : expected, `${who}: ${where}`);
        }
        assert.equal((await get("tile/0/000")).status, 200, "hashes are for everybody");
      }
      const publish = async (value: boolean): Promise<void> => {
        const set = await root.ask("PUT", "settings/ironlog_publish_log_entries", { value });
        assert.ok(set.status < 300, set.text);
      };
      await publish(true);
      assert.equal((await get("tile/entries/000")).status, 200);
      assert.equal((await get("tile/entries/000", bearerOf(person.apiKey))).status, 200);
      await publish(false);
      assert.equal((await get("tile/entries/000")).status, 401);
    });

    test("a HEAD asks for the same without the body", async () => {
      for (const where of ["checkpoint", "tile/0/000"]) {
        const { status, text } = await send(server.url, `/log/${where}`, { method: "HEAD" });
        assert.deepEqual([status, text], [200, ""], where);
      }
    });

    test("log verify --url claims what it has read, and no more", async () => {
      using shell = openShell();
      const person = await makePerson(server);
      const verify = (...args: readonly string[]) => shell.ironlog(["log", "verify", "--url", server.url, ...args]);
      for (const [apiKey, read] of [
        [[], "leaf hashes"],
        [["--apikey", person.apiKey], "leaf hashes"],
        [["--apikey", server.firstLogin.apiKey], "leaves"],
      ] as const) {
        const { code, stdout, stderr } = await verify(...apiKey);
        assert.equal(code, 0, stdout + stderr);
        assert.match(stdout, new RegExp(`^Integrity: intact \\(\\d+ of \\d+ ${read} checked`));
        assert.match(stdout, /^Nobody's signature was checked/m);
        assert.doesNotMatch(stdout, /Last event/);
      }
      assert.equal((await verify("--apikey", "a:b:c")).code, 2);
      assert.equal((await verify("--key", generateSigningKey("log", "x").text)).code, 2);
      const keys = await shell.ironlog(["log", "key", ...server.databaseArgs]);
      const [log = ""] = keys.stdout.split("\n");
      const signed = await verify("--key", log);
      assert.equal(signed.code, 0, signed.stdout + signed.stderr);
      assert.doesNotMatch(signed.stdout, /Nobody's/);
    });
  });
}

/** Waits until the checkpoint covers all that was recorded. */
async function settled(server: TestServer): Promise<void> {
  for (;;) {
    const { size, checkpoint } = (await admin(server).native.ask("GET", "log")).json<{
      readonly size: number;
      readonly checkpoint: { readonly size: number } | null;
    }>();
    if (checkpoint?.size === size) return;
  }
}
