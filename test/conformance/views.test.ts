import assert from "node:assert/strict";
import { test } from "node:test";
import { kinds } from "../support/databases/databases.ts";
import { allEvents } from "../support/clients/native-client.ts";
import { sharedServers } from "../support/server.ts";
import { admin, makePerson, type Person } from "../support/worlds/people.ts";
import { freshName } from "../support/worlds/world.ts";

interface ShownView {
  readonly id: number;
  readonly name: string;
  readonly owner: string;
  readonly is_own: boolean;
  readonly is_default: boolean;
}

type Native = Pick<Person, "native">;

const serverOf = sharedServers();
const listed = async ({ native }: Native): Promise<readonly ShownView[]> =>
  (await native.ask("GET", "views")).json<{ readonly items: readonly ShownView[] }>().items;
const save = async ({ native }: Native, body: object = {}): Promise<ShownView> => {
  const answer = await native.ask("POST", "views", { name: freshName("view"), ...body });
  assert.equal(answer.status, 201, answer.text);
  return answer.json<ShownView>();
};
const choose = async ({ native }: Native, id: number | null): Promise<void> => {
  assert.equal((await native.ask("PUT", "account/default-view", { id })).status, 204);
};

for (const kind of kinds) {
  test(`a view is its owner's alone until it is shared, and again when it no longer is (${kind})`, async () => {
    const server = await serverOf(kind);
    const [owner, other] = [await makePerson(server), await makePerson(server)];
    const { id, name } = await save(owner, { filter: "user:bob", columns: ["time", "user"], order: "oldest" });
    const seen = async (who: Native): Promise<ShownView | undefined> =>
      (await listed(who)).find((one) => one.id === id);
    assert.equal(await seen(other), undefined);
    assert.equal(await seen(admin(server)), undefined);
    for (const method of ["GET", "PATCH", "DELETE"]) {
      const answer = await other.native.ask(
        method,
        `views/${id}`,
        method === "PATCH" ? { order: "newest" } : undefined,
      );
      assert.equal(answer.status, 404, answer.text);
    }
    assert.equal((await other.native.ask("PUT", "account/default-view", { id })).status, 404);

    await owner.native.ask("PATCH", `views/${id}`, { is_shared: true });
    assert.deepEqual(
      [(await seen(other))?.owner, (await seen(other))?.is_own, (await seen(owner))?.is_own],
      [owner.username, false, true],
    );
    await choose(other, id);
    await choose(owner, id);
    assert.equal((await seen(other))?.is_default, true);
    const opens = async ({ native }: Native): Promise<unknown> =>
      (await native.ask("GET", "session")).json<{ readonly default_view: unknown }>().default_view;
    assert.deepEqual(await opens(other), { id, filter: "user:bob", order: "oldest" });
    assert.equal(await opens(await makePerson(server)), null);
    const refused = await other.native.ask("PATCH", `views/${id}`, { name: "mine" });
    assert.deepEqual([refused.status, refused.text.includes(`This view is ${owner.username}'s`)], [403, true]);

    await owner.native.ask("PATCH", `views/${id}`, { is_shared: false });
    assert.equal(await seen(other), undefined);
    await owner.native.ask("PATCH", `views/${id}`, { is_shared: true });
    assert.deepEqual([(await seen(other))?.is_default, (await seen(owner))?.is_default], [false, true]);
    const [shared] = await allEvents(admin(server).native, { action: "view.update", target: name });
    assert.deepEqual(shared?.details, { changed: ["is_shared"], is_shared: { old: false, new: true } });
  });

  test(`a number that is no view's id is refused as one, whatever its size (${kind})`, async () => {
    const { native } = await makePerson(await serverOf(kind));
    for (const id of [0, -1, 2 ** 53, 1e20, 1e300]) {
      const answer = await native.ask("PUT", "account/default-view", { id });
      assert.deepEqual([answer.status, answer.text.includes("There is no view of that id")], [404, true], String(id));
    }
  });

  test(`an administrator may delete what is shared, and whoever opened events with it sees all again (${kind})`, async () => {
    const server = await serverOf(kind);
    const [owner, other] = [await makePerson(server), await makePerson(server)];
    const { id } = await save(owner, { is_shared: true });
    await choose(other, id);
    await choose(owner, null);
    assert.equal((await admin(server).native.ask("DELETE", `views/${id}`)).status, 204);
    assert.equal(
      (await listed(other)).find((one) => one.is_default),
      undefined,
    );
    await choose(other, (await save(other)).id);
    assert.equal((await listed(other)).filter((one) => one.is_default).length, 1);
  });

  test(`views go with the account, shared ones too (${kind})`, async () => {
    const server = await serverOf(kind);
    const [leaver, other] = [await makePerson(server), await makePerson(server)];
    const { id } = await save(leaver, { is_shared: true });
    const kept = await save(other, { is_shared: true });
    await choose(other, id);
    await choose(leaver, kept.id);
    assert.equal((await admin(server).native.ask("DELETE", `users/${leaver.username}`)).status, 204);
    const left = await listed(other);
    assert.deepEqual([left.some((one) => one.id === id), left.some((one) => one.is_default)], [false, false]);
    const [event] = await allEvents(admin(server).native, { action: "user.delete", target: leaver.username });
    assert.equal(event?.details?.["views_deleted"], 1);
  });

  test(`somebody has a hundred views at most, each with a name of its own (${kind})`, async () => {
    const server = await serverOf(kind);
    const owner = await makePerson(server);
    const views: ShownView[] = [];
    for (let count = 0; count < 100; count += 1) views.push(await save(owner));
    const more = await owner.native.ask("POST", "views", { name: "one more" });
    assert.deepEqual([more.status, more.text.includes("You have 100 views")], [409, true]);
    const [first, second] = views;
    const renamed = await owner.native.ask("PATCH", `views/${second?.id}`, { name: first?.name });
    assert.equal(renamed.status, 409);
    assert.equal((await owner.native.ask("PATCH", `views/${second?.id}`, { name: second?.name })).status, 200);
  });
}
