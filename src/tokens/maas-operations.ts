import { actingUser } from "../http/authentication/acting-user.ts";
import { acknowledgement, compactJson, indentedJson, nothing } from "../http/maas/answer.ts";
import type { MaasOperation } from "../http/maas/operation.ts";
import { command, query } from "../http/operations/operation.ts";
import { createToken, deleteToken, renameToken } from "./actions.ts";
import { makersEnd, noLimits } from "./limits.ts";
import { listTokens } from "./queries.ts";
import { defaultTokenName, drawToken, maskedApiKey, parseTokenName } from "./token.ts";

/** What MAAS keeps of whoever is logged in; other slices add to it. */
export const accountResource = {
  name: "AccountHandler",
  doc: "Manage the current logged-in user: API keys and password.",
} as const;

const account = { resource: accountResource, path: "api/2.0/account/", who: "user", alsoAuditors: true } as const;

/** The API keys of whoever is logged in: a part of MAAS's `account/`. */
export const maasTokenOperations: readonly MaasOperation[] = [
  {
    ...account,
    method: "POST",
    op: "create_authorisation_token",
    needsFreshFactor: true,
    title: "Create an authorisation token",
    description: "Create an authorisation OAuth token and OAuth consumer. Its secret is shown here, and never again.",
    parameters: { name: { type: "String", required: false, doc: "Name of the token that will be created." } },
    example: "name=laptop",
    does: command({
      action: createToken,
      async input({ actor, credentials: maker, now, request: { parameters } }) {
        const name = parseTokenName(parameters.last("name") ?? defaultTokenName);
        const { token, credentials } = drawToken(name, now, { ...noLimits, expires: makersEnd(maker) });
        return { ...token, userId: actingUser(actor).id, credentials };
      },
      output({ name }, _call, { credentials: { consumerKey, tokenKey, secret } }) {
        return compactJson({ token_key: tokenKey, token_secret: secret, consumer_key: consumerKey, name });
      },
    }),
  },
  {
    ...account,
    method: "POST",
    op: "delete_authorisation_token",
    title: "Delete an authorisation token",
    description: "Delete an authorisation OAuth token and the related OAuth consumer.",
    parameters: { token_key: { type: "String", required: true, doc: "The key of the token to be deleted." } },
    example: "token_key=4cXTkSvFnL3aBq9WzD",
    does: command({
      action: deleteToken,
      async input({ actor, now, request: { parameters } }) {
        const { id: userId, username } = actingUser(actor);
        return { userId, username, tokenKey: parameters.last("token_key") ?? "", now };
      },
      output: () => nothing,
    }),
  },
  {
    ...account,
    method: "POST",
    op: "update_token_name",
    title: "Modify authorisation token",
    description: "Modify the consumer name of an existing authorisation token.",
    parameters: {
      token: { type: "String", required: true, doc: "The whole API key or the token's key." },
      name: { type: "String", required: true, doc: "New name of the token." },
    },
    example: "token=4cXTkSvFnL3aBq9WzD name=laptop",
    does: command({
      action: renameToken,
      async input({ actor, request: { parameters } }) {
        const given = parameters.last("token") ?? "";
        const tokenKey = given.split(":")[1] ?? given;
        return { userId: actingUser(actor).id, tokenKey, name: parseTokenName(parameters.last("name") ?? "") };
      },
      output: () => acknowledgement("Accepted", 202),
    }),
  },
  {
    ...account,
    method: "GET",
    op: "list_authorisation_tokens",
    title: "List authorisation tokens",
    description: "List authorisation tokens available to the currently logged-in user. Their secrets are not kept.",
    parameters: {},
    does: query(async ({ db, actor }) => {
      const tokens = await listTokens(db, actingUser(actor).id);
      return indentedJson(tokens.map((token) => ({ name: token.name, token: maskedApiKey(token) })));
    }),
  },
];
