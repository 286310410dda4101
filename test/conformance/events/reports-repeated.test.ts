import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { lastId, powerFailure, report } from "../../support/reports.ts";
import { sharedServers, startServer } from "../../support/server.ts";

// Events from elsewhere that are sent again: keys make that harmless, for good.

const serverOf = sharedServers();

forEachKind((kind) => {
  test(`a repeat under the request's key is harmless; another report under it is refused (${kind})`, async () => {
    const { native } = admin(await serverOf(kind));
    const key = freshName("key");
    const batch = [powerFailure, { ...powerFailure, description: "Again." }];
    const items = await report(native, batch, { "idempotency-key": key });
    const before = await lastId(native);
    for (const spelled of [key, `"${key}"`]) {
      const again = await report(native, batch, { "idempotency-key": spelled });
      assert.deepEqual(
        again,
        items.map(({ id }) => ({ id, status: "duplicate" })),
      );
    }
    for (const other of [[powerFailure], [...batch, powerFailure], batch.toReversed()]) {
      const answer = await native.ask("POST", "events", other, { headers: { "idempotency-key": key } });
      assert.equal(answer.status, 409, answer.text);
      assert.deepEqual(Object.keys(answer.json<{ errors: object }>().errors), ["Idempotency-Key"]);
    }
    const both = await native.ask(
      "POST",
      "events",
      { ...powerFailure, key: "k" },
      { headers: { "idempotency-key": key } },
    );
    assert.equal(both.status, 400);
    const odd = await native.ask("POST", "events", powerFailure, { headers: { "idempotency-key": "a b" } });
    assert.equal(odd.status, 400);
    assert.equal(await lastId(native), before);
  });

  test(`a key is good for ever: also after a restart (${kind})`, async () => {
    await using server = await startServer({ kind });
    const headers = { "idempotency-key": "nightly-1" };
    const [item] = await report(admin(server).native, powerFailure, headers);
    const [keyed] = await report(admin(server).native, { ...powerFailure, key: "e-1" });
    await server.stop();
    await server.start();
    const { native } = admin(server);
    assert.deepEqual(await report(native, powerFailure, headers), [{ id: item?.id, status: "duplicate" }]);
    assert.deepEqual(await report(native, { ...powerFailure, key: "e-1" }), [{ id: keyed?.id, status: "duplicate" }]);
  });

  test(`events under their own keys are recorded once, whatever they are sent with (${kind})`, async () => {
    const { native } = admin(await serverOf(kind));
    const event = (word: string) => ({ ...powerFailure, description: word, key: freshName(word) });
    const [a, b, c] = [event("a"), event("b"), event("c")];
    const [first] = await report(native, a);
    const mixed = await report(native, [b, a, c, b]);
    const next = (first?.id ?? 0) + 1;
    assert.deepEqual(mixed, [
      { id: next, status: "recorded" },
      { id: first?.id, status: "duplicate" },
      { id: next + 1, status: "recorded" },
      { id: next, status: "duplicate" },
    ]);
    assert.deepEqual(
      await report(native, [c, a]),
      [next + 1, first?.id].map((id) => ({ id, status: "duplicate" })),
    );
    const conflict = await native.ask("POST", "events", [event("d"), { ...a, description: "another" }]);
    assert.equal(conflict.status, 409);
    assert.deepEqual(Object.keys(conflict.json<{ errors: object }>().errors), ["[1].key"]);
    const key = freshName("twice");
    const twice = await native.ask("POST", "events", [
      { ...powerFailure, key },
      { ...powerFailure, key, description: "another" },
    ]);
    assert.equal(twice.status, 409);
    assert.equal(await lastId(native), next + 1);
  });

  test(`one reporter's keys are not another's (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = admin(server);
    const other = await makePerson(server, { isAdministrator: true });
    const event = { ...powerFailure, key: freshName("shared") };
    const [mine] = await report(native, event);
    const [theirs] = await report(other.native, event);
    assert.equal(theirs?.status, "recorded");
    assert.notEqual(mine?.id, theirs.id);
  });

  test(`the same report sent many times at once is recorded once (${kind})`, async () => {
    const { native } = admin(await serverOf(kind));
    const batch = [powerFailure, powerFailure];
    const key = freshName("storm");
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => report(native, batch, { "idempotency-key": key })),
    );
    assert.equal(new Set(answers.flatMap((items) => items.map(({ id }) => id))).size, 2);
    assert.equal(answers.filter(([item]) => item?.status === "recorded").length, 1);
  });
});
