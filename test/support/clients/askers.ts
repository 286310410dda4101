import assert from "node:assert/strict";
import type { DeclaredOperation } from "../operations.ts";
import { mirroredMaas } from "../maas/mirrored-maas.ts";
import { admin, makePerson, type Person } from "../worlds/people.ts";
import type { TestServer } from "../server.ts";

/** Whoever may ask, and with what key. */
export interface Role {
  readonly name: string;
  /** Null for somebody without credentials. */
  readonly user: { readonly isAdministrator: boolean; readonly isAuditor?: true } | null;
  /** The mirrored MAAS whose user or administrator it is, instead. */
  readonly realm?: "prod" | "other";
  /** What the key is narrowed to; null for a key that is whole. */
  readonly scope: "events:read" | "events:write" | "audit" | null;
}

const [user, administrator] = [{ isAdministrator: false }, { isAdministrator: true }];
const auditor = { isAdministrator: false, isAuditor: true } as const;

/** Everybody that an operation may tell apart. */
export const roles: readonly Role[] = [
  { name: "anonymous", user: null, scope: null },
  { name: "a user", user, scope: null },
  { name: "an administrator", user: administrator, scope: null },
  { name: "an auditor", user: auditor, scope: null },
  { name: "a user's key with events:read", user, scope: "events:read" },
  { name: "a user's key with events:write", user, scope: "events:write" },
  { name: "an administrator's key with events:read", user: administrator, scope: "events:read" },
  { name: "an administrator's key with events:write", user: administrator, scope: "events:write" },
  { name: "an auditor's key with audit", user: auditor, scope: "audit" },
  { name: "an administrator's key with audit", user: administrator, scope: "audit" },
  { name: "a user of a mirrored MAAS", user, scope: null, realm: "prod" },
  { name: "an administrator of a mirrored MAAS", user: administrator, scope: null, realm: "prod" },
  { name: "a user of another mirrored MAAS", user, scope: null, realm: "other" },
];

/** What an operation's declaration demands for a role: it lets them in, or refuses with a status. */
export function demanded(operation: DeclaredOperation, role: Role): "in" | 401 | 403 {
  const { who, scope, kind } = operation;
  if (who === "anyone") return "in";
  if (role.user === null) return 401;
  if (role.realm !== undefined) return operation.alsoMirrored ? "in" : 403;
  const isReading = kind === "query" || scope === "events:read" || who === "auditor";
  if (role.scope === "audit") return scope === "any" || (who !== "administrator" && isReading) ? "in" : 403;
  if (role.scope !== null) return scope === "any" || scope === role.scope ? "in" : 403;
  if (role.user.isAdministrator) return "in";
  if (role.user.isAuditor === true)
    return who !== "administrator" && (kind === "query" || operation.alsoAuditors) ? "in" : 403;
  return who === "user" ? "in" : 403;
}

/** Somebody in a role. */
export interface Asker {
  readonly username: string | null;
  readonly email: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** The log takes some 30 refusals of one person at once. */
const refusalsPerPerson = 25;

/** Gives people in a role; somebody new where one has been refused too often to be recorded each time. */
export function askersIn(role: Role, server: TestServer): { current(): Promise<Asker>; wasRefused(): void } {
  let asker: Promise<Asker> | undefined;
  let refusals = 0;
  return {
    current: async () => (asker ??= makeAsker(role, server)),
    wasRefused() {
      refusals += 1;
      if (refusals % refusalsPerPerson === 0) asker = undefined;
    },
  };
}

async function makeAsker({ user: account, scope, realm }: Role, server: TestServer): Promise<Asker> {
  if (account === null) return { username: null, email: null, headers: {} };
  if (realm !== undefined) return (await mirroredMaas(server, realm)).makePerson(account);
  const person = await makePerson(server, account);
  const apiKey = scope === null ? person.apiKey : await narrowKey(person, server, scope);
  return { username: person.username, email: person.email, headers: { authorization: `Bearer ${apiKey}` } };
}

/** Reading is one's own to give, writing an administrator's. */
async function narrowKey(person: Person, server: TestServer, scope: NonNullable<Role["scope"]>): Promise<string> {
  const answer =
    scope !== "events:write"
      ? await person.native.ask("POST", "account/tokens", { scopes: [scope] })
      : await admin(server).native.ask("POST", `users/${person.username}/tokens`, { scopes: [scope] });
  assert.equal(answer.status, 201, answer.text);
  return answer.json<{ readonly api_key: string }>().api_key;
}
