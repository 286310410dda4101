import assert from "node:assert/strict";
import http from "node:http";

/** An answer that is still coming. */
export interface OpenAnswer extends Disposable {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** What has come so far. */
  readonly text: string;
  /** How it ended: with a clean end, or with the connection broken off. */
  readonly ended: Promise<"whole" | "broken off">;
  readonly isOver: boolean;
  /** Waits until what has come is enough; fails where it ends before. */
  until(isEnough: (text: string) => boolean): Promise<string>;
  pause(): void;
  resume(): void;
}

/** Asks, and gives the answer as soon as its head is there. */
export function openAnswer(
  url: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  options: { readonly paused?: boolean } = {},
): Promise<OpenAnswer> {
  return new Promise((resolve, reject) => {
    const request = http.get(`${url}/api/v1/${path}`, { headers, agent: false }, (response) => {
      let text = "";
      const listeners = new Set<() => void>();
      let isOver = false;
      const { promise: ended, resolve: end } = Promise.withResolvers<"whole" | "broken off">();
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        for (const listener of listeners) listener();
      });
      response.on("error", () => undefined);
      response.on("close", () => {
        isOver = true;
        end(response.complete ? "whole" : "broken off");
        for (const listener of listeners) listener();
      });
      if (options.paused === true) response.pause();
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        get text() {
          return text;
        },
        ended,
        get isOver() {
          return isOver;
        },
        until: (isEnough) =>
          new Promise((found, missed) => {
            const look = (): void => {
              if (isEnough(text)) found(text);
              else if (isOver) missed(new Error(`ended before it was enough: ${text.slice(-500)}`));
              else return;
              listeners.delete(look);
            };
            listeners.add(look);
            look();
          }),
        pause: () => void response.pause(),
        resume: () => void response.resume(),
        [Symbol.dispose]: () => void request.destroy(),
      });
    });
    request.on("error", reject);
  });
}

/** A server-sent event, as it was written. */
export interface SentEvent {
  readonly id: number;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The whole events of a stream, comments left out. Fails where one is not written as it should be. */
export function sentEvents(text: string): readonly SentEvent[] {
  const blocks = text.split("\n\n").slice(0, -1);
  return blocks
    .filter((block) => !block.startsWith(":") && !block.startsWith("retry:"))
    .map((block) => {
      const match = /^(?:id: (\d+)\n)?event: (\w+)\ndata: (\{[^\n]*\})$/.exec(block);
      assert.ok(match !== null, block);
      const [, id, event = "", data = ""] = match;
      return { id: Number(id), event, data: JSON.parse(data) as SentEvent["data"] };
    });
}
