import { Agent, get, type IncomingMessage } from "node:http";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { type ApiKeyParts, formatApiKey } from "../../src/tokens/token.ts";
import type { Started } from "./started.ts";

/** Asks a server over one connection, one request after the other. It costs half of what `fetch` does, which matters beside a millisecond. */
export class Asker implements Disposable {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #port: number;
  readonly #headers: Readonly<Record<string, string>>;

  constructor({ port }: Started, credentials: ApiKeyParts) {
    this.#port = port;
    this.#headers = { authorization: `Bearer ${formatApiKey(credentials)}` };
  }

  /** The body of the answer, as it comes. Throws at an answer that says no. */
  async open(path: string): Promise<IncomingMessage> {
    const request = get({ host: "127.0.0.1", port: this.#port, path, agent: this.#agent, headers: this.#headers });
    const [answer] = (await once(request, "response")) as [IncomingMessage];
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${await text(answer)}`);
    return answer;
  }

  async json(path: string): Promise<unknown> {
    return JSON.parse(await text(await this.open(path)));
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}
