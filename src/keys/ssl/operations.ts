import { Type } from "typebox";
import { actingUser } from "../../http/authentication/acting-user.ts";
import { indentedJson } from "../../http/maas/answer.ts";
import { bodyOf, nativeResource } from "../../http/native/resource.ts";
import { command } from "../../http/operations/operation.ts";
import { rfc3339Micros } from "../../time.ts";
import { getOwnKey, keyIn, maasKeyOperations, unwantedKey } from "../own-keys.ts";
import { createSslKey, deleteSslKey } from "./actions.ts";
import { findSslKey, listSslKeys } from "./queries.ts";
import { parseSslKey, shownExpiry, type SslKey } from "./ssl-key.ts";

export const maasSslKeyOperations = maasKeyOperations({
  name: "SSLKey",
  noun: "SSL key",
  list: listSslKeys,
  find: findSslKey,
  remove: deleteSslKey,
  shown: ({ id, key }) => ({ id, key }),
  more: (all) => [
    {
      ...all,
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
          return { userId: actingUser(actor).id, key: parseSslKey(keyIn(parameters)), now };
        },
        output: ({ id, key }) => indentedJson({ key, id }, 201),
      }),
    },
  ],
});

export const nativeSslKeyOperations = nativeResource({
  path: "/account/ssl-keys",
  id: "SslKey",
  one: "an SSL key",
  many: "your SSL keys",
  who: "user",
  alsoAuditors: true,
  hasLargeBody: true,
  schema: Type.Object({
    id: Type.Integer(),
    key: Type.String({ description: "PEM." }),
    subject: Type.String(),
    fingerprint: Type.String({ description: "SHA-256 of the certificate." }),
    expires: Type.String({ format: "date-time" }),
    created: Type.String({ format: "date-time" }),
  }),
  body: bodyOf({ key: Type.String({ description: "An X.509 certificate in PEM." }) }),
  shown({ id, key, subject, fingerprint, expires, created }: SslKey) {
    return { id, key, subject, fingerprint, expires: shownExpiry({ key, expires }), created: rfc3339Micros(created) };
  },
  list: ({ db, actor }) => listSslKeys(db, actingUser(actor).id),
  get: (call, id) => getOwnKey(findSslKey, call, id),
  create: {
    action: createSslKey,
    async input({ actor, now, request: { body } }) {
      return { userId: actingUser(actor).id, key: parseSslKey(body.key), now };
    },
    created: (key) => key,
  },
  remove: { action: deleteSslKey, input: unwantedKey },
});
