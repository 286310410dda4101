import { actingUser } from "../http/authentication/acting-user.ts";
import { indentedJson, nothing } from "../http/maas/answer.ts";
import type { MaasOperation } from "../http/maas/operation.ts";
import type { Parameters } from "../http/maas/parameters/parameters.ts";
import { command, query } from "../http/operations/operation.ts";
import { Refusal } from "../refusal.ts";
import { createSshKey, createSslKey, deleteSshKey, deleteSslKey, importSshKeys, refuseForeign } from "./actions.ts";
import { findSshKey, findSslKey, listSshKeys, listSslKeys } from "./queries.ts";
import { parseKeySource } from "./key-source.ts";
import { findOwner } from "./owner.ts";
import { prepareImport } from "./ssh-import.ts";
import { parseSshKey, type SshKey } from "./ssh-key.ts";
import { parseSslKey, type SslKey } from "./ssl-key.ts";

const sshKeys = {
  resource: { name: "SSHKeysHandler", doc: "Manage the current logged-in user's SSH keys." },
  path: "api/2.0/account/prefs/sshkeys/",
  who: "user",
} as const;
const sshKey = {
  resource: {
    name: "SSHKeyHandler",
    doc: "Manage an SSH key.",
    argument: { doc: "The key's number, as 'sshkeys read' lists it.", sample: "3" },
  },
  path: "api/2.0/account/prefs/sshkeys/{id}/",
  who: "user",
} as const;
const sslKeys = {
  resource: { name: "SSLKeysHandler", doc: "Manage the current logged-in user's SSL keys." },
  path: "api/2.0/account/prefs/sslkeys/",
  who: "user",
} as const;
const sslKey = {
  resource: {
    name: "SSLKeyHandler",
    doc: "Manage an SSL key.",
    argument: { doc: "The key's number, as 'sslkeys read' lists it.", sample: "3" },
  },
  path: "api/2.0/account/prefs/sslkeys/{id}/",
  who: "user",
} as const;

/** MAAS's `account/prefs/`: MAAS API 2.0, `maasserver/api/ssh_keys.py` and `ssl_keys.py`. */
export const maasKeyOperations: readonly MaasOperation[] = [
  {
    ...sshKeys,
    method: "GET",
    op: null,
    title: "List SSH keys",
    description: "List all of your SSH keys.",
    parameters: {},
    does: query(async ({ db, actor }) => {
      return indentedJson((await listSshKeys(db, actingUser(actor).id)).map(maasSshKey));
    }),
  },
  {
    ...sshKeys,
    method: "POST",
    op: null,
    title: "Add a new SSH key",
    description: "Add an SSH key to your account, or as an administrator to somebody else's.",
    parameters: {
      key: { type: "String", required: false, isNeeded: true, doc: "The public key: its type, data and comment." },
      user: { type: "String", required: false, doc: "The name of the user to add the key to, for administrators." },
    },
    example: "key@=id_ed25519.pub",
    does: command({
      action: createSshKey,
      async input({ db, actor, now, request: { parameters } }) {
        const owner = await findOwner(db, actingUser(actor), parameters.last("user"));
        return { owner, key: parseSshKey(valueOf(parameters, "key")), now };
      },
      output: ({ key }) => indentedJson({ key: key.key, id: key.id, keysource: null }, 201),
    }),
  },
  {
    ...sshKeys,
    method: "POST",
    op: "import",
    title: "Import SSH keys",
    description:
      "Import the SSH keys that somebody has published on Launchpad or GitHub: all of them or none, and at most 100.",
    parameters: {
      keysource: {
        type: "String",
        required: false,
        isNeeded: true,
        doc: "Whose keys: lp:NAME for Launchpad, gh:NAME for GitHub. Canonical's maas client takes the word alone, such as gh:bob, without keysource= before it; ironlog takes both.",
      },
    },
    // The client writes `keysource=` before each word.
    example: "gh:bob",
    does: command({
      action: importSshKeys,
      async input({ db, actor, now, request: { parameters } }) {
        const source = parseKeySource(parameters.last("keysource") ?? "");
        return prepareImport(db, actingUser(actor), source, now);
      },
      output: ({ all }) => indentedJson(all.map(maasSshKey)),
    }),
  },
  {
    ...sshKey,
    method: "GET",
    op: null,
    title: "Retrieve an SSH key",
    description: "Retrieve one of your SSH keys.",
    parameters: {},
    does: query(async ({ db, actor, request }) => {
      const key = await findSshKey(db, parseId(request.path["id"]));
      return indentedJson(maasSshKey(refuseForeign(key, actingUser(actor).id, "get")));
    }),
  },
  {
    ...sshKey,
    method: "DELETE",
    op: null,
    title: "Delete an SSH key",
    description: "Delete one of your SSH keys.",
    parameters: {},
    does: command({
      action: deleteSshKey,
      input: async ({ actor, request }) => ({ userId: actingUser(actor).id, id: parseId(request.path["id"]) }),
      output: () => nothing,
    }),
  },
  {
    ...sslKeys,
    method: "GET",
    op: null,
    title: "List SSL keys",
    description: "List all of your SSL keys.",
    parameters: {},
    does: query(async ({ db, actor }) => {
      return indentedJson((await listSslKeys(db, actingUser(actor).id)).map(maasSslKey));
    }),
  },
  {
    ...sslKeys,
    method: "POST",
    hasLargeBody: true,
    op: null,
    title: "Add a new SSL key",
    description: "Add an SSL key (an X.509 certificate in PEM, without its private key) to your account.",
    parameters: { key: { type: "String", required: false, isNeeded: true, doc: "The certificate, in PEM." } },
    example: "key@=certificate.pem",
    does: command({
      action: createSslKey,
      async input({ actor, now, request: { parameters } }) {
        return { userId: actingUser(actor).id, key: parseSslKey(valueOf(parameters, "key")), now };
      },
      output: ({ id, key }) => indentedJson({ key, id }, 201),
    }),
  },
  {
    ...sslKey,
    method: "GET",
    op: null,
    title: "Retrieve an SSL key",
    description: "Retrieve one of your SSL keys.",
    parameters: {},
    does: query(async ({ db, actor, request }) => {
      const key = await findSslKey(db, parseId(request.path["id"]));
      return indentedJson(maasSslKey(refuseForeign(key, actingUser(actor).id, "get")));
    }),
  },
  {
    ...sslKey,
    method: "DELETE",
    op: null,
    title: "Delete an SSL key",
    description: "Delete one of your SSL keys.",
    parameters: {},
    does: command({
      action: deleteSslKey,
      input: async ({ actor, request }) => ({ userId: actingUser(actor).id, id: parseId(request.path["id"]) }),
      output: () => nothing,
    }),
  },
];

/** A field, or the file sent under its name, as `key@=FILE` does: a key is kept as it came, with its last line end. */
function valueOf(parameters: Parameters, name: string): string {
  const isField = parameters.pairs.some(([field]) => field === name);
  return (isField ? parameters.last(name) : parameters.upload(name)?.content.toString("utf8")) ?? "";
}

export function parseId(text: string | undefined): number {
  if (text === undefined || !/^\d{1,15}$/.test(text)) throw new Refusal("not_found", "There is no key of that id.");
  return Number(text);
}

function maasSshKey({ id, key, source }: SshKey) {
  return { id, key, keysource: source ?? "", resource_uri: `/MAAS/api/2.0/account/prefs/sshkeys/${id}/` };
}

function maasSslKey({ id, key }: SslKey) {
  return { id, key, resource_uri: `/MAAS/api/2.0/account/prefs/sslkeys/${id}/` };
}
