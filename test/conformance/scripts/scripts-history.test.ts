import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import type { NativeClient } from "../../support/clients/native-client.ts";
import { admin } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { makeScript, type MaasScript, scriptEvents, shell } from "../../support/scripts.ts";
import { sharedServers } from "../../support/server.ts";

// 5.6: versions of a script, its tags, its end, and what is recorded of each.

const serverOf = sharedServers();

async function lastOf(native: NativeClient, script: { readonly id: number }) {
  const event = (await scriptEvents(native, script)).at(-1);
  assert.ok(event !== undefined);
  return event;
}

test("5.6: more text than one answer holds is refused, and can be had version by version", async () => {
  const { maas, native } = admin(await serverOf("sqlite"));
  const script = await makeScript(maas);
  const path = `scripts/${script.name}`;
  const filler = "x".repeat(1_048_000);
  for (let version = 0; version < 33; version += 1) {
    const answer = await native.ask("PATCH", path, { script: `#!/bin/sh\n# ${version} ${filler}\n` });
    assert.equal(answer.status, 200, answer.text);
  }
  for (const asked of [path, "scripts/"]) {
    const answer = await maas.get(asked, [["include_script", "true"]]);
    assert.equal(answer.status, 413);
    assert.match(answer.text, /more than the 33554432 that one answer holds: filter, or download them one by one\.$/);
  }
  assert.equal((await maas.get(`${path}?op=download`)).body.length > 1_048_000, true);
  const tooLong = await native.ask("PATCH", path, { script: `#!/bin/sh\n# ${filler}${filler}` });
  assert.match(tooLong.text, /Send a script of at most 1048576 bytes/);
});

