import { endProviderSessions } from "../../../src/oidc/back-channel-actions.ts";
import { linkIdentity, unlinkIdentity } from "../../../src/oidc/identity-actions.ts";
import { findLinkedIdentity } from "../../../src/oidc/identity-queries.ts";
import { createProvider, deleteProvider, updateProvider } from "../../../src/oidc/provider-actions.ts";
import type { Provider, ProviderSettings } from "../../../src/oidc/provider.ts";
import { recordFailedSignIn, type SignIn, signIn } from "../../../src/oidc/sign-in-actions.ts";
import { perform } from "../../../src/audit/perform.ts";
import { type DatabaseWorld, hashOf, machine, newSession, now } from "../../support/worlds/database-world.ts";
import { type ActionExample, example } from "./example.ts";

const settings: ProviderSettings = {
  name: "login",
  title: "Example login",
  issuer: "https://login.example.com",
  clientId: "ironlog",
  scopes: "openid",
  accounts: "create",
  usernameClaim: "preferred_username",
  roleClaim: "groups",
  administratorValue: "admins",
  auditorValue: "",
  requiredClaim: "",
  requiredValue: "",
  isEnabled: true,
};

const uuid = "00000000-0000-4000-8000-000000000001";
const newProvider = { uuid, settings, secret: Buffer.from("sealed"), now };

/** The provider, and bob linked to it. */
async function withProvider({ db, ada, bob }: DatabaseWorld) {
  const provider = await perform(db, ada.actor, createProvider, newProvider);
  await perform(db, ada.actor, linkIdentity, { user: bob.user, provider: "login", subject: "bob there", now });
  const known = await findLinkedIdentity(db, provider.id, "bob there");
  if (known === undefined) throw new Error("nobody was linked");
  return { provider, known };
}

function coming(provider: Provider, known: SignIn["known"], more: Partial<SignIn> = {}): SignIn {
  return {
    provider,
    subject: known === undefined ? "cid there" : "bob there",
    known,
    account: undefined,
    role: undefined,
    session: { ...newSession("by provider"), factorAt: now },
    providerSession: "session there",
    replacesId: undefined,
    ...more,
  };
}

/** Providers, who people are there, and logins through them. */
export const oidcActionExamples: Readonly<Record<string, ActionExample>> = {
  "oidc/createProvider": example(createProvider, ({ ada }) => [ada.actor, newProvider]),
  "oidc/updateProvider (disables)": example(updateProvider, async (world) => {
    const { provider, known } = await withProvider(world);
    await perform(world.db, machine, signIn, coming(provider, known));
    return [world.ada.actor, { name: "login", changes: { isEnabled: false }, secret: null, now: now + 1 }];
  }),
  "oidc/deleteProvider": example(deleteProvider, async (world) => {
    await withProvider(world);
    return [world.ada.actor, { name: "login" }];
  }),
  "oidc/linkIdentity": example(linkIdentity, async ({ db, ada, bob }) => {
    await perform(db, ada.actor, createProvider, newProvider);
    return [ada.actor, { user: bob.user, provider: "login", subject: "bob there", now }];
  }),
  "oidc/unlinkIdentity": example(unlinkIdentity, async (world) => {
    const { known } = await withProvider(world);
    return [world.ada.actor, { user: world.bob.user, identityId: known.id }];
  }),
  "oidc/signIn (gains a role)": example(signIn, async (world) => {
    const { provider, known } = await withProvider(world);
    return [machine, coming(provider, known, { role: "administrator", replacesId: world.bob.sessionId })];
  }),
  "oidc/signIn (creates)": example(signIn, async (world) => {
    const { provider } = await withProvider(world);
    const account = { username: "cid", email: "", lastName: "", passwordHash: hashOf("cid") };
    return [machine, coming(provider, undefined, { account })];
  }),
  "oidc/signIn (nobody is linked)": example(signIn, async (world) => {
    const { provider } = await withProvider(world);
    return [machine, coming(provider, undefined)];
  }),
  "oidc/recordFailedSignIn": example(recordFailedSignIn, () => [
    machine,
    {
      provider: settings,
      subject: undefined,
      reason: "refused",
      cause: "the provider answered access_denied",
    } as const,
  ]),
  "oidc/endProviderSessions": example(endProviderSessions, async (world) => {
    const { provider, known } = await withProvider(world);
    await perform(world.db, machine, signIn, coming(provider, known));
    return [machine, { provider, subject: "bob there", providerSession: "session there" }];
  }),
};
