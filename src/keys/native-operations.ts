import { Type } from "typebox";
import { actingUser } from "../http/authentication/acting-user.ts";
import { listOf, nativeList } from "../http/native/list.ts";
import { nativeOperation, type NativeOperation } from "../http/native/operation.ts";
import { rfc3339Micros } from "../time.ts";
import { createSshKey, createSslKey, deleteSshKey, deleteSslKey, importSshKeys, refuseForeign } from "./actions.ts";
import { findSshKey, findSslKey, listSshKeys, listSslKeys } from "./queries.ts";
import { parseKeySource } from "./key-source.ts";
import { parseId } from "./maas-operations.ts";
import { prepareImport } from "./ssh-import.ts";
import { parseSshKey, type SshKey } from "./ssh-key.ts";
import { parseSslKey, shownExpiry, type SslKey } from "./ssl-key.ts";

const sshKeySchema = Type.Object({
  id: Type.Integer(),
  key: Type.String(),
  fingerprint: Type.String({ description: "As ssh-keygen prints it, and as events name the key." }),
  source: Type.Union([Type.String(), Type.Null()], { description: "gh:NAME or lp:NAME where it was imported." }),
  created: Type.String({ format: "date-time" }),
});

const sslKeySchema = Type.Object({
  id: Type.Integer(),
  key: Type.String({ description: "PEM." }),
  subject: Type.String(),
  fingerprint: Type.String({ description: "SHA-256 of the certificate." }),
  expires: Type.String({ format: "date-time" }),
  created: Type.String({ format: "date-time" }),
});

/** The keys of whoever is logged in. */
export const nativeKeyOperations: readonly NativeOperation[] = [
  nativeOperation({
    path: "/account/ssh-keys",
    method: "GET",
    id: "listSshKeys",
    who: "user",
    summary: "List your SSH keys",
    answer: { status: 200, description: "Oldest first.", schema: listOf(sshKeySchema) },
    does: ({ query }) =>
      query(async ({ db, actor }) => {
        const keys = await listSshKeys(db, actingUser(actor).id);
        return { status: 200, body: nativeList(keys.map(nativeSshKey)) };
      }),
  }),
  nativeOperation({
    path: "/account/ssh-keys",
    method: "POST",
    id: "createSshKey",
    who: "user",
    summary: "Add an SSH key",
    body: Type.Object(
      { key: Type.String({ description: "Type, data and comment." }) },
      { additionalProperties: false },
    ),
    answer: { status: 201, description: "The key.", schema: sshKeySchema },
    does: ({ command }) =>
      command({
        action: createSshKey,
        async input({ actor, now, request: { body } }) {
          const { id: userId, username } = actingUser(actor);
          return { owner: { userId, username }, key: parseSshKey(body.key), now };
        },
        output: ({ key }) => ({ status: 201, body: nativeSshKey(key) }),
      }),
  }),
  nativeOperation({
    path: "/account/ssh-keys/imports",
    method: "POST",
    id: "importSshKeys",
    who: "user",
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
  nativeOperation({
    path: "/account/ssh-keys/{id}",
    method: "GET",
    id: "readSshKey",
    who: "user",
    summary: "Read an SSH key",
    answer: { status: 200, description: "The key.", schema: sshKeySchema },
    does: ({ query }) =>
      query(async ({ db, actor, request }) => {
        const key = await findSshKey(db, parseId(request.path["id"]));
        return { status: 200, body: nativeSshKey(refuseForeign(key, actingUser(actor).id, "get")) };
      }),
  }),
  nativeOperation({
    path: "/account/ssh-keys/{id}",
    method: "DELETE",
    id: "deleteSshKey",
    who: "user",
    summary: "Delete an SSH key",
    answer: { status: 204, description: "It is gone." },
    does: ({ command }) =>
      command({
        action: deleteSshKey,
        input: async ({ actor, request }) => ({ userId: actingUser(actor).id, id: parseId(request.path["id"]) }),
        output: () => ({ status: 204 }),
      }),
  }),
  nativeOperation({
    path: "/account/ssl-keys",
    method: "GET",
    id: "listSslKeys",
    who: "user",
    summary: "List your SSL keys",
    answer: { status: 200, description: "Oldest first.", schema: listOf(sslKeySchema) },
    does: ({ query }) =>
      query(async ({ db, actor }) => {
        const keys = await listSslKeys(db, actingUser(actor).id);
        return { status: 200, body: nativeList(keys.map(nativeSslKey)) };
      }),
  }),
  nativeOperation({
    path: "/account/ssl-keys",
    method: "POST",
    id: "createSslKey",
    hasLargeBody: true,
    who: "user",
    summary: "Add an SSL key",
    body: Type.Object(
      { key: Type.String({ description: "An X.509 certificate in PEM." }) },
      { additionalProperties: false },
    ),
    answer: { status: 201, description: "The key.", schema: sslKeySchema },
    does: ({ command }) =>
      command({
        action: createSslKey,
        async input({ actor, now, request: { body } }) {
          return { userId: actingUser(actor).id, key: parseSslKey(body.key), now };
        },
        output: (key) => ({ status: 201, body: nativeSslKey(key) }),
      }),
  }),
  nativeOperation({
    path: "/account/ssl-keys/{id}",
    method: "GET",
    id: "readSslKey",
    who: "user",
    summary: "Read an SSL key",
    answer: { status: 200, description: "The key.", schema: sslKeySchema },
    does: ({ query }) =>
      query(async ({ db, actor, request }) => {
        const key = await findSslKey(db, parseId(request.path["id"]));
        return { status: 200, body: nativeSslKey(refuseForeign(key, actingUser(actor).id, "get")) };
      }),
  }),
  nativeOperation({
    path: "/account/ssl-keys/{id}",
    method: "DELETE",
    id: "deleteSslKey",
    who: "user",
    summary: "Delete an SSL key",
    answer: { status: 204, description: "It is gone." },
    does: ({ command }) =>
      command({
        action: deleteSslKey,
        input: async ({ actor, request }) => ({ userId: actingUser(actor).id, id: parseId(request.path["id"]) }),
        output: () => ({ status: 204 }),
      }),
  }),
];

function nativeSshKey({ id, key, fingerprint, source, created }: SshKey) {
  return { id, key, fingerprint, source, created: rfc3339Micros(created) };
}

function nativeSslKey({ id, key, subject, fingerprint, expires, created }: SslKey) {
  return { id, key, subject, fingerprint, expires: shownExpiry({ key, expires }), created: rfc3339Micros(created) };
}