forEachKind((kind) => {
  test(`65: a new text becomes a new version, the same text doesn't, and both are recorded (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const script = await makeScript(maas, "one");
    const [first] = script.history;
    const path = `scripts/${script.name}`;
    const put = async (...parameters: readonly (readonly [string, string])[]) => {
      const answer = await maas.put(path, parameters);
      assert.equal(answer.status, 200, answer.text);
      return answer.json<MaasScript>();
    };

    const commentAlone = await maas.put(path, [["comment", "why"]]);
    assert.deepEqual(commentAlone.json(), {
      comment: ['"comment" may only be used when specifying a "script" as well.'],
    });

    const same = await put(["script", shell("one").replaceAll("\n", "\r\n")], ["comment", "again"]);
    assert.deepEqual(same.history, script.history);
    const unchanged = await lastOf(native, script);
    assert.deepEqual([unchanged.action, unchanged.description], ["script.update", `Saved script '${script.name}'.`]);
    assert.deepEqual(unchanged.details, { changed: [], revision: { old: first?.id, new: first?.id }, diff_bytes: 0 });

    const next = await put(["script", shell("secret-word")], ["comment", "second"]);
    assert.deepEqual(
      next.history.map(({ comment }) => comment),
      ["second", null],
    );
    const saved = await lastOf(native, script);
    const { diff } = (await native.ask("GET", `${path}/revisions/${next.history[0]?.id}`)).json<{ diff: string }>();
    assert.match(diff, /^--- before\n\+\+\+ after\n@@ -1,2 \+1,2 @@\n #!\/bin\/sh\n-echo one\n\+echo secret-word\n$/);
    assert.deepEqual(saved.details, {
      changed: ["script"],
      comment: "second",
      revision: { old: first?.id, new: next.history[0]?.id },
      diff_bytes: Buffer.byteLength(diff),
    });

    const name = freshName("renamed");
    const renamed = await put(["name", name], ["title", "T"], ["timeout", "5"], ["description", "a long story"]);
    assert.equal(renamed.name, name);
    const event = await lastOf(native, script);
    assert.deepEqual([event.description, event.target_name], [`Saved script '${name}'.`, name]);
    assert.deepEqual(event.details, {
      changed: ["name", "title", "description", "timeout"],
      name: { old: script.name, new: name },
      title: { old: "", new: "T" },
      timeout: { old: 0, new: 5 },
      revision: { old: next.history[0]?.id, new: next.history[0]?.id },
      diff_bytes: 0,
    });
    assert.equal((await maas.get(path)).status, 404);
    const all = JSON.stringify(await scriptEvents(native, script));
    assert.ok(!all.includes("secret-word") && !all.includes("a long story"));
  });

  test(`5.6: a reversion that can't be is refused, as text (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const script = await makeScript(maas, "one", "two");
    const other = await makeScript(maas, "other");
    const path = `scripts/${script.name}`;
    const foreign = other.history[0]?.id;
    const refused: readonly (readonly [string | undefined, string])[] = [
      [undefined, "No provided to!"],
      ["", "Invalid to: Please enter a value"],
      ["abc", "Invalid to: Please enter an integer value"],
      ["1.5", "Invalid to: Please enter an integer value"],
      ["999999999", "999999999 not found in history"],
      [String(foreign), `${foreign} not found in history`],
      ["-2", "Goes too far back."],
      ["-999999", "Goes too far back."],
    ];
    for (const [to, sentence] of refused) {
      const answer = await maas.post(`${path}?op=revert`, to === undefined ? [] : [["to", to]]);
      assert.deepEqual([answer.status, answer.type, answer.text], [400, "text/plain; charset=utf-8", sentence]);
    }
    for (const [query, sentence] of [
      ["revision=999999999", "999999999 not found in history"],
      ["rev=999999999", "999999999 not found in history"],
      [`revision=${foreign}`, `${foreign} not found in history`],
      ["revision=x", "Invalid revision: Please enter an integer value"],
    ] as const) {
      const answer = await maas.get(`${path}?op=download&${query}`);
      assert.deepEqual([answer.status, answer.text], [400, sentence]);
    }
    assert.equal((await scriptEvents(native, script)).length, 2);
    assert.deepEqual((await maas.get(path)).json<MaasScript>().history, script.history);
  });

  test(`65: a reversion goes back by count or to an id, and deletes what is newer (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const script = await makeScript(maas, "one", "two", "three", "four");
    const path = `scripts/${script.name}`;
    const [four, three, two, one] = script.history.map(({ id }) => id);
    const revert = async (to: number) => {
      const answer = await maas.post(`${path}?op=revert`, [["to", String(to)]]);
      assert.equal(answer.status, 200, answer.text);
      const event = await lastOf(native, script);
      assert.equal(event.action, "script.revert");
      assert.equal(event.description, `Reverted script '${script.name}' to revision '${to}'.`);
      return { history: answer.json<MaasScript>().history.map(({ id }) => id), details: event.details };
    };
    const text = async () => (await maas.get(`${path}?op=download`)).text;
    const fromFourToThree = "--- before\n+++ after\n@@ -1,2 +1,2 @@\n #!/bin/sh\n-echo four\n+echo three\n";

    assert.deepEqual(await revert(0), {
      history: [four, three, two, one],
      details: { to: 0, deleted_revisions: 0, revision: { old: four, new: four }, diff_bytes: 0 },
    });
    const back = await revert(-1);
    assert.deepEqual(back, {
      history: [three, two, one],
      details: {
        to: -1,
        deleted_revisions: 1,
        revision: { old: four, new: three },
        diff_bytes: Buffer.byteLength(fromFourToThree),
      },
    });
    assert.equal(await text(), shell("three"));
    assert.equal((await maas.get(`${path}?op=download&revision=${two}`)).text, shell("two"));
    assert.equal((await maas.get(`${path}?op=download&rev=${one}`)).text, shell("one"));
    assert.equal((await maas.get(`${path}?op=download&revision=${four}`)).status, 400);

    const first = await revert(one ?? 0);
    assert.deepEqual(first.history, [one]);
    assert.deepEqual(first.details?.["revision"], { old: three, new: one });
    assert.equal(first.details?.["deleted_revisions"], 2);
    assert.equal(await text(), shell("one"));

    // The number of a deleted version is never given again.
    const again = (await maas.put(path, [["script", shell("four")]])).json<MaasScript>();
    assert.ok((again.history[0]?.id ?? 0) > (four ?? 0));
    assert.equal((await scriptEvents(native, script)).length, 4 + 3 + 1);
  });

  test(`65: tags are put on and taken off, also where nothing changes; those that follow a field aren't (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const script = await makeScript(maas);
    const path = `scripts/${script.name}`;
    const ask = (op: string, tag?: string) => maas.post(`${path}?op=${op}`, tag === undefined ? [] : [["tag", tag]]);
    for (const [op, tag, sentence] of [
      ["add_tag", "a,b", 'Tag may not contain a ",".'],
      ["remove_tag", "a,b", 'Tag may not contain a ",".'],
      ["add_tag", undefined, "No provided tag!"],
      ["remove_tag", undefined, "No provided tag!"],
      ["add_tag", "", "Enter a tag, without blanks at its ends."],
      ["add_tag", "cpu", "The tag 'cpu' follows hardware_type: change that instead."],
      ["remove_tag", "node", "The tag 'node' follows hardware_type: change that instead."],
      ["add_tag", "destructive", "The tag 'destructive' follows destructive: change that instead."],
    ] as const) {
      const answer = await ask(op, tag);
      assert.deepEqual([answer.status, answer.type, answer.text], [400, "text/plain; charset=utf-8", sentence]);
    }
    for (const [op, tag, before, after, action, description] of [
      ["add_tag", "slow", ["node"], ["node", "slow"], "script.tag", `Added tag 'slow' to script '${script.name}'.`],
      [
        "add_tag",
        "slow",
        ["node", "slow"],
        ["node", "slow"],
        "script.tag",
        `Added tag 'slow' to script '${script.name}'.`,
      ],
      [
        "remove_tag",
        "slow",
        ["node", "slow"],
        ["node"],
        "script.untag",
        `Removed tag 'slow' from script '${script.name}'.`,
      ],
      ["remove_tag", "slow", ["node"], ["node"], "script.untag", `Removed tag 'slow' from script '${script.name}'.`],
    ] as const) {
      const answer = await ask(op, tag);
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(answer.json<MaasScript>().tags, after);
      const event = await lastOf(native, script);
      assert.deepEqual([event.action, event.type, event.description], [action, "SETTINGS", description]);
      const isChanged = before.length !== after.length;
      assert.deepEqual(event.details, { tag: "slow", tags: { old: before, new: after }, is_changed: isChanged });
    }
    assert.equal((await scriptEvents(native, script)).length, 5);
  });

  test(`65: a deleted script is gone with its versions, its events stay (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const script = await makeScript(maas, "one", "two");
    const gone = await maas.delete(`scripts/${script.name}`);
    assert.deepEqual([gone.status, gone.type, gone.text], [204, "text/plain", ""]);
    assert.equal((await maas.get(`scripts/${script.name}`)).status, 404);
    assert.equal((await maas.delete(`scripts/${script.name}`)).status, 404);
    const events = await scriptEvents(native, script);
    assert.deepEqual(
      events.map(({ description }) => description),
      [`Saved script '${script.name}'.`, `Saved script '${script.name}'.`, `Deleted script '${script.name}'.`],
    );
    const details = events.at(-1)?.details ?? {};
    assert.deepEqual(details["revision"], { old: script.history[0]?.id, new: null });
    assert.equal(details["deleted_revisions"], 2);
    const again = await maas.post("scripts/", [
      ["name", script.name],
      ["script", shell("one")],
    ]);
    assert.notEqual(again.json<MaasScript>().id, script.id);
  });
});
