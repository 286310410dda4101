import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Duplex } from "node:stream";
import { findErrorCode } from "../../../terminal/exit.ts";
import { findProxy } from "../../../terminal/proxy.ts";
import { version } from "../../../terminal/version.ts";
import { connectionFailure, shownPlace } from "../connection-failure.ts";
import { conceal, secretsIn, secretsOfLogin } from "./conceal.ts";
import { checkedLookup, type ListeningAddress, refuseUnsafe } from "../safe-receiver.ts";
import { type ReceiverTls, tlsOptions } from "../tls.ts";

/** How a receiver is reached over HTTP. */
export interface HttpReceiverOptions {
  /** `http:` or `https:`, as an administrator entered it. */
  readonly url: string;
  /** Sent with each request, such as `Authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly tls?: ReceiverTls | undefined;
  /** Where this Ironlog listens. */
  readonly own: readonly ListeningAddress[];
  /** Names proxies: `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** How long an answer may take. */
  readonly patienceMs?: number;
}

/** What a receiver answered. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
  /** Who answered, as people may see it: without user, password and query. */
  readonly place: string;
}

/** Standard Webhooks 1.0 asks for 15 to 30 seconds. */
const defaultPatienceMs = 20_000;
/** Thousands of results of a bulk request are shorter. */
const answerBytesMax = 4 * 1024 * 1024;

/** Posts to a receiver, by one connection that is kept, and follows it nowhere else. */
export class HttpClient implements Disposable {
  readonly #url: URL;
  readonly #options: HttpReceiverOptions;
  readonly #open: (url: URL, options: object) => ClientRequest;
  readonly #agent: HttpAgent | HttpsAgent;
  /** What an answer may not show. */
  readonly #secrets: readonly string[];
  /** The newest connection. The agent doesn't end one on which a proxy keeps it waiting. */
  #connection: Duplex | undefined;
  /** Behind the place in what is said of a connection that fails. */
  readonly #through: string;

  /** Throws where the proxy, the certificates or the address can't be used. */
  constructor(options: HttpReceiverOptions) {
    this.#options = options;
    this.#url = new URL(options.url);
    const isSecure = this.#url.protocol === "https:";
    const proxy = findProxy(options.url, options.environment);
    this.#through = proxy === undefined ? "" : ` (through the proxy ${proxy.shown}, which ${proxy.name} names)`;
    const to = proxy === undefined ? this.#url : new URL(proxy.url);
    this.#secrets = [
      ...secretsIn(options.headers?.["authorization"] ?? ""),
      ...secretsOfLogin(decodeURIComponent(`${to.username}:${to.password}`)),
    ];
    refuseUnsafe(this.#url.hostname, portOf(this.#url), options.own);
    refuseUnsafe(to.hostname, portOf(to), options.own);
    const agentOptions = {
      keepAlive: true,
      maxSockets: 1,
      lookup: checkedLookup(portOf(to), options.own),
      ...(proxy !== undefined && { proxyEnv: { http_proxy: proxy.url, https_proxy: proxy.url } }),
      ...(isSecure && tlsOptions(this.#url.hostname, options.tls ?? {})),
    };
    this.#agent = isSecure ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions);
    this.#open = isSecure ? httpsRequest : httpRequest;
    const connect = this.#agent.createConnection.bind(this.#agent);
    this.#agent.createConnection = (...given) => {
      const connection = connect(...given);
      this.#connection = connection ?? undefined;
      // An error with no listener ends the process, and in the midst of a proxy's tunnel nobody else may listen.
      return connection?.on("error", () => undefined);
    };
  }

  /** Who is asked, as people may see it. */
  get place(): string {
    return shownPlace(this.#url.hostname, portOf(this.#url));
  }

  /**
   * Posts a body to a path below the receiver's address, or to the address itself. Gives every answer, redirects too; throws what an
   * administrator can act on where there is none.
   */
  async post(
    below: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    signal.throwIfAborted();
    const { patienceMs = defaultPatienceMs } = this.#options;
    const limited = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
    const sent = { ...this.#options.headers, ...headers };
    try {
      return await this.#exchange(this.#addressOf(below), sent, body, limited).catch((error: unknown) => {
        // The receiver closed the kept connection while it was idle, before it saw the request.
        if (!(error instanceof StaleConnection)) throw error;
        return this.#exchange(this.#addressOf(below), sent, body, limited);
      });
    } catch (error) {
      signal.throwIfAborted();
      if (limited.aborted) {
        throw new Error(`${this.place} didn't answer within ${patienceMs / 1_000} s.`, { cause: error });
      }
      throw error instanceof AnswerTooLong ? error : connectionFailure(error, this.place + this.#through);
    }
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
    this.#connection?.destroy();
  }

  #addressOf(below: string): URL {
    if (below === "") return this.#url;
    const url = new URL(this.#url);
    const [path = "", query = ""] = below.split("?");
    url.pathname = `${url.pathname.replace(/\/+$/, "")}/${path}`;
    for (const [name, value] of new URLSearchParams(query)) url.searchParams.set(name, value);
    return url;
  }

  async #exchange(
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const length = { "content-length": String(body.length), "user-agent": `ironlog/${version}` };
    const request = this.#open(url, { method: "POST", agent: this.#agent, headers: { ...headers, ...length } });
    const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
    // The request's own `signal` ends nothing while a proxy's tunnel is opened: it has no socket until then.
    const stop = (): void => {
      reject(signal.reason as Error);
      request.destroy();
      this.#connection?.destroy();
    };
    signal.addEventListener("abort", stop, { once: true });
    let isAnswered = false;
    request.on("error", (error) => {
      const isStale = request.reusedSocket && ["ECONNRESET", "EPIPE"].includes(findErrorCode(error) ?? "");
      reject(isStale ? new StaleConnection("stale", { cause: error }) : error);
    });
    request.on("response", (answer) => {
      isAnswered = true;
      read(answer, this.place, this.#secrets).then(resolve, reject);
    });
    request.on("upgrade", ({ statusCode: status = 0, headers: shown }, socket) => {
      socket.destroy();
      resolve({ status, headers: shown, body: Buffer.alloc(0), place: this.place });
    });
    request.on("close", () => {
      if (!isAnswered) reject(new Error("it was closed before there was an answer"));
    });
    request.end(body);
    return promise.finally(() => signal.removeEventListener("abort", stop));
  }
}

/** A kept connection that the receiver has closed. */
class StaleConnection extends Error {}

class AnswerTooLong extends Error {}

async function read(answer: IncomingMessage, place: string, secrets: readonly string[]): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > answerBytesMax) throw new AnswerTooLong(`${place} answered more than ${answerBytesMax} bytes.`);
    chunks.push(chunk);
  }
  const { statusCode: status = 0, headers } = answer;
  return { status, headers, body: conceal(status, Buffer.concat(chunks, length), secrets), place };
}

function portOf({ port, protocol }: URL): number {
  if (port !== "") return Number(port);
  return protocol === "https:" ? 443 : 80;
}
