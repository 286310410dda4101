import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { test } from "node:test";
import { openBody, type StreamEnds } from "./streamed-body.ts";

/** As much of a response as a body looks at. */
function fakeResponse() {
  const response = Object.assign(new EventEmitter(), {
    destroyed: false,
    destroy() {
      response.destroyed = true;
      response.emit("close");
    },
  });
  return response;
}

function open(chunks: (ends: StreamEnds) => AsyncIterable<string>, patienceMs = 1_000) {
  const response = fakeResponse();
  const stopping = new AbortController();
  const body = { contentType: "text/plain", patienceMs, chunks };
  // The rest of a response is never looked at.
  const readable = openBody(body, response as unknown as ServerResponse, stopping.signal);
  return { response, stopping, readable };
}

async function* endless(made: { count: number }): AsyncGenerator<string> {
  for (;;) {
    made.count += 1;
    yield "x".repeat(16 * 1024);
  }
}

test("a client that does not read is given up after the patience, and no more is made for it", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const made = { count: 0 };
  const { response, readable } = open(() => endless(made));
  readable.read(0);
  await new Promise(setImmediate);
  const buffered = made.count;
  assert.ok(buffered >= 4 && buffered <= 8, `${buffered} chunks of 16 KiB for a buffer of 64 KiB`);
  t.mock.timers.tick(999);
  assert.equal(response.destroyed, false);
  t.mock.timers.tick(1);
  assert.equal(response.destroyed, true);
  assert.equal(made.count, buffered);
  readable.destroy();
});

test("a client that reads is never given up", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { response, readable } = open(() => endless({ count: 0 }));
  let bytes = 0;
  for await (const chunk of readable) {
    t.mock.timers.tick(900);
    // What it took makes room, which is noticed a little later.
    await new Promise(setImmediate);
    bytes += (chunk as Buffer).length;
    if (bytes > 1_000_000) break;
  }
  assert.equal(response.destroyed, false);
});

test("what waits is told that the client has gone, or that the server stops", async () => {
  const told: string[] = [];
  const { response, stopping } = open((ends) => {
    ends.gone.addEventListener("abort", () => told.push("gone"));
    ends.stopping.addEventListener("abort", () => told.push("stopping"));
    return endless({ count: 0 });
  });
  stopping.abort();
  response.destroy();
  assert.deepEqual(told, ["stopping", "gone"]);
});

test("what fails in the middle is an error of the body, not its end", async () => {
  const { readable } = open(async function* () {
    yield "one";
    throw new Error("the database went away");
  });
  await assert.rejects(readable.toArray(), /the database went away/);
});
