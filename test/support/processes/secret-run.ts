import assert from "node:assert/strict";
import { type Answer, type Ask, send } from "../clients/http-client.ts";
import type { Holder } from "./leaks.ts";
import type { TestServer } from "../server.ts";

/** Everything secret that a run made or typed, by a name for it, and every answer that it got. */
export class SecretRun {
  readonly secrets: Record<string, string> = {};
  readonly answers: Holder[] = [];
  readonly server: TestServer;

  constructor(server: TestServer) {
    this.server = server;
  }

  /** Makes up a secret. It has nothing that a form or JSON would write otherwise. */
  invent(name: string): string {
    const secret = `Secret-${name.replaceAll(" ", "-")}-${Math.random().toString(36).slice(2)}`;
    this.secrets[name] = secret;
    return secret;
  }

  /** Sends, and keeps the answer: with its head, but without what it is there to show. */
  async send(
    to: string,
    ask: Ask = {},
    mayShow: (answer: Answer) => Readonly<Record<string, string>> = () => ({}),
  ): Promise<Answer> {
    const answer = await send(this.server.url, to, ask);
    const shown = mayShow(answer);
    let text = JSON.stringify(answer.headers) + answer.text;
    for (const [name, secret] of Object.entries(shown)) {
      assert.ok(secret.length > 8, name);
      this.secrets[name] = secret;
      text = text.replaceAll(secret, "");
    }
    this.answers.push({
      name: `the answer to ${ask.method ?? "GET"} ${to.replace(/\?.*/, "")} (${answer.status})`,
      bytes: Buffer.from(text),
    });
    return answer;
  }
}
