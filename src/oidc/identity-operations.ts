import { Type } from "typebox";
import { getUser } from "../accounts/users/user-queries.ts";
import { actingUser } from "../http/authentication/acting-user.ts";
import { listOf, nativeList } from "../http/native/list.ts";
import { nativeOperation, type NativeOperation } from "../http/native/operation.ts";
import { Refusal } from "../refusal.ts";
import { rfc3339Micros, rfc3339OrNull } from "../time.ts";
import { linkIdentity, parseSubject, unlinkIdentity } from "./identity-actions.ts";
import { type LinkedIdentity, listLinkedIdentities } from "./identity-queries.ts";
import { listLeavers } from "./leavers.ts";
import { getProvider } from "./provider-queries.ts";
import { beginSignIn } from "./relying-party/begin-sign-in.ts";
import { SignInFailure } from "./relying-party/failure.ts";
import type { OidcServices } from "./services.ts";
import { timeOrNull } from "../http/native/time.ts";
import { findPathId } from "../http/request/path-id.ts";

const time = Type.String({ format: "date-time" });

const identitySchema = Type.Object({
  id: Type.Integer(),
  provider: Type.String(),
  issuer: Type.String(),
  subject: Type.String({ description: "The provider's own name for the person (`sub`), which never changes." }),
  created: time,
  last_login: timeOrNull("Null before the first login through it."),
});

const leaverSchema = Type.Object({
  username: Type.String(),
  is_active: Type.Boolean(),
  provider: Type.String(),
  issuer: Type.String(),
  subject: Type.String(),
  last_login: timeOrNull("Null before the first login through it."),
  api_keys: Type.Integer({ description: "Those that haven't expired." }),
});

/** Who somebody is at the providers. */
export function identityOperations(services: OidcServices): readonly NativeOperation[] {
  return [...ownIdentities(services), ...identitiesOfOthers, leavers];
}

const ownIdentities = ({ clients }: OidcServices): readonly NativeOperation[] => [
  nativeOperation({
    path: "/account/identities",
    method: "GET",
    id: "listOwnIdentities",
    command: ["account", "identities"],
    who: "user",
    summary: "List who you are at sign-in providers",
    answer: { status: 200, description: "Oldest first.", schema: listOf(identitySchema) },
    does: ({ query }) =>
      query(async ({ db, actor }) => ({
        status: 200,
        body: nativeList((await listLinkedIdentities(db, actingUser(actor).id)).map(nativeIdentity)),
      })),
  }),
  nativeOperation({
    path: "/account/identities",
    method: "POST",
    id: "beginOwnLink",
    who: "user",
    needsFreshFactor: true,
    summary: "Begin to link your account to a sign-in provider",
    description:
      "For a browser's session: go to the address that it answers, and log in there. The link is made when you come back.",
    body: Type.Object({ provider: Type.String() }, { additionalProperties: false }),
    answer: { status: 200, description: "Where to go.", schema: Type.Object({ url: Type.String() }) },
    does: ({ query }) =>
      query(async ({ db, credentials, now, request }) => {
        if (credentials.kind !== "session") {
          throw new Refusal("invalid", "Only a session can link its account: log in with a browser.");
        }
        const { name } = await getProvider(db, request.body.provider);
        const wish = { provider: name, purpose: "link", returnTo: "/account/prefs/details" } as const;
        try {
          const { sessionId } = credentials;
          const { url, cookie } = await beginSignIn({ db, clients }, { ...wish, sessionId }, { ...request, now });
          return { status: 200, body: { url: url.href }, cookies: [cookie] };
        } catch (error) {
          if (!(error instanceof SignInFailure)) throw error;
          throw new Refusal("conflict", `'${name}' can't be used now: ${error.message}.`, { cause: error });
        }
      }),
  }),
];

const identitiesOfOthers: readonly NativeOperation[] = [
  nativeOperation({
    path: "/users/{username}/identities",
    method: "GET",
    id: "listUserIdentities",
    command: ["users", "identities"],
    who: "auditor",
    summary: "List who somebody is at sign-in providers",
    answer: { status: 200, description: "Oldest first.", schema: listOf(identitySchema) },
    does: ({ query }) =>
      query(async ({ db, request }) => {
        const user = await getUser(db, request.path["username"] ?? "");
        return { status: 200, body: nativeList((await listLinkedIdentities(db, user.id)).map(nativeIdentity)) };
      }),
  }),
  nativeOperation({
    path: "/users/{username}/identities",
    method: "POST",
    id: "linkUserIdentity",
    command: ["users", "link-identity"],
    who: "administrator",
    needsFreshFactor: true,
    summary: "Link a user to a sign-in provider",
    body: Type.Object(
      {
        provider: Type.String({ description: "Its name." }),
        subject: Type.String({ description: "The provider's own name for the person (`sub`)." }),
      },
      { additionalProperties: false },
    ),
    answer: { status: 201, description: "The link.", schema: identitySchema },
    does: ({ command }) =>
      command({
        action: linkIdentity,
        async input({ db, now, request: { path, body } }) {
          const user = await getUser(db, path["username"] ?? "");
          return { user, provider: body.provider, subject: parseSubject(body.subject), now };
        },
        output: ({ identity }) => ({ status: 201, body: nativeIdentity(identity) }),
      }),
  }),
  nativeOperation({
    path: "/users/{username}/identities/{id}",
    method: "DELETE",
    id: "unlinkUserIdentity",
    command: ["users", "unlink-identity"],
    who: "administrator",
    needsFreshFactor: true,
    summary: "Unlink a user from a sign-in provider",
    description: "Ends the sessions that were opened through it.",
    answer: { status: 204, description: "It is gone." },
    does: ({ command }) =>
      command({
        action: unlinkIdentity,
        async input({ db, request: { path } }) {
          const user = await getUser(db, path["username"] ?? "");
          const { id = "" } = path;
          const identityId = findPathId(id);
          if (identityId === undefined) throw new Refusal("not_found", `'${user.username}' has no identity ${id}.`);
          return { user, identityId };
        },
        output: () => ({ status: 204 }),
      }),
  }),
];

const leavers = nativeOperation({
  path: "/oidc-leavers",
  method: "GET",
  id: "listOidcLeavers",
  command: ["oidc-leavers", "list"],
  who: "auditor",
  summary: "List API keys of people who may have left",
  description:
    "Users with API keys who haven't signed in through their provider for so many days. Whoever leaves can't sign in any more, but their keys go on.",
  query: Type.Object(
    { days: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650, description: "Default: 90." })) },
    { additionalProperties: false },
  ),
  answer: {
    status: 200,
    description: "The longest away first; those who have never signed in come before all.",
    schema: listOf(leaverSchema),
  },
  does: ({ query }) =>
    query(async ({ db, now, request }) => {
      const found = await listLeavers(db, request.query.days ?? 90, now);
      return {
        status: 200,
        body: nativeList(
          found.map(({ username, isActive, apiKeys, provider, issuer, subject, lastLogin }) => ({
            username,
            is_active: isActive,
            provider,
            issuer,
            subject,
            last_login: rfc3339OrNull(lastLogin),
            api_keys: apiKeys,
          })),
        ),
      };
    }),
});

function nativeIdentity({ id, provider, issuer, subject, created, lastLogin }: LinkedIdentity) {
  return {
    id,
    provider,
    issuer,
    subject,
    created: rfc3339Micros(created),
    last_login: rfc3339OrNull(lastLogin),
  };
}
