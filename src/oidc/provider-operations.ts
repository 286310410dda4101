import { randomUUID } from "node:crypto";
import { type Static, Type } from "typebox";
import { listOf, nativeList } from "../http/native/list.ts";
import { nativeOperation, type NativeOperation } from "../http/native/operation.ts";
import type { SealedSecret, Secrets } from "../secrets/secrets.ts";
import { rfc3339Micros } from "../time.ts";
import {
  callbackAddress,
  parseProviderChanges,
  parseClientSecret,
  parseIssuer,
  parseProviderName,
  type Provider,
  type ProviderChanges,
  type ProviderSettings,
} from "./provider.ts";
import { createProvider, deleteProvider, shownSettings, updateProvider } from "./provider-actions.ts";
import { getProvider, listProviders } from "./provider-queries.ts";
import { examineProvider } from "./relying-party/examination.ts";
import { secretPlace } from "./relying-party/provider-clients.ts";
import type { OidcServices } from "./services.ts";

const text = (description: string) => Type.String({ description });

const editable = {
  title: text("What the button on the login page says."),
  client_id: text("What the provider calls this server."),
  scopes: text("What the provider is asked for: `openid`, and more behind single blanks."),
  accounts: Type.Enum(["link", "create"], {
    description: "`link`: only linked accounts come in. `create`: the first login creates an account.",
  }),
  username_claim: text("Which claim names an account that is created."),
  role_claim: text(
    "Which claim holds the roles, such as `groups` or `realm_access.roles`. Empty: roles are given here.",
  ),
  administrator_value: text("The value of the role claim that makes an administrator. Empty for none."),
  auditor_value: text("The value of the role claim that makes an auditor. Empty for none."),
  required_claim: text("Nobody comes in without this claim. Empty for none."),
  required_value: text("The value that the required claim must have."),
  is_enabled: Type.Boolean({ description: "Whether people can sign in through it." }),
};

const providerSchema = Type.Object({
  name: text("Stands in the redirect address, and never changes."),
  issuer: text("The provider's address, to the letter. It never changes."),
  ...editable,
  has_client_secret: Type.Boolean({ description: "The secret itself is shown to nobody." }),
  redirect_uri: text("What the provider must know as redirect URI."),
  backchannel_logout_uri: text("Where the provider sends log-outs, if it can."),
  post_logout_redirect_uri: text("Where the provider sends people back after a log-out."),
  created: Type.String({ format: "date-time" }),
  updated: Type.String({ format: "date-time" }),
});

const clientSecret = Type.Optional(
  Type.String({ description: "The client's secret. It is stored encrypted and shown to nobody. Empty removes it." }),
);

const editableSchema = Type.Object(editable);
const optional = Type.Partial(editableSchema).properties;

const columns = ["name", "title", "issuer", "accounts", "is_enabled"] as const;

/** The other systems that say who somebody is. */
export function providerOperations(services: OidcServices): readonly NativeOperation[] {
  return [...reading, ...changing(services), testing(services)];
}

const reading: readonly NativeOperation[] = [
  nativeOperation({
    path: "/oidc-providers",
    method: "GET",
    id: "listOidcProviders",
    command: ["oidc-providers", "list"],
    columns,
    who: "auditor",
    summary: "List sign-in providers",
    answer: { status: 200, description: "By name, without their secrets.", schema: listOf(providerSchema) },
    does: ({ query }) =>
      query(async ({ db, request }) => ({
        status: 200,
        body: nativeList((await listProviders(db)).map((provider) => nativeProvider(provider, request))),
      })),
  }),
  nativeOperation({
    path: "/oidc-providers/{name}",
    method: "GET",
    id: "readOidcProvider",
    command: ["oidc-providers", "read"],
    who: "auditor",
    summary: "Read a sign-in provider",
    answer: { status: 200, description: "The provider, without its secret.", schema: providerSchema },
    does: ({ query }) =>
      query(async ({ db, request }) => ({
        status: 200,
        body: nativeProvider(await getProvider(db, request.path["name"] ?? ""), request),
      })),
  }),
];

