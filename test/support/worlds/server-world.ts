import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import type { Answer } from "../clients/http-client.ts";
import { freshAddress } from "../clients/http-client.ts";
import { type KeyServer, keyServer } from "../key-server.ts";
import { oauthHeader } from "../clients/maas-client.ts";
import { logIn, sessionClient, type SessionClient } from "../clients/native-client.ts";
import { admin, type Administrator, makePerson, type Person } from "./people.ts";
import { sampleSshKeys } from "../sample-keys.ts";
import type { TestServer } from "../server.ts";
import type { Sender } from "./sender.ts";
import { secretOf, type WantedPerson } from "./world.ts";

/** What is published under `gh:ada` at the world's key server; there is nothing else. */
const publishedKey = sampleSshKeys[1];

/** A server, its administrator, and everything secret that was sent to it or shown by it. */
export class World implements AsyncDisposable {
  readonly server: TestServer;
  /** The administrator, to prepare and to look. */
  readonly root: Administrator;
  readonly #secrets = new Map<string, string>();
  #keys: Promise<KeyServer> | undefined;

  constructor(server: TestServer) {
    this.server = server;
    this.root = admin(server);
    const { password, apiKey } = server.firstLogin;
    this.keep(password);
    this.keep(secretOf(apiKey));
  }

  /** By themselves, as the search for leaks names them. */
  get secrets(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#secrets);
  }

  /** Makes up a secret that nothing else contains, and that no form or JSON would write otherwise. */
  secret(word = "secret"): string {
    return this.keep(`${word}-${Math.random().toString(36).slice(2)}`);
  }

  /** Keeps a text secret from now on, line by line; a line that many share tells nothing. */
  keep(text: string): string {
    for (const line of text.split("\n")) {
      if (line.length >= 7 && !/^(#!|-----)/.test(line)) this.#secrets.set(line, line);
    }
    return text;
  }

  async person(wanted: WantedPerson = {}): Promise<Person> {
    const person = await makePerson(this.server, { ...wanted, password: this.secret("password") });
    this.keep(secretOf(person.apiKey));
    return person;
  }

  /** Logs somebody in. */
  async session(person: Person): Promise<SessionClient> {
    const session = await logIn(this.server, person, { from: person.from });
    this.keep(session.sessionId);
    this.keep(session.formToken);
    return session;
  }

  /** Logs somebody in by the second step. */
  async secondStep(
    person: Person,
    given: { readonly pending_login: string; readonly code: string },
  ): Promise<SessionClient> {
    const answer = await person.native.ask("POST", "session/factor", given, { headers: { authorization: "" } });
    assert.equal(answer.status, 200, answer.text);
    const [sessionId, formToken] = [answer.cookie("sessionid") ?? "", answer.cookie("csrftoken") ?? ""];
    return sessionClient(this.server, this.keep(sessionId), this.keep(formToken), person.from);
  }

  /** Prepares something as the administrator, which must succeed. */
  async prepare(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await this.root.native.ask(method, path, body);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  }

  /** Makes something that is named by its body, and gives what it is shown as. */
  async make<Made>(path: string, body: unknown): Promise<Made> {
    return (await this.prepare("POST", path, body)).json<Made>();
  }

  /** Has SSH keys imported from a server of the tests' own. */
  async publishKeys(): Promise<void> {
    this.#keys ??= keyServer(({ url }, response) => {
      if (url === "/users/ada/keys?per_page=100") response.end(JSON.stringify([{ key: publishedKey.key }]));
      else response.writeHead(404).end();
    });
    await this.prepare("PUT", "settings/ironlog_github_url", { value: (await this.#keys).url });
  }

  /** A private key, which nobody should ever have sent. */
  privateKey(): string {
    const { privateKey } = generateKeyPairSync("ed25519");
    return this.keep(privateKey.export({ type: "pkcs8", format: "pem" }));
  }

  /** The text of a script that holds a secret. */
  script(): string {
    return `#!/bin/sh\nexport TOKEN=${this.secret("token")}\n`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#keys)?.[Symbol.asyncDispose]();
  }
}

/** Signs as clients of each API do. */
export function byKey({ username, apiKey, from }: Pick<Person, "username" | "apiKey" | "from">): Sender {
  return {
    username,
    endpoint: "API",
    ip: from,
    headers: (api) => ({ authorization: api === "maas" ? oauthHeader(apiKey) : `Bearer ${apiKey}` }),
  };
}

/** Sends a session's cookies, with what shows that the request is meant. */
export function bySession({ username, from }: Pick<Person, "username" | "from">, session: SessionClient): Sender {
  return {
    username,
    endpoint: "UI",
    ip: from,
    headers: () => ({ cookie: session.cookies, "x-csrftoken": session.formToken }),
  };
}

/** Sends a session's cookies alone, as a page elsewhere could have a browser do. */
export function byCookieAlone(person: Pick<Person, "username" | "from">, session: SessionClient): Sender {
  return { ...bySession(person, session), headers: () => ({ cookie: session.cookies }) };
}

/** Sends no credentials. */
export function nobody(): Sender {
  return { username: null, endpoint: "UI", ip: freshAddress(), headers: () => ({}) };
}
