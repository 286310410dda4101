import type { OpenSource } from "../sources/source-queries.ts";
import { askAddress, isSuperuserIn, type SourceAnswer } from "./maas-api.ts";

/** A login to a MAAS's API v3. Its token ends after some minutes: then it logs in again. */
export class V3Session {
  readonly #url: string;
  readonly #username: string;
  readonly #password: string;
  #token: string | undefined;

  private constructor(url: string, username: string, password: string) {
    this.#url = url;
    this.#username = username;
    this.#password = password;
  }

  /** Logs in as an administrator. Throws where that can't be done: others may be shown a part. */
  static async begin(source: OpenSource): Promise<V3Session> {
    const { url, username } = source;
    const password = source.secret("password");
    if (url === null || username === null || password === undefined) {
      throw new Error(`source '${source.name}' has no user name and password`);
    }
    const session = new V3Session(url, username, password);
    const { body } = await session.ask("users/me");
    if (isSuperuserIn(body) === false) {
      throw new Error("that user isn't an administrator there: enter another username and password");
    }
    return session;
  }

  /** Asks for what stands behind `a/v3/`. */
  async ask(path: string): Promise<SourceAnswer> {
    const hadToken = this.#token !== undefined;
    const answer = await this.#ask(path);
    if (answer.status !== 401 || !hadToken) return answer;
    this.#token = undefined;
    return this.#ask(path);
  }

  async #ask(path: string): Promise<SourceAnswer> {
    this.#token ??= await this.#logIn();
    return askAddress(this.#url, `a/v3/${path}`, { headers: { authorization: `Bearer ${this.#token}` } });
  }

  async #logIn(): Promise<string> {
    const form = new URLSearchParams({ username: this.#username, password: this.#password });
    const { status, body } = await askAddress(this.#url, "a/v3/auth/login", { form });
    const token = (body as { readonly access_token?: unknown } | undefined)?.access_token;
    if (status === 200 && typeof token === "string" && /^[\x21-\x7e]+$/.test(token)) return token;
    if (status === 404)
      throw new Error(`${this.#url} has no API v3, which MAAS 3.6 and newer have: enter an apikey instead`);
    if (status === 400 || status === 401 || status === 403) {
      throw new Error(`that MAAS refuses the user name or the password (${status}): enter them again`);
    }
    throw new Error(`that MAAS answers ${status} where its login should be`);
  }
}
