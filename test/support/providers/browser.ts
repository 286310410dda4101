import assert from "node:assert/strict";
import { type Answer, send } from "../clients/http-client.ts";

/** What a browser does between a server and a provider, without its pages: it follows, and keeps cookies apart by address. */
export class TestBrowser {
  readonly from: string;
  readonly #cookies = new Map<string, Map<string, string>>();

  constructor(from: string) {
    this.from = from;
  }

  /** The value of a cookie of that server. */
  cookie(url: string, name: string): string | undefined {
    return this.#cookiesOf(url).get(name);
  }

  setCookie(url: string, name: string, value: string): void {
    this.#cookiesOf(url).set(name, value);
  }

  /** One request, without following what it answers. As a link on a page of `referrer` would send it. */
  async step(url: string, { method = "GET", body, referrer }: Step = {}): Promise<Answer> {
    const { origin, pathname, search } = new URL(url);
    const cookies = [...this.#cookiesOf(origin)].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await send(origin, `${pathname}${search}`, {
      method,
      from: this.from,
      headers: {
        "user-agent": "Mozilla/5.0 (test) Firefox/140.0",
        ...(cookies !== "" && { cookie: cookies }),
        ...(body !== undefined && { "content-type": "application/x-www-form-urlencoded" }),
        // What browsers say of a navigation that another site has begun.
        ...(referrer !== undefined && {
          "sec-fetch-site": "cross-site",
          "sec-fetch-mode": "navigate",
          referer: referrer,
        }),
      },
      ...(body !== undefined && { body }),
    });
    for (const header of answer.headers["set-cookie"] ?? []) this.#keep(origin, header);
    return answer;
  }

  /** Follows redirects from `url` on, until one leads below `stop` or somebody answers. Gives where it ended. */
  async follow(
    url: string,
    stop?: string,
    first: Step = {},
  ): Promise<{ readonly url: string; readonly answer: Answer }> {
    let at = url;
    let step = first;
    for (let steps = 0; steps < 20; steps += 1) {
      const answer = await this.step(at, step);
      const { location } = answer.headers;
      if (answer.status < 300 || answer.status >= 400 || location === undefined) return { url: at, answer };
      const next = new URL(location, at);
      if (next.origin !== new URL(at).origin) step = { referrer: `${new URL(at).origin}/` };
      else step = step.referrer === undefined ? {} : { referrer: step.referrer };
      at = next.href;
      if (stop !== undefined && at.startsWith(stop)) return { url: at, answer };
    }
    return assert.fail(`too many redirects, the last to ${at}`);
  }

  #cookiesOf(url: string): Map<string, string> {
    const { origin } = new URL(url);
    const known = this.#cookies.get(origin) ?? new Map<string, string>();
    this.#cookies.set(origin, known);
    return known;
  }

  #keep(origin: string, header: string): void {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
    const hasEnded = /max-age=0\b/i.test(header) || /expires=Thu, 01 Jan 1970/i.test(header);
    if (hasEnded) this.#cookiesOf(origin).delete(name);
    else this.#cookiesOf(origin).set(name, value);
  }
}

interface Step {
  readonly method?: string;
  readonly body?: string;
  /** The page of another site that a link stands on. */
  readonly referrer?: string;
}
