import assert from "node:assert/strict";
import { test } from "node:test";
import type { NativeClient } from "../../support/clients/native-client.ts";
import { forEachKind } from "../../support/each-kind.ts";
import { report } from "../../support/reports.ts";
import { sharedServers } from "../../support/server.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";

// Filters are exact: where a name finds nothing, the answer offers the one that was meant, if the caller may know it.

const serverOf = sharedServers();

async function offered(native: NativeClient, query: string): Promise<unknown> {
  const answer = await native.ask("GET", `events?${query}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json<{ did_you_mean: unknown }>().did_you_mean;
}

forEachKind((kind) => {
  test(`a name in another case finds nothing, and the answer offers the right one (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = admin(server);
    const person = await makePerson(server);
    await person.native.ask("POST", "account/tokens", { name: "a key" });
    const event = { level: "INFO", type: "NODE_POWER", action: "node.power", outcome: "success", description: "On." };
    await report(native, [
      { ...event, username: "Outsider", hostname: "web-7", target: { kind: "disk", name: "SD*A" } },
    ]);
    const upper = person.username.toUpperCase();
    for (const [query, filter, value] of [
      [`owner=${upper}`, "owner", person.username],
      ["owner=outsider", "owner", "Outsider"],
      ["type=node_power", "type", "NODE_POWER"],
      ["action=Node.Power", "action", "node.power"],
      ["node=WEB-7", "node", "web-7"],
      [String.raw`target=sd\*a`, "target", String.raw`SD\*A`],
      [String.raw`target=disk/sd\*a`, "target", String.raw`disk/SD\*A`],
      [`target=user/${upper}`, "target", `user/${person.username}`],
    ] as const) {
      assert.deepEqual(await offered(native, query), [{ filter, value }], query);
      const items = (await native.ask("GET", `events?${new URLSearchParams([[filter, value]]).toString()}`)).json<{
        items: readonly unknown[];
      }>().items;
      assert.ok(items.length > 0, value);
    }
  });

  test(`nothing is offered beside what was found, for names that are right, or to who may not know them (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = admin(server);
    const [ann, ben] = [await makePerson(server), await makePerson(server)];
    for (const query of [
      `owner=${ann.username}`,
      `owner=${ann.username}&owner=${ben.username.toUpperCase()}`,
      `owner=${ben.username}&outcome=failure&type=none`,
      "owner=nobody-of-that-name",
      `owner=${ann.username.toUpperCase()}&before=1000000`,
    ]) {
      assert.deepEqual(await offered(native, query), [], query);
    }
    assert.deepEqual(await offered(ann.native, `owner=${ben.username.toUpperCase()}`), []);
    assert.deepEqual(await offered(ann.native, `target=user/${ben.username.toUpperCase()}`), []);
    assert.deepEqual(await offered(ann.native, `owner=${ann.username.toUpperCase()}`), [
      { filter: "owner", value: ann.username },
    ]);
  });
});
