import { after } from "node:test";
import type { TestServer } from "../server.ts";
import { admin } from "../worlds/people.ts";
import { makeMaasDatabase } from "./maas-database.ts";
import { startMaasServer } from "./maas-server.ts";
import { mirrorSource } from "./mirrored.ts";

/** A MAAS that a server mirrors, whose people come with keys of theirs. */
export interface MirroredMaas {
  /** Somebody new there. */
  /** As their ids there are given, from 1. */
  makePerson(account: { readonly isAdministrator: boolean }): Promise<MirroredAsker>;
}

export interface MirroredAsker {
  readonly username: string;
  readonly email: null;
  readonly apiKey: string;
  /** What names the MAAS, and the person by their key. */
  readonly headers: Readonly<Record<string, string>>;
}

const made = new Map<string, Promise<MirroredMaas>>();

/** The MAAS that the server mirrors under that name; made once, and ended with the test file. */
export async function mirroredMaas(server: TestServer, name: string): Promise<MirroredMaas> {
  const key = `${server.url} ${name}`;
  const maas = made.get(key) ?? makeMirrored(server, name);
  made.set(key, maas);
  return maas;
}

async function makeMirrored(server: TestServer, name: string): Promise<MirroredMaas> {
  const database = await makeMaasDatabase();
  const api = await startMaasServer();
  after(async () => {
    await api[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });
  await mirrorSource(admin(server).native, database, { name, url: api.url });
  let people = 0;
  return {
    async makePerson({ isAdministrator: isSuperuser }) {
      people += 1;
      const username = `person${people}-at-${name}`;
      const apiKey = `consumer-${username}:token-${username}:secret-of-${username}`;
      await database.addUser({ id: people, username, isSuperuser });
      api.people.set(apiKey, { username, isSuperuser });
      return {
        username,
        email: null,
        apiKey,
        headers: { authorization: `Bearer ${apiKey}`, "x-ironlog-source": name },
      };
    },
  };
}
