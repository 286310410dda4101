import assert from "node:assert/strict";
import { test } from "node:test";
import { defineAction, type Draft, type Tx } from "../../audit/action.ts";
import { type Actor, machineActor } from "../../audit/actor.ts";
import { draftEvent } from "../../audit/event-draft.ts";
import { ActLimit } from "./act-limit.ts";

/** An action that changes nothing here: what it would record is all that the limit looks at. */
const drafting = defineAction({ run: async () => {}, events: (_result, draft: Draft) => [draft] });
const noTransaction = undefined as unknown as Tx;

const saved = draftEvent("user.profile.update", { username: "ada", changed: [] }, { details: {} });
const renamed = draftEvent(
  "user.profile.update",
  { username: "ada", changed: ["last_name"] },
  { details: { last_name: { old: "", new: "Ada" } } },
);
const setAsItWas = draftEvent(
  "setting.update",
  { name: "maas_name", value: "a" },
  { details: { value: { old: "a", new: "a" }, is_changed: false } },
);
const set = draftEvent(
  "setting.update",
  { name: "maas_name", value: "b" },
  { details: { value: { old: "a", new: "b" }, is_changed: true } },
);
const untouched = draftEvent(
  "node.update",
  { type: "machine", hostname: "m", changed: [] },
  { details: { change: "none" } },
);
const sameScript = draftEvent("script.update", { name: "s" }, { details: { changed: [] } });
const newKey = draftEvent("token.create", undefined);
const made = draftEvent("node.create", { type: "machine", hostname: "m" });
const failed = draftEvent("auth.login.failure", { username: "ada" }, { outcome: "failure" });

function actorOf(id: number, isSuperuser: boolean): Actor {
  return { ...machineActor("tester"), user: { id, username: `user ${id}`, isSuperuser } };
}

/** How many of one act after the other are let through, of so many that are tried. */
async function letThrough(limit: ActLimit, actor: Actor, draft: Draft, tries: number): Promise<number> {
  const action = limit.around(drafting);
  for (let done = 0; done < tries; done += 1) {
    try {
      await action.run(noTransaction, draft, actor, 1);
    } catch (error) {
      assert.equal((error as { code?: unknown }).code, "too_many_requests");
      return done;
    }
  }
  return tries;
}

test("a user has 600 acts at once, whatever they change, and one more a second", async (t) => {
  t.mock.timers.enable({ apis: ["Date"] });
  const limit = new ActLimit();
  const [ada, bob] = [actorOf(1, false), actorOf(2, false)];
  assert.equal(await letThrough(limit, ada, saved, 300), 300);
  assert.equal(await letThrough(limit, ada, renamed, 1_000), 300);
  assert.equal(await letThrough(limit, ada, newKey, 1), 0);
  assert.equal(await letThrough(limit, bob, newKey, 1), 1);
  t.mock.timers.tick(60_000);
  assert.equal(await letThrough(limit, ada, newKey, 100), 60);
});

test("an administrator has 3,000 acts that change nothing lasting, and all others without limit", async (t) => {
  t.mock.timers.enable({ apis: ["Date"] });
  const limit = new ActLimit();
  const root = actorOf(1, true);
  for (const draft of [saved, setAsItWas, untouched, sameScript, newKey]) {
    assert.equal(await letThrough(limit, root, draft, 600), 600);
  }
  for (const draft of [saved, setAsItWas, untouched, sameScript, newKey]) {
    assert.equal(await letThrough(limit, root, draft, 1), 0, draft.description);
  }
  for (const draft of [renamed, set, made]) assert.equal(await letThrough(limit, root, draft, 5_000), 5_000);
});

test("failures, and acts of nobody, aren't counted; logins are, apart from other acts", async (t) => {
  t.mock.timers.enable({ apis: ["Date"] });
  const limit = new ActLimit();
  const nobody = machineActor("tester");
  assert.equal(await letThrough(limit, actorOf(1, false), failed, 1_000), 1_000);
  const login = draftEvent("auth.login", { username: "ada" }, { as: { userId: 1, username: "ada" } });
  assert.equal(await letThrough(limit, actorOf(1, false), newKey, 1_000), 600);
  assert.equal(await letThrough(limit, nobody, login, 1_000), 600);
  assert.equal(await letThrough(limit, nobody, draftEvent("server.start", { version: "1" }), 1_000), 1_000);
});
