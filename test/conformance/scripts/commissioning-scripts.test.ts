import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { admin, anyone } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { makeScript, type MaasScript, scriptEvents, shell, upload } from "../../support/scripts.ts";
import { sharedServers } from "../../support/server.ts";

// 5.7: the older commissioning-scripts/, recorded like the rest.

const serverOf = sharedServers();

forEachKind((kind) => {
  test(`5.7: nobody but an administrator gets at it, in MAAS's words (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas } = await anyone(server);
    for (const answer of [
      await maas.get("commissioning-scripts/"),
      await maas.get("commissioning-scripts/x"),
      await maas.delete("commissioning-scripts/x"),
      await upload(maas, "POST", "commissioning-scripts/", [["name", "x"]], [["content", shell("x")]]),
      await upload(maas, "PUT", "commissioning-scripts/x", [], [["content", shell("x")]]),
    ]) {
      assert.deepEqual([answer.status, answer.text], [403, "User is not allowed access to this API."]);
    }
  });

  test(`66: without a file, or with what is no script, it is refused (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const path = "commissioning-scripts/";
    const refused = [
      [await maas.post(path, [["name", "x"]]), "No provided content!"],
      [
        await maas.post(path, [
          ["name", "x"],
          ["content", shell("x")],
        ]),
        "No provided content!",
      ],
      [await upload(maas, "POST", path, [], [["content", shell("x")]]), "No provided name!"],
      [await maas.put(`${path}x`, [["content", shell("x")]]), "No provided content!"],
    ] as const;
    for (const [answer, sentence] of refused) assert.deepEqual([answer.status, answer.text], [400, sentence]);
    const bad = await upload(maas, "POST", path, [["name", "x"]], [["content", "echo"]]);
    assert.deepEqual(bad.json(), { script: ["Must start with shebang."] });
    const test =
      "#!/bin/sh\n# -- start maas 1.0 script metadata --\n# script_type: test\n# -- end maas 1.0 script metadata --\n";
    const other = await upload(maas, "POST", path, [["name", "x"]], [["content", test]]);
    assert.deepEqual(other.json(), { type: ["May not override values defined in embedded YAML."] });
  });

  test(`66: a commissioning script is created, listed, read, updated and deleted, each act in the log (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const name = freshName("probe");
    const path = `commissioning-scripts/${name}`;
    const made = await upload(maas, "POST", "commissioning-scripts/", [["name", name]], [["content", shell("one")]]);
    assert.equal(made.status, 200, made.text);
    const { deprecated, ...shown } = made.json<{ deprecated: string }>();
    assert.match(deprecated, /scripts/);
    assert.deepEqual(shown, {
      name,
      content: Buffer.from(shell("one")).toString("base64"),
      resource_uri: `/MAAS/api/2.0/${path}`,
    });
    const again = await upload(maas, "POST", "commissioning-scripts/", [["name", name]], [["content", shell("one")]]);
    assert.deepEqual(again.json(), { name: ["Script with this Name already exists."] });

    const script = (await maas.get(`scripts/${name}`)).json<MaasScript>();
    assert.equal(script.type, 0);
    const tester = await makeScript(maas);
    const names = (await maas.get("commissioning-scripts/")).json<readonly string[]>();
    assert.ok(names.includes(name) && !names.includes(tester.name));
    assert.deepEqual(names, names.toSorted());
    assert.equal((await maas.get(`commissioning-scripts/${tester.name}`)).status, 404);
    assert.equal((await maas.delete(`commissioning-scripts/${tester.name}`)).status, 404);

    const read = await maas.get(path);
    assert.deepEqual([read.status, read.type, read.text], [200, "application/binary", shell("one")]);
    const updated = await upload(maas, "PUT", path, [], [["content", shell("two")]]);
    assert.deepEqual([updated.status, updated.type, updated.text], [200, "text/plain", "OK"]);
    assert.equal((await maas.get(path)).text, shell("two"));
    assert.equal((await maas.delete(path)).status, 204);
    assert.equal((await maas.get(path)).status, 404);

    const events = await scriptEvents(native, script);
    assert.deepEqual(
      events.map(({ action, type, description }) => [action, type, description]),
      [
        ["script.create", "SETTINGS", `Saved script '${name}'.`],
        ["script.update", "SETTINGS", `Saved script '${name}'.`],
        ["script.delete", "SETTINGS", `Deleted script '${name}'.`],
      ],
    );
  });
});
