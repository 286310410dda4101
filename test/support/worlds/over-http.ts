import { describeMachine, type PersonDescription, type WantedMachine } from "./world.ts";

// Makes people, API keys and machines over MAAS's API, whoever the client is: the tests' own, or the checklist's, which
// may speak to a server that isn't Ironlog.

/** A client of MAAS's API. It refuses any answer but a 200. */
export interface Wire {
  /** Has an administrator create something below the API's root. */
  create(path: string, fields: Readonly<Record<string, string>>): Promise<Made>;
  /** Posts a form to a path without credentials. */
  postForm(path: string, form: Readonly<Record<string, string>>): Promise<Made>;
}

interface Made {
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- a cast, said once
  json<Body>(): Body;
}

export async function createAccount(wire: Pick<Wire, "create">, person: PersonDescription): Promise<void> {
  const { username, email, password, lastName, isAdministrator } = person;
  const fields = { username, email, password, is_superuser: isAdministrator ? "1" : "0" };
  await wire.create("users/", { ...fields, ...(lastName !== "" && { last_name: lastName }) });
}

/** Gets a new API key for a password, as python-libmaas does. */
export async function createApiKey(
  wire: Pick<Wire, "postForm">,
  { username, password }: Pick<PersonDescription, "username" | "password">,
  consumer: string,
): Promise<string> {
  const made = await wire.postForm("/MAAS/accounts/authenticate/", { username, password, consumer });
  const { consumer_key, token_key, token_secret } = made.json<Readonly<Record<string, string>>>();
  return `${consumer_key}:${token_key}:${token_secret}`;
}

/** Makes a machine that nobody owns. */
export async function createMachine<Machine>(wire: Pick<Wire, "create">, wanted: WantedMachine): Promise<Machine> {
  return (await wire.create("machines/", describeMachine(wanted))).json<Machine>();
}
