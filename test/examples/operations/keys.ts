import { freshName } from "../../support/worlds/world.ts";
import { X509Certificate } from "node:crypto";
import { sampleCertificate, sampleSshKeys } from "../../support/sample-keys.ts";
import { type Attempt, type OperationExample, type OperationExamples, refused, told } from "./example.ts";
import { byKey, type World } from "../../support/worlds/server-world.ts";

const [ssh, , otherSsh] = sampleSshKeys;
const sshTarget = ["sshkey", ssh.fingerprint] as const;
const sslTarget = ["sslkey", new X509Certificate(sampleCertificate).fingerprint256] as const;

function sshCreation(api: "maas" | "native"): OperationExample {
  return async (world) => {
    const person = await world.person();
    const by = byKey(person);
    const values = { key: ssh.key };
    const created = told("sshkey.create", "Created SSH key.", sshTarget);
    const forOthers: readonly Attempt[] = [
      { what: "for nobody", values: { ...values, user: freshName("nobody") }, status: 400 },
      {
        what: "for somebody else, by a user",
        by,
        values: { ...values, user: "admin" },
        status: 400,
        records: [refused("sshkeys create")],
      },
      {
        what: "for somebody else, by an administrator",
        values: { key: otherSsh.key, user: person.username },
        status: 201,
        records: [told("sshkey.create", "Created SSH key.", ["sshkey", otherSsh.fingerprint])],
      },
    ];
    return [
      { what: "nothing", by, values: { key: "" }, status: 400 },
      { what: "a private key", by, values: { key: world.privateKey() }, status: 400 },
      { what: "a key", by, values, status: 201, records: [created] },
      { what: "the same again", by, values, status: 400 },
      ...(api === "maas" ? forOthers : []),
    ];
  };
}

function sshImport(name: "keysource" | "source"): OperationExample {
  return async (world) => {
    await world.publishKeys();
    const person = await world.person();
    const by = byKey(person);
    const imported = told("sshkey.import", "Imported SSH keys.", ["user", person.username]);
    return [
      { what: "a source that is none", by, values: { [name]: "xx:ada" }, status: 400 },
      { what: "somebody who isn't there", by, values: { [name]: "gh:nobody" }, status: 400 },
      { what: "somebody's keys", by, values: { [name]: "gh:ada" }, status: 200, records: [imported] },
      // A1: an act that changes nothing is still an act.
      { what: "the same again", by, values: { [name]: "gh:ada" }, status: 200, records: [imported] },
    ];
  };
}

/** Adds a key of somebody's own, and gives its number. */
async function withKey(world: World, kind: "ssh" | "ssl") {
  const person = await world.person();
  const key = kind === "ssh" ? ssh.key : sampleCertificate;
  const made = await person.native.ask("POST", `account/${kind}-keys`, { key });
  return { by: byKey(person), id: String(made.json<{ readonly id: number }>().id) };
}

async function sshDeletion(world: World): Promise<readonly Attempt[]> {
  const [{ by, id }, foreign] = [await withKey(world, "ssh"), await withKey(world, "ssh")];
  return [
    { what: "none", by, path: { id: "999999999" }, status: 404 },
    { what: "somebody else's", by, path: { id: foreign.id }, status: 403 },
    {
      what: "one's own",
      by,
      path: { id },
      status: 204,
      records: [told("sshkey.delete", `Deleted SSH key id='${id}'.`, sshTarget)],
    },
    { what: "the same again", by, path: { id }, status: 404 },
  ];
}

async function sslCreation(world: World): Promise<readonly Attempt[]> {
  const by = byKey(await world.person());
  const values = { key: sampleCertificate };
  return [
    { what: "nothing", by, values: { key: "" }, status: 400 },
    { what: "a private key", by, values: { key: world.privateKey() }, status: 400 },
    { what: "a private key with it", by, values: { key: sampleCertificate + world.privateKey() }, status: 400 },
    {
      what: "a certificate",
      by,
      values,
      status: 201,
      records: [told("sslkey.create", "Created SSL key.", sslTarget)],
    },
    { what: "the same again", by, values, status: 400 },
  ];
}

async function sslDeletion(world: World): Promise<readonly Attempt[]> {
  const [{ by, id }, foreign] = [await withKey(world, "ssl"), await withKey(world, "ssl")];
  return [
    { what: "none", by, path: { id: "999999999" }, status: 404 },
    { what: "somebody else's", by, path: { id: foreign.id }, status: 403 },
    {
      what: "one's own",
      by,
      path: { id },
      status: 204,
      records: [told("sslkey.delete", `Deleted SSL key id='${id}'.`, sslTarget)],
    },
    { what: "the same again", by, path: { id }, status: 404 },
  ];
}

/** SSH keys, their import, and SSL keys. */
export const keyExamples: OperationExamples = {
  "sshkeys create": sshCreation("maas"),
  "POST /api/v1/account/ssh-keys": sshCreation("native"),
  "sshkeys import": sshImport("keysource"),
  "POST /api/v1/account/ssh-keys/imports": sshImport("source"),
  "sshkey delete": sshDeletion,
  "DELETE /api/v1/account/ssh-keys/{id}": sshDeletion,
  "sslkeys create": sslCreation,
  "POST /api/v1/account/ssl-keys": sslCreation,
  "sslkey delete": sslDeletion,
  "DELETE /api/v1/account/ssl-keys/{id}": sslDeletion,
};