const changing = ({ secrets }: OidcServices): readonly NativeOperation[] => [
  nativeOperation({
    path: "/oidc-providers",
    method: "POST",
    id: "createOidcProvider",
    command: ["oidc-providers", "create"],
    who: "administrator",
    needsFreshFactor: true,
    summary: "Add a sign-in provider",
    description: "It lets nobody in until it is enabled: test it first.",
    body: Type.Object(
      {
        name: text("1 to 40 small letters, digits and hyphens."),
        issuer: text("The provider's address, as its discovery document names it."),
        ...optional,
        client_id: editable.client_id,
        client_secret: clientSecret,
      },
      { additionalProperties: false },
    ),
    answer: { status: 201, description: "The new provider.", schema: providerSchema },
    does: ({ command }) =>
      command({
        action: createProvider,
        async input({ now, request: { body } }) {
          const name = parseProviderName(body.name);
          const given = {
            ...defaults(name),
            ...parseProviderChanges(changesOf(body)),
            name,
            issuer: parseIssuer(body.issuer),
          };
          const settings: ProviderSettings = { ...given, clientId: given.clientId ?? "" };
          const uuid = randomUUID();
          return { uuid, settings, secret: sealed(secrets, uuid, body.client_secret) ?? null, now };
        },
        output: (provider, { request }) => ({ status: 201, body: nativeProvider(provider, request) }),
      }),
  }),
  nativeOperation({
    path: "/oidc-providers/{name}",
    method: "PATCH",
    id: "updateOidcProvider",
    command: ["oidc-providers", "update"],
    who: "administrator",
    needsFreshFactor: true,
    summary: "Change a sign-in provider",
    description:
      "Disabling it ends the sessions that were opened through it. For another issuer, add another provider.",
    body: Type.Object({ ...optional, client_secret: clientSecret }, { additionalProperties: false }),
    answer: { status: 200, description: "The provider as it is now.", schema: providerSchema },
    does: ({ command }) =>
      command({
        action: updateProvider,
        async input({ db, now, request: { path, body } }) {
          const { name, uuid } = await getProvider(db, path["name"] ?? "");
          const secret = sealed(secrets, uuid, body.client_secret);
          return { name, changes: parseProviderChanges(changesOf(body)), secret, now };
        },
        output: ({ after }, { request }) => ({ status: 200, body: nativeProvider(after, request) }),
      }),
  }),
  nativeOperation({
    path: "/oidc-providers/{name}",
    method: "DELETE",
    id: "deleteOidcProvider",
    command: ["oidc-providers", "delete"],
    who: "administrator",
    needsFreshFactor: true,
    summary: "Delete a sign-in provider",
    description: "With all links of accounts to it, and the sessions that were opened through it. The accounts stay.",
    answer: { status: 204, description: "It is gone." },
    does: ({ command }) =>
      command({
        action: deleteProvider,
        input: async ({ request: { path } }) => ({ name: path["name"] ?? "" }),
        output: () => ({ status: 204 }),
      }),
  }),
];

const testing = ({ clients }: OidcServices): NativeOperation =>
  nativeOperation({
    path: "/oidc-providers/{name}/test",
    method: "POST",
    id: "testOidcProvider",
    command: ["oidc-providers", "test"],
    who: "administrator",
    summary: "Ask a sign-in provider whether it can be used",
    description: "Reads what it says of itself, and tries the client's ID and secret. Nothing is changed.",
    answer: {
      status: 200,
      description: "What is wrong, and what it can't do.",
      schema: Type.Object({
        is_usable: Type.Boolean(),
        problems: Type.Array(Type.String(), { description: "What keeps people from signing in." }),
        notes: Type.Array(Type.String(), { description: "What it can't do, and what follows." }),
      }),
    },
    does: ({ query }) =>
      query(async ({ db, request }) => {
        const { problems, notes } = await examineProvider(db, clients, {
          name: request.path["name"] ?? "",
          baseUrl: request.baseUrl,
        });
        return { status: 200, body: { is_usable: problems.length === 0, problems, notes } };
      }),
  });

type Body = Partial<Static<typeof editableSchema>>;

function changesOf(body: Body): ProviderChanges {
  return {
    ...(body.title !== undefined && { title: body.title }),
    ...(body.client_id !== undefined && { clientId: body.client_id }),
    ...(body.scopes !== undefined && { scopes: body.scopes }),
    ...(body.accounts !== undefined && { accounts: body.accounts }),
    ...(body.username_claim !== undefined && { usernameClaim: body.username_claim }),
    ...(body.role_claim !== undefined && { roleClaim: body.role_claim }),
    ...(body.administrator_value !== undefined && { administratorValue: body.administrator_value }),
    ...(body.auditor_value !== undefined && { auditorValue: body.auditor_value }),
    ...(body.required_claim !== undefined && { requiredClaim: body.required_claim }),
    ...(body.required_value !== undefined && { requiredValue: body.required_value }),
    ...(body.is_enabled !== undefined && { isEnabled: body.is_enabled }),
  };
}

function defaults(name: string) {
  return {
    title: name,
    scopes: "openid profile email",
    accounts: "link",
    usernameClaim: "preferred_username",
    roleClaim: "",
    administratorValue: "",
    auditorValue: "",
    requiredClaim: "",
    requiredValue: "",
    isEnabled: false,
  } as const;
}

/** Undefined where none is given; null for an empty one, which removes it. */
function sealed(secrets: Secrets | undefined, uuid: string, given: string | undefined): SealedSecret | undefined {
  if (given === undefined) return undefined;
  const clear = parseClientSecret(given);
  return clear === "" ? null : (secrets?.seal(secretPlace(uuid), clear) ?? null);
}

function nativeProvider(provider: Provider, { baseUrl }: { readonly baseUrl: string }) {
  const { name, created, updated } = provider;
  return {
    name,
    ...shownSettings(provider),
    has_client_secret: provider.hasSecret,
    redirect_uri: callbackAddress(baseUrl, name),
    backchannel_logout_uri: `${baseUrl}/oidc/${name}/backchannel-logout`,
    post_logout_redirect_uri: `${baseUrl}/login`,
    created: rfc3339Micros(created),
    updated: rfc3339Micros(updated),
  };
}
