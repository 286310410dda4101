import assert from "node:assert/strict";
import { test } from "node:test";
import { kinds } from "../../support/databases/databases.ts";
import { keyServer } from "../../support/key-server.ts";
import { allEvents } from "../../support/clients/native-client.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { farCertificate, sampleCertificate, sampleSshKeys } from "../../support/sample-keys.ts";
import { sharedServers } from "../../support/server.ts";

// 5.4 and 5.5: SSH keys, their import, SSL keys, over MAAS's API and the native one.

const serverOf = sharedServers();
const [rsa, ecdsa, ed25519] = sampleSshKeys;
const ssh = "account/prefs/sshkeys/";
const ssl = "account/prefs/sslkeys/";

interface ListedKey {
  readonly id: number;
  readonly key: string;
  readonly keysource: string;
  readonly resource_uri: string;
}

for (const kind of kinds) {
  test(`60: an SSH key is added, listed, read and deleted; a duplicate is refused (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas, username } = await makePerson(server);
    const made = await maas.post(ssh, [["key", rsa.key]]);
    assert.equal(made.status, 201);
    const { id } = made.json<ListedKey>();
    assert.deepEqual(made.json(), { key: rsa.key, id, keysource: null });
    const shown = { id, key: rsa.key, keysource: "", resource_uri: `/MAAS/api/2.0/account/prefs/sshkeys/${id}/` };
    assert.deepEqual((await maas.get(ssh)).json(), [shown]);
    assert.deepEqual((await maas.get(`${ssh}${id}/`)).json(), shown);
    const again = await maas.post(ssh, [["key", rsa.key]]);
    assert.equal(again.status, 400);
    assert.deepEqual(again.json(), { __all__: ["This key has already been added for this user."] });
    const empty = await maas.post(ssh, []);
    assert.equal(empty.status, 400);
    assert.deepEqual(empty.json(), { key: ["This field is required."] });
    assert.equal((await maas.delete(`${ssh}${id}/`)).status, 204);
    assert.equal((await maas.get(`${ssh}${id}/`)).status, 404);
    const root = admin(server);
    const { events } = (await root.maas.get(`events/?op=query&level=AUDIT&owner=${username}`)).json<{
      events: readonly { description: string }[];
    }>();
    assert.deepEqual(events.map(({ description }) => description).slice(0, 2), [
      `Deleted SSH key id='${id}'.`,
      "Created SSH key.",
    ]);
  });

  test(`60: the same key in another dress is a duplicate, of SSH and of SSL (${kind})`, async () => {
    const { maas } = await makePerson(await serverOf(kind));
    const [type, data] = rsa.key.split(" ");
    assert.equal((await maas.post(ssh, [["key", rsa.key]])).status, 201);
    for (const key of [`${type} ${data}`, `${type}  ${data} other`, `${rsa.key}\n`, `${type}\t${data}`]) {
      const again = await maas.post(ssh, [["key", key]]);
      assert.deepEqual(
        [again.status, again.json()],
        [400, { __all__: ["This key has already been added for this user."] }],
      );
    }
    // OpenSSH reads no other padding than the right one.
    const padded = await maas.post(ssh, [["key", `${type} ${data}==`]]);
    assert.deepEqual(Object.keys(padded.json<object>()), ["key"]);
    assert.equal((await maas.get(ssh)).json<readonly ListedKey[]>().length, 1);
    assert.equal((await maas.post(ssl, [["key", sampleCertificate]])).status, 201);
    const again = await maas.post(ssl, [["key", `${sampleCertificate}\n\n`]]);
    assert.deepEqual(again.json(), { key: ["This key has already been added for this user."] });
  });

  test(`a certificate shows the year that it ends in, however far (${kind})`, async () => {
    const { maas, native } = await makePerson(await serverOf(kind));
    assert.equal((await maas.post(ssl, [["key", farCertificate]])).status, 201);
    const { items } = (await native.ask("GET", "account/ssl-keys")).json<{ items: readonly { expires: string }[] }>();
    assert.deepEqual(
      items.map(({ expires }) => expires),
      ["9966-11-04T09:07:59.000000Z"],
    );
  });

  test(`62: somebody else's key can neither be read nor deleted (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas } = await makePerson(server);
    const other = await makePerson(server);
    const { id } = (await maas.post(ssh, [["key", ed25519.key]])).json<ListedKey>();
    const deleted = await other.maas.delete(`${ssh}${id}/`);
    assert.equal(deleted.status, 403);
    assert.equal(deleted.text, "Can't delete a key you don't own.");
    assert.equal((await other.maas.get(`${ssh}${id}/`)).status, 403);
    assert.equal((await maas.get(`${ssh}${id}/`)).status, 200);
  });

  test(`5.4: an administrator may add a key to somebody else's account, nobody else may (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas, username } = await makePerson(server);
    const root = admin(server);
    assert.equal(
      (
        await root.maas.post(ssh, [
          ["key", ecdsa.key],
          ["user", username],
        ])
      ).status,
      201,
    );
    assert.equal((await maas.get(ssh)).json<readonly ListedKey[]>()[0]?.key, ecdsa.key);
    const refused = await maas.post(ssh, [
      ["key", rsa.key],
      ["user", "admin"],
    ]);
    assert.equal(refused.text, "Only administrators can specify a user when creating an SSH key.");
    const unknown = await root.maas.post(ssh, [
      ["key", rsa.key],
      ["user", "nosuch"],
    ]);
    assert.equal(unknown.text, "Supplied username does not match any current users.");
  });

  test(`61: keys are imported from where the setting says, all or none, and the event names them (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas, username } = await makePerson(server);
    const root = admin(server);
    let published = JSON.stringify([{ key: rsa.key }, { key: ecdsa.key }]);
    await using github = await keyServer(({ url }, response) => {
      if (url === "/users/ada/keys?per_page=100") response.end(published);
      else response.writeHead(404).end();
    });
    const set = await root.maas.post("maas/?op=set_config", [
      ["name", "ironlog_github_url"],
      ["value", github.url],
    ]);
    assert.equal(set.status, 200);
    const first = await maas.post(`${ssh}?op=import`, [["keysource", "gh:ada"]]);
    assert.equal(first.status, 200);
    assert.deepEqual(
      first.json<readonly ListedKey[]>().map(({ key, keysource }) => [key, keysource]),
      [
        [rsa.key, "gh:ada"],
        [ecdsa.key, "gh:ada"],
      ],
    );
    const missing = await maas.post(`${ssh}?op=import`, [["keysource", "gh:nobody"]]);
    assert.equal(missing.status, 400);
    assert.equal(missing.text, "Unable to import SSH keys. github user nobody doesn't exist.");
    published = JSON.stringify([{ key: ed25519.key }, { key: "nonsense" }]);
    assert.equal((await maas.post(`${ssh}?op=import`, [["keysource", "gh:ada"]])).status, 400);
    assert.equal((await maas.get(ssh)).json<readonly ListedKey[]>().length, 2);
    // Known keys under other comments are not new, and more than a hundred of one source are refused.
    const [type, data] = rsa.key.split(" ");
    published = JSON.stringify([{ key: `${type} ${data} another comment` }]);
    assert.equal(
      (await maas.post(`${ssh}?op=import`, [["keysource", "gh:ada"]])).json<readonly ListedKey[]>().length,
      2,
    );
    published = JSON.stringify(Array.from({ length: 99 }, (_, at) => ({ key: otherKey(at) })));
    const many = await maas.post(`${ssh}?op=import`, [["keysource", "gh:ada"]]);
    assert.equal(many.status, 400);
    assert.match(many.text, /^Unable to import SSH keys\. .*gh:ada would have 101 keys: at most 100 are taken\./);
    assert.equal((await maas.get(ssh)).json<readonly ListedKey[]>().length, 2);
    const [, event] = await allEvents(root.native, { owner: username, action: "sshkey.import" });
    assert.equal(event?.description, "Imported SSH keys.");
    assert.deepEqual(event.details, {
      source: "gh:ada",
      fingerprints: [rsa.fingerprint, ecdsa.fingerprint],
      imported: [rsa.fingerprint, ecdsa.fingerprint],
    });
  });

  test(`63: an SSL key is added, listed and deleted; what is none is refused (${kind})`, async () => {
    const { maas, native } = await makePerson(await serverOf(kind));
    const bad = await maas.post(ssl, [["key", "abc"]]);
    assert.equal(bad.status, 400);
    assert.deepEqual(bad.json(), { key: ["Invalid SSL key."] });
    const made = await maas.post(ssl, [["key", sampleCertificate]]);
    assert.equal(made.status, 201);
    const { id } = made.json<ListedKey>();
    assert.deepEqual((await maas.post(ssl, [["key", sampleCertificate]])).json(), {
      key: ["This key has already been added for this user."],
    });
    const { items } = (await native.ask("GET", "account/ssl-keys")).json<{ items: readonly { subject: string }[] }>();
    assert.deepEqual(
      items.map(({ subject }) => subject),
      ["CN=audit.example.com, O=Example"],
    );
    assert.equal((await maas.delete(`${ssl}${id}/`)).status, 204);
    assert.deepEqual((await maas.get(ssl)).json(), []);
  });
}

/** An ed25519 key that is different for each number. */
function otherKey(at: number): string {
  const data = Buffer.from(ed25519.key.split(" ")[1] ?? "", "base64");
  data.writeUInt32BE(at, data.length - 4);
  return `ssh-ed25519 ${data.toString("base64")}`;
}
