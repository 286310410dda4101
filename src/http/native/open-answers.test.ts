import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../../refusal.ts";
import { OpenAnswers } from "./open-answers.ts";
import type { NativeAnswer } from "./operation.ts";

const [ann, bob, eve] = [person(1), person(2), person(3)];

function person(id: number) {
  return { id, username: `user-${id}`, isSuperuser: false };
}

const limits = { perUserMax: 2, max: 3 };

/** An answer that is sent until `gone` is aborted. */
function streamed(): NativeAnswer {
  return { status: 200, stream: { contentType: "text/plain", patienceMs: 1, chunks: () => (async function* () {})() } };
}

/** Begins to send it. */
function send({ stream }: NativeAnswer): AbortController {
  const gone = new AbortController();
  assert.ok(stream !== undefined);
  stream.chunks({ gone: gone.signal, stopping: new AbortController().signal });
  return gone;
}

/** How many of so many that come together get a place, and with which codes the others are refused. */
async function together(open: OpenAnswers, viewer: typeof ann, count: number) {
  const asked = Array.from({ length: count }, () => open.hold(viewer, async () => streamed()));
  const settled = await Promise.allSettled(asked);
  const answers = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const codes = settled.flatMap((one) => (one.status === "rejected" ? [(one.reason as Refusal).code] : []));
  return { answers, codes };
}

test("of answers that are asked for together no more are made than may be open, for a user and for all", async () => {
  const open = new OpenAnswers("tests", limits);
  const [anns, bobs] = await Promise.all([together(open, ann, 5), together(open, bob, 5)]);
  assert.equal(anns.answers.length, 2);
  assert.deepEqual(anns.codes, Array(3).fill("too_many_requests"));
  assert.equal(bobs.answers.length, 1);
  assert.deepEqual(bobs.codes, Array(4).fill("queue_full"));
  assert.deepEqual((await together(open, eve, 1)).codes, ["queue_full"]);
});

test("a place is free again when its answer has gone, once, and not before", async () => {
  const open = new OpenAnswers("tests", limits);
  const { answers } = await together(open, ann, 2);
  const sent = answers.map(send);
  assert.deepEqual((await together(open, ann, 1)).codes, ["too_many_requests"]);
  sent[0]?.abort();
  sent[0]?.abort();
  const again = await together(open, ann, 3);
  assert.equal(again.answers.length, 1);
});

test("a place is free again where the answer was refused, failed, or isn't sent for long", async () => {
  const open = new OpenAnswers("tests", limits);
  const fail = async (): Promise<NativeAnswer> => {
    throw new Refusal("invalid", "No.");
  };
  for (let time = 0; time < 5; time += 1) {
    await assert.rejects(open.hold(ann, fail), /No\./);
    await open.hold<NativeAnswer>(ann, async () => ({ status: 200, body: {} }));
  }
  assert.equal((await together(open, ann, 3)).answers.length, 2);
});
