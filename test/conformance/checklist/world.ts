import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { createAccount, createApiKey, createMachine, type Wire } from "../../support/worlds/over-http.ts";
import { describePerson, type WantedPerson } from "../../support/worlds/world.ts";
import { Requester } from "./requester.ts";
import { urlencoded } from "./clients/client.ts";
import { expectAnswer } from "./expectations.ts";
import { exchange, type WireAnswer, type WireRequest } from "./statements/wire.ts";

/** What a statement gets: a server, somebody who may do everything on it, and the means to make what it needs. */
export interface World extends AsyncDisposable {
  /** Scheme, host and port. */
  readonly url: string;
  /** An administrator of this run's own. */
  readonly root: KeyHolder;
  /** Somebody without rights. Statements that count events make a {@link person} instead. */
  readonly ann: KeyHolder;
  /** Somebody without a key. */
  readonly nobody: Requester;
  /** The requests whose answers had no Content-Type, since the world was opened. */
  readonly untyped: readonly string[];
  /** A name that no other run has. */
  name(word: string): string;
  person(wanted?: WantedPerson): Promise<KeyHolder>;
  /** A machine that nobody owns. */
  machine(): Promise<Machine>;
  /** Sends a request as it is. */
  send(request: WireRequest): Promise<WireAnswer>;
  /** Has something removed when the world is closed: the last one first. */
  later(what: string, undo: () => Promise<WireAnswer>): void;
}

export interface KeyHolder extends Requester {
  readonly username: string;
  readonly password: string;
  readonly apiKey: string;
}

export interface Machine {
  readonly system_id: string;
  readonly hostname: string;
}

/** Why a world can't be opened: for the person at the keyboard, not the server's failure. */
export class NoWorld extends Error {}

/**
 * Makes the people that the statements act as. Closing the world removes all that was made in it, except for the events;
 * what could not be removed is told to `complain`.
 */
export async function openWorld(url: string, apiKey: string, complain: (sentence: string) => void): Promise<World> {
  const untyped: string[] = [];
  const send = async (request: WireRequest): Promise<WireAnswer> => {
    const answer = await patiently(url, request);
    if (answer.type === undefined) untyped.push(`${answer.asked} (${answer.status})`);
    return answer;
  };
  const given = new Requester(send, apiKey);
  await refuseUnlessAdministrator(given, url);
  const suffix = randomBytes(4).toString("hex");
  let namesGiven = 0;
  const name = (word: string): string => {
    namesGiven += 1;
    return `conf-${suffix}-${word}${namesGiven}`;
  };
  const undos: { readonly what: string; readonly undo: () => Promise<WireAnswer> }[] = [];
  const later = (what: string, undo: () => Promise<WireAnswer>): void => void undos.push({ what, undo });
  const close = async (): Promise<void> => {
    for (const { what, undo } of undos.splice(0).toReversed()) {
      const left = await undo().then(
        ({ status, text }) => (status < 300 || status === 404 ? undefined : `${status} ${text}`),
        String,
      );
      if (left !== undefined) complain(`Could not remove ${what}: ${left}`);
    }
  };
  const wire: Wire = {
    create: async (path, fields) => expectAnswer(await given.create(path, fields), { status: 200 }),
    postForm: async (path, form) => expectAnswer(await send(formPost(path, form)), { status: 200 }),
  };
  const person = async (wanted: WantedPerson = {}): Promise<KeyHolder> => {
    const username = name(wanted.isAdministrator === true ? "root" : "user");
    const described = describePerson({ username, password: randomBytes(12).toString("hex"), ...wanted });
    await createAccount(wire, described);
    later(`the user ${described.username}`, () => given.remove(`users/${described.username}/`));
    const apiKey = await createApiKey(wire, described, "conformance");
    const { password } = described;
    return Object.assign(new Requester(send, apiKey), { username: described.username, password, apiKey });
  };
  const machine = async (): Promise<Machine> => {
    const made = await createMachine<Machine>(wire, { hostname: name("host") });
    later(`the machine ${made.hostname}`, () => given.remove(`machines/${made.system_id}/`));
    return made;
  };
  try {
    const root = await person({ isAdministrator: true });
    const ann = await person();
    const nobody = new Requester(send, undefined);
    return { url, root, ann, nobody, untyped, name, person, machine, send, later, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw new NoWorld(`The server at ${url} does not let people be made: ${String(error)}`, { cause: error });
  }
}

/** Logins that fail are counted over several runs; who waits as long as they are told to is let in again. */
const waitSecondsMax = 120;

/** Sends a request, and once more where a login has to wait. What is signed can't be sent twice. */
async function patiently(url: string, request: WireRequest): Promise<WireAnswer> {
  const answer = await exchange(url, request);
  const seconds = Number(answer.header("retry-after"));
  const isSigned = request.headers.some(([name]) => name.toLowerCase() === "authorization");
  if (answer.status !== 429 || isSigned || !(seconds <= waitSecondsMax)) return answer;
  await setTimeout((seconds + 1) * 1000);
  return exchange(url, request);
}

async function refuseUnlessAdministrator(given: Requester, url: string): Promise<void> {
  let answer: WireAnswer;
  try {
    answer = await given.query("users/", "whoami");
  } catch (error) {
    throw new NoWorld(`No server answers at ${url}: ${String(error)}`, { cause: error });
  }
  if (answer.status === 401) throw new NoWorld(`The server at ${url} rejects the API key: ${answer.text}`);
  if (answer.status !== 200) {
    throw new NoWorld(`${url} does not look like a server of MAAS's API: ${answer.asked} answered ${answer.status}.`);
  }
  if (answer.json<{ readonly is_superuser?: boolean }>().is_superuser !== true) {
    throw new NoWorld("The API key is not an administrator's: the run could not make what it needs.");
  }
}

/** A form as a browser and python-libmaas send it. */
export function formPost(
  path: string,
  form: Readonly<Record<string, string>>,
  headers: readonly (readonly [string, string])[] = [],
): WireRequest {
  const type = ["Content-Type", "application/x-www-form-urlencoded"] as const;
  return { method: "POST", path, headers: [type, ...headers], body: urlencoded(Object.entries(form)) };
}
