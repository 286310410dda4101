import { Type } from "typebox";
import { actingUser } from "../http/authentication/acting-user.ts";
import { listOf, nativeList } from "../http/native/list.ts";
import { nativeOperation, type NativeOperation } from "../http/native/operation.ts";
import { scopes } from "../http/authentication/credentials.ts";
import { rfc3339Micros, rfc3339OrNull } from "../time.ts";
import { createToken, deleteToken, renameToken } from "./actions.ts";
import { parseLimits } from "./limits.ts";
import { listSeenTokens, type SeenToken } from "./queries.ts";
import { fingerprint } from "../verifiable-log/fingerprint.ts";
import { formatApiKey, defaultTokenName, drawToken, parseTokenName, type Token } from "./token.ts";
import { timeOrNull } from "../http/native/time.ts";

export const tokenSchema = Type.Object({
  token_key: Type.String({ description: "Names the token; it is no secret." }),
  consumer_key: Type.String(),
  name: Type.String(),
  fingerprint: Type.String({ description: "As events name the token." }),
  created: Type.String({ format: "date-time" }),
  scopes: Type.Union([Type.Array(Type.Enum([...scopes])), Type.Null()], {
    description: "What the key may do; null for all that its user may.",
  }),
  expires: timeOrNull("Null for never."),
  source: Type.Union([Type.String(), Type.Null()], {
    description: "The source, besides external, of which the key reports events: maas:NAME; null for none.",
  }),
});

/** The same in a list. */
export const seenTokenSchema = Type.Object({
  ...tokenSchema.properties,
  last_used: timeOrNull("When it was used last, to the hour; null for never."),
  last_ip: Type.Union([Type.String(), Type.Null()], {
    description: "From where it was used last; of each address one use an hour is noted.",
  }),
});

export const newTokenSchema = Type.Intersect([
  tokenSchema,
  Type.Object({ api_key: Type.String({ description: "The whole key, CK:TK:TS. It is shown this once." }) }),
]);

const name = Type.String({ description: "For people: what the key is for." });

export const newTokenBody = Type.Object(
  {
    name: Type.Optional(name),
    scopes: Type.Optional(
      Type.Array(Type.String(), {
        description: `What the key may do, of ${scopes.join(", ")}; left out, all that its user may. events:write is an administrator's to give.`,
      }),
    ),
    expires: Type.Optional(Type.String({ description: "When it ends (RFC 3339); left out, never." })),
  },
  { additionalProperties: false },
);

/** The API keys of whoever is logged in. */
export const nativeTokenOperations: readonly NativeOperation[] = [
  nativeOperation({
    path: "/account/tokens",
    method: "GET",
    id: "listTokens",
    command: ["tokens", "list"],
    who: "user",
    summary: "List your API keys",
    answer: {
      status: 200,
      description: "Oldest first, without their secrets.",
      schema: listOf(seenTokenSchema),
    },
    does: ({ query }) =>
      query(async ({ db, actor }) => {
        const tokens = await listSeenTokens(db, actingUser(actor).id);
        return { status: 200, body: nativeList(tokens.map(nativeSeenToken)) };
      }),
  }),
  nativeOperation({
    path: "/account/tokens",
    method: "POST",
    id: "createToken",
    command: ["tokens", "create"],
    who: "user",
    alsoAuditors: true,
    needsFreshFactor: true,
    summary: "Make an API key",
    body: newTokenBody,
    answer: { status: 201, description: "The key, whole: this is the only time it is shown.", schema: newTokenSchema },
    does: ({ command }) =>
      command({
        action: createToken,
        async input({ actor, credentials: maker, now, request: { body } }) {
          const acting = actingUser(actor);
          const drawn = drawToken(
            parseTokenName(body.name ?? defaultTokenName),
            now,
            parseLimits(body, { acting, credentials: maker, now }),
          );
          return { ...drawn.token, userId: acting.id, credentials: drawn.credentials };
        },
        output(token, _call, { credentials }) {
          return { status: 201, body: { ...nativeToken(token), api_key: formatApiKey(credentials) } };
        },
      }),
  }),
  nativeOperation({
    path: "/account/tokens/{token_key}",
    method: "PATCH",
    id: "renameToken",
    command: ["tokens", "rename"],
    who: "user",
    alsoAuditors: true,
    summary: "Rename an API key",
    body: Type.Object({ name }, { additionalProperties: false }),
    answer: { status: 200, description: "The token under its new name.", schema: tokenSchema },
    does: ({ command }) =>
      command({
        action: renameToken,
        async input({ actor, request: { path, body } }) {
          const tokenKey = path["token_key"] ?? "";
          return { userId: actingUser(actor).id, tokenKey, name: parseTokenName(body.name) };
        },
        output: ({ after }) => ({ status: 200, body: nativeToken(after) }),
      }),
  }),
  nativeOperation({
    path: "/account/tokens/{token_key}",
    method: "DELETE",
    id: "deleteToken",
    command: ["tokens", "delete"],
    who: "user",
    alsoAuditors: true,
    summary: "Delete an API key",
    description: "Whoever goes on using it is refused, and that is recorded.",
    answer: { status: 204, description: "It is gone." },
    does: ({ command }) =>
      command({
        action: deleteToken,
        async input({ actor, now, request: { path } }) {
          const { id: userId, username } = actingUser(actor);
          return { userId, username, tokenKey: path["token_key"] ?? "", now };
        },
        output: () => ({ status: 204 }),
      }),
  }),
];

export function nativeToken(token: Token) {
  return {
    token_key: token.tokenKey,
    consumer_key: token.consumerKey,
    name: token.name,
    fingerprint: fingerprint(token.tokenKey),
    created: rfc3339Micros(token.created),
    scopes: token.scopes,
    expires: rfc3339OrNull(token.expires),
    source: token.source,
  };
}

export function nativeSeenToken(token: SeenToken) {
  return { ...nativeToken(token), last_used: rfc3339OrNull(token.lastUsed), last_ip: token.lastIp };
}
