import { sampleCertificate, sampleSshKeys } from "../../../support/sample-keys.ts";
import { canonicalCli } from "../clients/canonical-cli.ts";
import { gomaasapi } from "../clients/gomaasapi.ts";
import { libmaas } from "../clients/libmaas.ts";
import { expectAnswer, expectSame, expectThat } from "../expectations.ts";
import { expectDescriptions, recorded } from "./records.ts";
import { withSetting } from "./settings.ts";
import { NotCheckable, type Statement } from "../statement.ts";
import { startUpstream, type Upstream } from "../upstream.ts";
import type { KeyHolder, World } from "../world.ts";

const jsonType = "application/json; charset=utf-8";
const plain = "text/plain; charset=utf-8";
const sshkeys = "account/prefs/sshkeys/";
const sslkeys = "account/prefs/sslkeys/";
const [{ key: oneKey }, { key: otherKey }, { key: thirdKey }] = sampleSshKeys;

interface SshKey {
  readonly id: number;
  readonly key: string;
  readonly keysource: string | null;
}

/** Statements 60 to 63: SSH and SSL keys. */
export const keyProducers: readonly Statement[] = [
  {
    number: 60,
    sentence:
      '`POST sshkeys/` → 201, `keysource` null; empty → 400 `{"key": ["This field is required."]}`; duplicate → 400 under `__all__`.',
    async check(world) {
      const person = await world.person();
      const keys = [oneKey, otherKey, thirdKey];
      const { events } = await recorded(world, person.username, async () => {
        for (const [at, client] of [canonicalCli, libmaas, gomaasapi].entries()) {
          const made = await person.by(client).create(sshkeys, { key: keys[at] ?? "" });
          const { id } = expectAnswer(made, { status: 201, type: jsonType }).json<SshKey>();
          expectSame(`${made.asked}: the key`, made.json(), { key: keys[at], id, keysource: null });
        }
      });
      const sentence = "Created SSH key.";
      expectDescriptions("three new SSH keys", events, [sentence, sentence, sentence]);
      for (const parameters of [{}, { key: "" }]) {
        const empty = await person.create(sshkeys, parameters);
        expectAnswer(empty, { status: 400, json: { key: ["This field is required."] } });
      }
      const again = { __all__: ["This key has already been added for this user."] };
      expectAnswer(await person.create(sshkeys, { key: oneKey }), { status: 400, json: again });
    },
  },
  {
    number: 61,
    sentence:
      "`POST sshkeys/?op=import` `keysource=gh:x` → 200 list, `Imported SSH keys.`; unknown upstream user → 400 text.",
    async check(world) {
      await using upstream = await startUpstream({ known: "x", keys: [oneKey, otherKey] });
      await withSetting(world, "ironlog_github_url", upstream.url, () =>
        withSetting(world, "ironlog_launchpad_url", upstream.url, async () => {
          for (const [protocol, words] of [
            ["gh", "github"],
            ["lp", "launchpad"],
          ] as const) {
            await expectImports(world, upstream, protocol);
            const unknown = await world.ann.perform(sshkeys, "import", { keysource: `${protocol}:nobody` });
            const text = `Unable to import SSH keys. ${words} user nobody doesn't exist.`;
            expectAnswer(unknown, { status: 400, type: plain, text });
          }
        }),
      );
    },
  },
  {
    number: 62,
    sentence: "`DELETE sshkeys/N/` of someone else → 403 `Can't delete a key you don't own.`",
    async check(world) {
      const owner = await world.person();
      const { id } = expectAnswer(await owner.create(sshkeys, { key: oneKey }), { status: 201 }).json<SshKey>();
      for (const other of [world.ann, world.root]) {
        const answer = await other.remove(`${sshkeys}${id}/`);
        expectAnswer(answer, { status: 403, type: plain, text: "Can't delete a key you don't own." });
      }
      const { answer, events } = await recorded(world, owner.username, () => owner.remove(`${sshkeys}${id}/`));
      expectAnswer(answer, { status: 204, text: "" });
      expectDescriptions(answer.asked, events, [`Deleted SSH key id='${id}'.`]);
    },
  },
  {
    number: 63,
    sentence: '`POST sslkeys/` bad PEM → 400 `{"key": ["Invalid SSL key."]}`; good → 201.',
    async check(world) {
      const person = await world.person();
      const { events } = await recorded(world, person.username, async () => {
        const bad = await person.create(sslkeys, {
          key: "-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n",
        });
        expectAnswer(bad, { status: 400, json: { key: ["Invalid SSL key."] } });
        const good = await person.create(sslkeys, { key: sampleCertificate });
        const { id } = expectAnswer(good, { status: 201, type: jsonType }).json<SshKey>();
        expectSame(`${good.asked}: the key`, good.json(), { key: sampleCertificate, id });
        const deleted = await person.remove(`${sslkeys}${id}/`);
        expectAnswer(deleted, { status: 204, text: "" });
      });
      const [created, deleted] = events.map(({ description }) => description);
      expectSame("an SSL key's audit events", [events.length, created], [2, "Created SSL key."]);
      expectThat(
        "the last of them",
        /^Deleted SSL key id='\d+'\.$/.test(deleted ?? ""),
        "Deleted SSL key id='N'.",
        deleted,
      );
    },
  },
];

async function expectImports(world: World, upstream: Upstream, protocol: "gh" | "lp"): Promise<void> {
  const person: KeyHolder = await world.person();
  const hitsBefore = upstream.hits;
  const { answer, events } = await recorded(world, person.username, () =>
    person.perform(sshkeys, "import", { keysource: `${protocol}:x` }),
  );
  const { hostname } = new URL(world.url);
  if (upstream.hits === hitsBefore && !["127.0.0.1", "localhost", "[::1]"].includes(hostname)) {
    throw new NotCheckable(`the server at ${hostname} cannot reach a key server on the runner's machine`);
  }
  const keys = expectAnswer(answer, { status: 200, type: jsonType }).json<readonly SshKey[]>();
  const shown = keys.map(({ key, keysource }) => ({ key, keysource }));
  const keysource = `${protocol}:x`;
  expectSame(`${answer.asked}: the keys`, shown, [
    { key: oneKey, keysource },
    { key: otherKey, keysource },
  ]);
  expectDescriptions(answer.asked, events, ["Imported SSH keys."]);
}
