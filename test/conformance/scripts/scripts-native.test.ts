import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { admin, anyone } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { scriptEvents, shell } from "../../support/scripts.ts";
import { sharedServers } from "../../support/server.ts";

// Scripts over the native API.

const serverOf = sharedServers();

interface NativeScript {
  readonly id: number;
  readonly name: string;
  readonly tags: readonly string[];
  readonly revision: number;
}

interface Problem {
  readonly status: number;
  readonly detail: string;
  readonly errors?: Readonly<Record<string, readonly string[]>>;
}

forEachKind((kind) => {
  test(`native: bad input is refused with each field and its mend (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = admin(server);
    const good = { name: freshName("script"), script: shell("x") };
    const refused: readonly (readonly [object, Readonly<Record<string, readonly string[]>>])[] = [
      [{ name: "x" }, { script: ["This field is required."] }],
      [{ script: shell("x") }, { name: ["This field is required."] }],
      [{ ...good, script: "echo" }, { script: ["Must start with shebang."] }],
      [{ ...good, name: "7" }, { name: ["Cannot be a number."] }],
      [
        { ...good, timeout_seconds: -1 },
        { timeout_seconds: ["Enter a number of seconds, or hours, minutes and seconds such as 1:30:00."] },
      ],
      [{ ...good, tags: ["x".repeat(65)] }, { tags: ["Use a tag of at most 64 characters."] }],
    ];
    for (const [body, errors] of refused) {
      const answer = await native.ask("POST", "scripts", body);
      assert.equal(answer.status, 400, answer.text);
      assert.deepEqual(answer.json<Problem>().errors, errors);
    }
    for (const body of [
      { ...good, type: "release" },
      { ...good, packages: [] },
      { ...good, colour: "red" },
      { ...good, tags: [1] },
    ]) {
      assert.equal((await native.ask("POST", "scripts", body)).status, 400);
    }
    assert.equal((await native.ask("GET", `scripts/${good.name}`)).status, 404);
    assert.equal((await native.ask("GET", "scripts?colour=red")).status, 400);
    assert.equal((await native.ask("POST", "scripts/nosuch/revert", { to: -1 })).status, 404);
    assert.equal((await native.ask("PUT", "scripts/nosuch/tags/x")).status, 404);
    const other = (await anyone(server)).native;
    for (const [method, path, body] of [
      ["POST", "scripts", good],
      ["PATCH", "scripts/x", {}],
      ["DELETE", "scripts/x", undefined],
      ["POST", "scripts/x/revert", { to: 1 }],
      ["PUT", "scripts/x/tags/t", undefined],
      ["DELETE", "scripts/x/tags/t", undefined],
    ] as const) {
      assert.equal((await other.ask(method, path, body)).status, 403, `${method} ${path}`);
    }
    assert.equal((await other.ask("GET", "scripts")).status, 200);
  });

  test(`native: a script's life, with its revisions and how they differ, in as many events (${kind})`, async () => {
    const { native } = admin(await serverOf(kind));
    const name = freshName("script");
    const path = `scripts/${name}`;
    const made = await native.ask("POST", "scripts", {
      name,
      script: shell("one"),
      type: "commissioning",
      hardware_type: "network",
      parallel: "instance",
      timeout_seconds: 90,
      tags: ["slow"],
      packages: { apt: ["fio"] },
      for_hardware: ["pci:8086:1918"],
      comment: "first",
    });
    assert.equal(made.status, 201, made.text);
    const script = made.json<NativeScript>();
    const { created, updated, ...shown } = made.json<{ created: string; updated: string }>();
    assert.match(created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    assert.equal(updated, created);
    assert.deepEqual(shown, {
      id: script.id,
      name,
      title: "",
      description: "",
      tags: ["slow", "network"],
      type: "commissioning",
      hardware_type: "network",
      parallel: "instance",
      packages: { apt: ["fio"] },
      timeout_seconds: 90,
      destructive: false,
      for_hardware: ["pci:8086:1918"],
      may_reboot: false,
      recommission: false,
      apply_configured_networking: false,
      results: {},
      parameters: {},
      revision: script.revision,
    });
    const patched = (
      await native.ask("PATCH", path, { script: shell("two"), comment: "second", destructive: true })
    ).json<NativeScript>();
    assert.deepEqual(patched.tags, ["slow", "network", "destructive"]);
    assert.deepEqual((await native.ask("GET", `scripts/${script.id}`)).json(), (await native.ask("GET", path)).json());
    const { items } = (await native.ask("GET", `scripts?type=commissioning&filter=${name}`)).json<{
      items: readonly NativeScript[];
    }>();
    assert.deepEqual(
      items.map(({ id }) => id),
      [script.id],
    );

    const revisions = (await native.ask("GET", `${path}/revisions`)).json<{
      items: readonly { id: number; comment: string | null; created: string; size_bytes: number }[];
    }>().items;
    assert.deepEqual(
      revisions.map(({ id, comment, size_bytes }) => [id, comment, size_bytes]),
      [
        [patched.revision, "second", Buffer.byteLength(shell("two"))],
        [script.revision, "first", Buffer.byteLength(shell("one"))],
      ],
    );
    assert.deepEqual((await native.ask("GET", `${path}/revisions/${patched.revision}`)).json(), {
      ...revisions[0],
      content: shell("two"),
      previous: script.revision,
      diff: "--- before\n+++ after\n@@ -1,2 +1,2 @@\n #!/bin/sh\n-echo one\n+echo two\n",
      diff_is_whole: false,
    });
    assert.deepEqual((await native.ask("GET", `${path}/revisions/${script.revision}`)).json(), {
      ...revisions[1],
      content: shell("one"),
      previous: null,
      diff: "--- before\n+++ after\n@@ -0,0 +1,2 @@\n+#!/bin/sh\n+echo one\n",
      diff_is_whole: false,
    });
    for (const id of ["999999999", "x", "99999999999999999999"]) {
      assert.equal((await native.ask("GET", `${path}/revisions/${id}`)).status, 404);
    }

    assert.deepEqual(
      (await native.ask("PUT", `${path}/tags/${encodeURIComponent("very slow")}`)).json<NativeScript>().tags,
      ["slow", "network", "destructive", "very slow"],
    );
    assert.deepEqual((await native.ask("DELETE", `${path}/tags/slow`)).json<NativeScript>().tags, [
      "network",
      "destructive",
      "very slow",
    ]);
    const comma = await native.ask("PUT", `${path}/tags/a%2Cb`);
    assert.deepEqual([comma.status, comma.json<Problem>().detail], [400, 'Tag may not contain a ",".']);
    const tooFar = await native.ask("POST", `${path}/revert`, { to: -2 });
    assert.deepEqual([tooFar.status, tooFar.json<Problem>().detail], [400, "Goes too far back."]);
    const reverted = await native.ask("POST", `${path}/revert`, { to: script.revision });
    assert.equal(reverted.json<NativeScript>().revision, script.revision);
    assert.equal((await native.ask("DELETE", path)).status, 204);
    assert.equal((await native.ask("GET", path)).status, 404);

    const events = await scriptEvents(native, script);
    assert.deepEqual(
      events.map(({ action, description }) => [action, description]),
      [
        ["script.create", `Saved script '${name}'.`],
        ["script.update", `Saved script '${name}'.`],
        ["script.tag", `Added tag 'very slow' to script '${name}'.`],
        ["script.untag", `Removed tag 'slow' from script '${name}'.`],
        ["script.revert", `Reverted script '${name}' to revision '${script.revision}'.`],
        ["script.delete", `Deleted script '${name}'.`],
      ],
    );
    for (const { details } of events) assert.ok(!JSON.stringify(details).includes("echo"));
  });
});
