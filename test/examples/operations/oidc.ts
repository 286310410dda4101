import { byKey, bySession, type World } from "../../support/worlds/server-world.ts";
import { freshProviderName } from "../../support/providers/provider-name.ts";
import { type Attempt, type OperationExamples, told } from "./example.ts";

const issuer = "https://login.example.com/realms/one";
const settings = { issuer, client_id: "ironlog" };

async function withProvider(world: World): Promise<string> {
  const name = freshProviderName();
  await world.prepare("POST", "oidc-providers", { name, ...settings, client_secret: world.secret("client") });
  return name;
}

async function creation(world: World): Promise<readonly Attempt[]> {
  const taken = await withProvider(world);
  const name = freshProviderName();
  const secret = world.secret("client");
  return [
    { what: "no client", values: { name, issuer }, status: 400 },
    { what: "a name with blanks", values: { ...settings, name: "a b" }, status: 400 },
    { what: "an issuer without TLS", values: { ...settings, name, issuer: "http://login.example.com" }, status: 400 },
    { what: "roles without a claim", values: { ...settings, name, auditor_value: "a" }, status: 400 },
    { what: "one half of what is required", values: { ...settings, name, required_claim: "hd" }, status: 400 },
    { what: "scopes without openid", values: { ...settings, name, scopes: "email" }, status: 400 },
    { what: "a secret with a line feed", values: { ...settings, name, client_secret: `${secret}\n` }, status: 400 },
    { what: "a name that is taken", values: { ...settings, name: taken }, status: 409 },
    {
      what: "a provider",
      values: { ...settings, name, client_secret: secret },
      status: 201,
      records: [told("provider.create", `Created sign-in provider '${name}'.`, ["provider", name])],
    },
  ];
}

async function update(world: World): Promise<readonly Attempt[]> {
  const name = await withProvider(world);
  const updated = (changed: string) =>
    told("provider.update", `Updated sign-in provider '${name}': ${changed}.`, ["provider", name]);
  return [
    { what: "none", path: { name: "none" }, values: { title: "x" }, status: 404 },
    { what: "an empty title", path: { name }, values: { title: "" }, status: 400 },
    { what: "a title", path: { name }, values: { title: "Example" }, status: 200, records: [updated("title")] },
    { what: "the same", path: { name }, values: { title: "Example" }, status: 200, records: [updated("no change")] },
    {
      what: "a secret",
      path: { name },
      values: { client_secret: world.secret("client") },
      status: 200,
      records: [updated("client_secret")],
    },
  ];
}

async function deletion(world: World): Promise<readonly Attempt[]> {
  const name = await withProvider(world);
  const deleted = told("provider.delete", `Deleted sign-in provider '${name}'.`, ["provider", name]);
  return [
    { what: "none", path: { name: "none" }, status: 404 },
    { what: "one", path: { name }, status: 204, records: [deleted] },
    { what: "the same again", path: { name }, status: 404 },
  ];
}

async function linking(world: World): Promise<readonly Attempt[]> {
  const provider = await withProvider(world);
  const { username } = await world.person();
  const linked = told("identity.link", `Linked '${username}' to an identity at '${issuer}'.`, ["user", username]);
  const path = { username };
  return [
    { what: "nobody", path: { username: "nobody-there" }, values: { provider, subject: "1" }, status: 404 },
    { what: "a provider that is none", path, values: { provider: "none", subject: "1" }, status: 404 },
    { what: "no subject", path, values: { provider, subject: "" }, status: 400 },
    { what: "somebody", path, values: { provider, subject: "1" }, status: 201, records: [linked] },
    { what: "a second one there", path, values: { provider, subject: "2" }, status: 409 },
  ];
}

async function unlinking(world: World): Promise<readonly Attempt[]> {
  const provider = await withProvider(world);
  const { username } = await world.person();
  const made = await world.make<{ id: number }>(`users/${username}/identities`, { provider, subject: "1" });
  const id = String(made.id);
  const gone = told("identity.unlink", `Unlinked '${username}' from an identity at '${issuer}'.`, ["user", username]);
  return [
    { what: "an id that is none", path: { username, id: "x" }, status: 404 },
    { what: "one", path: { username, id }, status: 204, records: [gone] },
    { what: "the same again", path: { username, id }, status: 404 },
  ];
}

async function signingOut(world: World): Promise<readonly Attempt[]> {
  const person = await world.person();
  const session = await world.session(person);
  const out = told("auth.logout", `User '${person.username}' logged out.`, null);
  return [
    { what: "by a key", by: byKey(person), status: 400 },
    { what: "a session", by: bySession(person, session), status: 200, records: [out] },
  ];
}

/** Providers, who people are there, and logging out there too. */
export const oidcExamples: OperationExamples = {
  "POST /api/v1/oidc-providers": creation,
  "PATCH /api/v1/oidc-providers/{name}": update,
  "DELETE /api/v1/oidc-providers/{name}": deletion,
  "POST /api/v1/users/{username}/identities": linking,
  "DELETE /api/v1/users/{username}/identities/{id}": unlinking,
  "POST /api/v1/session/end": signingOut,
};
