import type { Action } from "../audit/action.ts";
import type { Actor } from "../audit/actor.ts";
import type { Target } from "../audit/event-draft.ts";
import type { Database } from "../database/database.ts";
import { actingUser } from "../http/authentication/acting-user.ts";
import { indentedJson, nothing } from "../http/maas/answer.ts";
import type { MaasOperation } from "../http/maas/operation.ts";
import type { Parameters } from "../http/maas/parameters/parameters.ts";
import { command, query } from "../http/operations/operation.ts";
import { Refusal } from "../refusal.ts";
import { findPathId } from "../http/request/path-id.ts";

/** What keys of every kind have. */
export interface OwnKey {
  readonly id: number;
  readonly userId: number;
  readonly fingerprint: string;
}

/** MAAS's sentence for a key that its user has already. */
export const alreadyThere = "This key has already been added for this user.";

/** The key, if it is the user's own. Refuses with MAAS's words. */
export function refuseForeign<Key extends OwnKey>(key: Key | undefined, userId: number, verb: "delete" | "get"): Key {
  if (key === undefined) throw new Refusal("not_found", "There is no key of that id.");
  if (key.userId !== userId) throw new Refusal("forbidden", `Can't ${verb} a key you don't own.`);
  return key;
}

function parseId(text: string | undefined): number {
  const id = findPathId(text);
  if (id === undefined) throw new Refusal("not_found", "There is no key of that id.");
  return id;
}

/** The key with the id in a path, if it is the caller's own. Refuses as `refuseForeign`. */
export async function getOwnKey<Key extends OwnKey>(
  find: (db: Database, id: number) => Promise<Key | undefined>,
  { db, actor }: { readonly db: Database; readonly actor: Actor },
  id: string | undefined,
): Promise<Key> {
  return refuseForeign(await find(db, parseId(id)), actingUser(actor).id, "get");
}

/** The key with the id in a path, which the caller wants to delete. */
export async function unwantedKey({ actor }: { readonly actor: Actor }, id: string | undefined): Promise<UnwantedKey> {
  return { userId: actingUser(actor).id, id: parseId(id) };
}

export function keyTarget(kind: "sshkey" | "sslkey", { id, fingerprint }: OwnKey): Target {
  return { kind, id: String(id), name: fingerprint };
}

/** Which key a user wants to delete. */
export interface UnwantedKey {
  readonly userId: number;
  readonly id: number;
}

/** A kind of keys as MAAS's API has it. */
export interface MaasKeys<Key extends OwnKey> {
  /** `SSHKey`, of which the classes' names are made. */
  readonly name: "SSHKey" | "SSLKey";
  /** `SSH key`, for people. */
  readonly noun: string;
  list(db: Database, userId: number): Promise<readonly Key[]>;
  find(db: Database, id: number): Promise<Key | undefined>;
  readonly remove: Action<UnwantedKey, Key>;
  shown(key: Key): object;
  /** What else can be done to all of them: `create`, and more. `show` is how the others show a key. */
  more(all: Pick<MaasOperation, "resource" | "path" | "who">, show: (key: Key) => object): readonly MaasOperation[];
}

/** The operations of MAAS's `account/prefs/`: MAAS API 2.0, `maasserver/api/ssh_keys.py` and `ssl_keys.py`. */
export function maasKeyOperations<Key extends OwnKey>(keys: MaasKeys<Key>): readonly MaasOperation[] {
  const { name, noun, list, find, remove, shown, more } = keys;
  const word = `${name.toLowerCase()}s`;
  const path = `api/2.0/account/prefs/${word}/`;
  const show = (key: Key): object => ({ ...shown(key), resource_uri: `/MAAS/${path}${key.id}/` });
  const all = {
    resource: { name: `${name}sHandler`, doc: `Manage the current logged-in user's ${noun}s.` },
    path,
    who: "user",
    alsoAuditors: true,
  } as const;
  const argument = { doc: `The key's number, as '${word} read' lists it.`, sample: "3" };
  const one = {
    resource: { name: `${name}Handler`, doc: `Manage an ${noun}.`, argument },
    path: `${path}{id}/`,
    who: "user",
    alsoAuditors: true,
  } as const;
  return [
    {
      ...all,
      method: "GET",
      op: null,
      title: `List ${noun}s`,
      description: `List all of your ${noun}s.`,
      parameters: {},
      does: query(async ({ db, actor }) => indentedJson((await list(db, actingUser(actor).id)).map(show))),
    },
    ...more(all, show),
    {
      ...one,
      method: "GET",
      op: null,
      title: `Retrieve an ${noun}`,
      description: `Retrieve one of your ${noun}s.`,
      parameters: {},
      does: query(async (call) => indentedJson(show(await getOwnKey(find, call, call.request.path["id"])))),
    },
    {
      ...one,
      method: "DELETE",
      op: null,
      title: `Delete an ${noun}`,
      description: `Delete one of your ${noun}s.`,
      parameters: {},
      does: command({
        action: remove,
        input: (call) => unwantedKey(call, call.request.path["id"]),
        output: () => nothing,
      }),
    },
  ];
}

/** A field, or the file sent under its name, as `key@=FILE` does: a key is kept as it came, with its last line end. */
export function keyIn(parameters: Parameters): string {
  const isField = parameters.pairs.some(([field]) => field === "key");
  return (isField ? parameters.last("key") : parameters.upload("key")?.content.toString("utf8")) ?? "";
}
