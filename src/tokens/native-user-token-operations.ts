import { Type } from "typebox";
import { actingUser } from "../http/authentication/acting-user.ts";
import { listOf, nativeList } from "../http/native/list.ts";
import { nativeOperation, type NativeOperation } from "../http/native/operation.ts";
import { createTokenFor, deleteToken } from "./actions.ts";
import { parseLimitsForOthers } from "./limits.ts";
import { nativeSeenToken, nativeToken, newTokenBody, newTokenSchema, seenTokenSchema } from "./native-operations.ts";
import { getTokenOwner, listSeenTokens } from "./queries.ts";
import { formatApiKey, defaultTokenName, drawToken, parseTokenName } from "./token.ts";

/** The API keys of others, for administrators: to give a program its key, and to take back one that has leaked. */
export const nativeUserTokenOperations: readonly NativeOperation[] = [
  nativeOperation({
    path: "/users/{username}/tokens",
    method: "GET",
    id: "listUserTokens",
    command: ["users", "tokens"],
    who: "auditor",
    summary: "List a user's API keys",
    answer: { status: 200, description: "Oldest first, without their secrets.", schema: listOf(seenTokenSchema) },
    does: ({ query }) =>
      query(async ({ db, request: { path } }) => {
        const owner = await getTokenOwner(db, path["username"] ?? "");
        return { status: 200, body: nativeList((await listSeenTokens(db, owner.id)).map(nativeSeenToken)) };
      }),
  }),
  nativeOperation({
    path: "/users/{username}/tokens",
    method: "POST",
    id: "createUserToken",
    command: ["users", "create-token"],
    who: "administrator",
    needsFreshFactor: true,
    summary: "Make an API key for a user",
    description:
      "For programs that have a user of their own, such as one that reports events. It must have scopes, and can't act as the user otherwise.",
    body: Type.Object(
      {
        ...newTokenBody.properties,
        source: Type.Optional(
          Type.String({
            description: "maas:NAME lets the key report events as those of that MAAS, with events:write.",
          }),
        ),
      },
      { additionalProperties: false },
    ),
    answer: { status: 201, description: "The key, whole: this is the only time it is shown.", schema: newTokenSchema },
    does: ({ command }) =>
      command({
        action: createTokenFor,
        async input({ db, actor, credentials, now, request: { path, body } }) {
          const owner = await getTokenOwner(db, path["username"] ?? "");
          const limits = parseLimitsForOthers(body, { acting: actingUser(actor), credentials, now });
          return { owner, ...drawToken(parseTokenName(body.name ?? defaultTokenName), now, limits) };
        },
        output(token, _call, { credentials }) {
          return { status: 201, body: { ...nativeToken(token), api_key: formatApiKey(credentials) } };
        },
      }),
  }),
  nativeOperation({
    path: "/users/{username}/tokens/{token_key}",
    method: "DELETE",
    id: "deleteUserToken",
    command: ["users", "delete-token"],
    who: "administrator",
    needsFreshFactor: true,
    summary: "Delete a user's API key",
    answer: { status: 204, description: "It is gone." },
    does: ({ command }) =>
      command({
        action: deleteToken,
        async input({ db, now, request: { path } }) {
          const owner = await getTokenOwner(db, path["username"] ?? "");
          return { userId: owner.id, username: owner.username, tokenKey: path["token_key"] ?? "", now };
        },
        output: () => ({ status: 204 }),
      }),
  }),
];
