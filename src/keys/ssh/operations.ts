import { Type } from "typebox";
import { actingUser } from "../../http/authentication/acting-user.ts";
import { indentedJson } from "../../http/maas/answer.ts";
import { listOf, nativeList } from "../../http/native/list.ts";
import type { MaasOperation } from "../../http/maas/operation.ts";
import { nativeOperation, type NativeOperation } from "../../http/native/operation.ts";
import { bodyOf, nativeResource } from "../../http/native/resource.ts";
import { command } from "../../http/operations/operation.ts";
import { rfc3339Micros } from "../../time.ts";
import { getOwnKey, keyIn, maasKeyOperations, unwantedKey } from "../own-keys.ts";
import { createSshKey, deleteSshKey, importSshKeys } from "./actions.ts";
import { parseKeySource } from "./key-source.ts";
import { findOwner, getUserId } from "./owner.ts";
import { findSshKey, listSshKeys } from "./queries.ts";
import { prepareImport } from "./ssh-import.ts";
import { parseSshKey, type SshKey } from "./ssh-key.ts";

export const maasSshKeyOperations = maasKeyOperations({
  name: "SSHKey",
  noun: "SSH key",
  list: listSshKeys,
  find: findSshKey,
  remove: deleteSshKey,
  shown: ({ id, key, source }: SshKey) => ({ id, key, keysource: source ?? "" }),
  more: (all, show): readonly MaasOperation[] => [
    {
      ...all,
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
          return { owner, key: parseSshKey(keyIn(parameters)), now };
        },
        output: ({ key }) => indentedJson({ key: key.key, id: key.id, keysource: null }, 201),
      }),
    },
    {
      ...all,
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
        output: ({ all: keys }) => indentedJson(keys.map(show)),
      }),
    },
  ],
});

const sshKeySchema = Type.Object({
  id: Type.Integer(),
  key: Type.String(),
  fingerprint: Type.String({ description: "As ssh-keygen prints it, and as events name the key." }),
  source: Type.Union([Type.String(), Type.Null()], { description: "gh:NAME or lp:NAME where it was imported." }),
  created: Type.String({ format: "date-time" }),
});

function nativeSshKey({ id, key, fingerprint, source, created }: SshKey) {
  return { id, key, fingerprint, source, created: rfc3339Micros(created) };
}

export const nativeSshKeyOperations: readonly NativeOperation[] = [
  ...nativeResource({
    path: "/account/ssh-keys",
    id: "SshKey",
    one: "an SSH key",
    many: "your SSH keys",
    who: "user",
    alsoAuditors: true,
    schema: sshKeySchema,
    body: bodyOf({ key: Type.String({ description: "Type, data and comment." }) }),
    shown: nativeSshKey,
    list: ({ db, actor }) => listSshKeys(db, actingUser(actor).id),
    get: (call, id) => getOwnKey(findSshKey, call, id),
    create: {
      action: createSshKey,
      async input({ actor, now, request: { body } }) {
        const { id: userId, username } = actingUser(actor);
        return { owner: { userId, username }, key: parseSshKey(body.key), now };
      },
      created: ({ key }) => key,
    },
    remove: { action: deleteSshKey, input: unwantedKey },
  }),
  nativeOperation({
    path: "/users/{username}/ssh-keys",
    method: "GET",
    id: "listUserSshKeys",
    command: ["users", "ssh-keys"],
    who: "auditor",
    summary: "List a user's SSH keys",
    answer: { status: 200, description: "Oldest first.", schema: listOf(sshKeySchema) },
    does: ({ query }) =>
      query(async ({ db, request: { path } }) => {
        const keys = await listSshKeys(db, await getUserId(db, path["username"] ?? ""));
        return { status: 200, body: nativeList(keys.map(nativeSshKey)) };
      }),
  }),
  nativeOperation({
    path: "/account/ssh-keys/imports",
    method: "POST",
    id: "importSshKeys",
    who: "user",
    alsoAuditors: true,
    summary: "Import SSH keys",
    description: "All that somebody has published, or none. Keys that have vanished there stay here.",
    body: Type.Object({ source: Type.String({ description: "gh:NAME or lp:NAME." }) }, { additionalProperties: false }),
    answer: { status: 200, description: "All keys of that source.", schema: listOf(sshKeySchema) },
    does: ({ command }) =>
      command({
        action: importSshKeys,
        async input({ db, actor, now, request: { body } }) {
          return prepareImport(db, actingUser(actor), parseKeySource(body.source), now);
        },
        output: ({ all }) => ({ status: 200, body: nativeList(all.map(nativeSshKey)) }),
      }),
  }),
];
