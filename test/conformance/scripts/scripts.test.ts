import assert from "node:assert/strict";
import { test } from "node:test";
import { byOthers } from "../../support/clients/native-client.ts";
import { forEachKind } from "../../support/each-kind.ts";
import { bodyKinds } from "../../support/clients/maas-client.ts";
import { admin, anyone } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { makeScript, type MaasScript, scriptEvents, shell, upload } from "../../support/scripts.ts";
import { sharedServers } from "../../support/server.ts";

// 5.6: scripts, over MAAS's API.

const serverOf = sharedServers();
const namesOf = (scripts: readonly MaasScript[]): readonly string[] => scripts.map(({ name }) => name);

forEachKind((kind) => {
  test(`64: what is no script is refused, under its field, and nothing is recorded (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas, native } = admin(server);
    const { name: taken } = await makeScript(maas);
    const last = async () =>
      (await native.ask("GET", `events?limit=1&${byOthers}`)).json<{ items: [{ id: number }] }>().items[0].id;
    const before = await last();
    const good = { name: freshName("script"), script: shell("x") };
    const yaml = (line: string) =>
      `#!/bin/sh\n# --- Start MAAS 1.0 script metadata ---\n${line}\n# --- End MAAS 1.0 script metadata ---\n`;
    const refused: readonly (readonly [
      Readonly<Record<string, string>>,
      Readonly<Record<string, readonly string[]>>,
    ])[] = [
      [{}, { name: ["This field is required."], script: ["This field is required."] }],
      [{ name: "x" }, { script: ["This field is required."] }],
      [{ script: shell("x") }, { name: ["This field is required."] }],
      [{ ...good, script: "echo" }, { script: ["Must start with shebang."] }],
      [{ ...good, script: yaml("name: x") }, { script: ['Missing "#" on YAML line.'] }],
      [{ ...good, name: taken }, { name: ["Script with this Name already exists."] }],
      [{ ...good, name: "none" }, { name: ['"none" is a reserved name.'] }],
      [{ ...good, name: "007" }, { name: ["Cannot be a number."] }],
      [{ ...good, name: "a b" }, { name: ["Name 'a b' contains disallowed characters, e.g. space or quotes."] }],
      [
        { ...good, title: "mine", script: yaml("# title: its own") },
        { title: ["May not override values defined in embedded YAML."] },
      ],
      [{ ...good, destructive: "perhaps" }, { destructive: ["Enter true or false."] }],
      [
        { ...good, comment: "x".repeat(256) },
        { comment: ["Ensure this value has at most 255 characters (it has 256)."] },
      ],
      [
        { ...good, timeout: "soon" },
        { timeout: ["Enter a number of seconds, or hours, minutes and seconds such as 1:30:00."] },
      ],
    ];
    for (const [parameters, fields] of refused) {
      const answer = await maas.post("scripts/", Object.entries(parameters));
      assert.equal(answer.status, 400, answer.text);
      assert.equal(answer.type, "application/json; charset=utf-8");
      assert.deepEqual(answer.json(), fields);
    }
    for (const [name, value] of Object.entries({
      type: "7",
      hardware_type: "toaster",
      parallel: "x",
      packages: "[]",
    })) {
      const answer = await maas.post("scripts/", Object.entries({ ...good, [name]: value }));
      assert.equal(answer.status, 400, answer.text);
      assert.deepEqual(Object.keys(answer.json<object>()), [name]);
    }
    const invalid = await maas.post("scripts/", Object.entries({ ...good, script: yaml("# tags: [") }));
    assert.match(invalid.json<{ script: [string] }>().script[0], /^Invalid YAML: /);
    const binary = await upload(
      maas,
      "POST",
      "scripts/",
      [["name", good.name]],
      [["script", Buffer.from("#!/\xff", "latin1")]],
    );
    assert.deepEqual(binary.json(), { script: ["Send the script as UTF-8 text."] });
    const two = await upload(
      maas,
      "POST",
      "scripts/",
      [],
      [
        ["a", shell("a")],
        ["b", shell("b")],
      ],
    );
    assert.deepEqual(two.json(), { script: ["Send one file, the script."] });
    assert.equal(await last(), before);
  });

  test(`5.6: only administrators write, and what isn't there is not found (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas, native } = admin(server);
    const { maas: other } = await anyone(server);
    const script = await makeScript(maas);
    const path = `scripts/${script.name}`;
    for (const answer of [
      await other.post("scripts/", [
        ["name", "x"],
        ["script", shell("x")],
      ]),
      await other.put(path, [["title", "x"]]),
      await other.delete(path),
      await other.post(`${path}?op=revert`, [["to", "-1"]]),
      await other.post(`${path}?op=add_tag`, [["tag", "x"]]),
      await other.post(`${path}?op=remove_tag`, [["tag", "x"]]),
    ]) {
      assert.equal(answer.status, 403);
      assert.equal(answer.text, "This method is reserved for admin users.");
    }
    for (const asked of [`scripts/`, path, `${path}?op=download`, `scripts/${script.id}`]) {
      assert.equal((await other.get(asked)).status, 200, asked);
    }
    for (const missing of [
      "scripts/nosuch",
      "scripts/999999999",
      "scripts/9999999999999999999",
      "scripts/nosuch?op=download",
    ]) {
      const answer = await maas.get(missing);
      assert.deepEqual([answer.status, answer.text], [404, "Not Found"], missing);
    }
    assert.equal((await maas.put("scripts/nosuch", [["title", "x"]])).status, 404);
    assert.equal((await maas.delete("scripts/nosuch")).status, 404);
    assert.equal((await maas.get(`${path}/`)).status, 404);
    assert.equal((await scriptEvents(native, script)).length, 1);
  });

  for (const bodyKind of bodyKinds) {
    test(`64: a script is created by ${bodyKind}, and shown as MAAS shows one (${kind})`, async () => {
      const { maas, native } = admin(await serverOf(kind));
      const name = freshName("script");
      const made = await maas.post(
        "scripts/",
        [
          ["name", name],
          ["script", "#!/bin/sh\r\necho secret-word\r\n"],
        ],
        { bodyKind },
      );
      assert.equal(made.status, 200, made.text);
      const script = made.json<MaasScript>();
      const [revision] = script.history;
      assert.match(revision?.created ?? "", /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d -0000$/);
      const shown = {
        name,
        title: "",
        description: "",
        tags: ["node"],
        hardware_type: 0,
        hardware_type_name: "Node",
        parallel: 0,
        parallel_name: "Disabled",
        results: {},
        parameters: {},
        packages: {},
        timeout: "0:00:00",
        destructive: false,
        default: false,
        for_hardware: [],
        may_reboot: false,
        recommission: false,
        apply_configured_networking: false,
        type: 2,
        type_name: "Testing script",
        id: script.id,
        history: [{ id: revision?.id, comment: null, created: revision?.created }],
        resource_uri: `/MAAS/api/2.0/scripts/${name}`,
      };
      assert.equal(made.text, JSON.stringify(shown, null, 4));
      const download = await maas.get(`scripts/${name}?op=download`);
      assert.deepEqual(
        [download.status, download.type, download.text],
        [200, "application/binary", shell("secret-word")],
      );
      const [event, ...more] = await scriptEvents(native, script);
      assert.deepEqual(more, []);
      assert.deepEqual(
        [event?.action, event?.type, event?.description, event?.target_name],
        ["script.create", "SETTINGS", `Saved script '${name}'.`, name],
      );
      const { revision: revisions, diff_bytes } = event?.details ?? {};
      assert.deepEqual(revisions, { old: null, new: revision?.id });
      assert.equal(typeof diff_bytes, "number");
      assert.ok(!JSON.stringify(event).includes("secret-word"));
    });
  }

  test(`5.6: all that is known of a script is taken, from parameters, metadata and files (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const name = freshName("script");
    const text = [
      "#!/bin/sh",
      "# --- Start MAAS 1.0 script metadata ---",
      "# title: Disks",
      "# hardware_type: storage",
      "# destructive: true",
      "# timeout: 1:30:00",
      "# tags: slow",
      "# results: {speed: {title: Speed}}",
      "# --- End MAAS 1.0 script metadata ---",
      "",
    ].join("\n");
    // The only file, of another name: that is the script's.
    const made = await upload(
      maas,
      "POST",
      "scripts/",
      [
        ["script_type", "commissioning"],
        ["parallel", "any"],
        ["packages", '{"apt": ["fio"]}'],
        ["for_hardware", "pci:8086:1918"],
        ["may_reboot", "0"],
        ["recommission", "yes"],
        ["timeout", "86400"],
      ],
      [[name, text]],
    );
    assert.equal(made.status, 200, made.text);
    const { history: _history, id: _id, ...script } = made.json<MaasScript>();
    assert.deepEqual(script, {
      name,
      title: "Disks",
      description: "",
      tags: ["slow", "storage", "destructive"],
      hardware_type: 3,
      hardware_type_name: "Storage",
      parallel: 2,
      parallel_name: "Run along any script",
      results: { speed: { title: "Speed" } },
      parameters: {},
      packages: { apt: ["fio"] },
      timeout: "1 day, 0:00:00",
      destructive: true,
      default: false,
      for_hardware: ["pci:8086:1918"],
      may_reboot: false,
      recommission: true,
      apply_configured_networking: false,
      type: 0,
      type_name: "Commissioning script",
      resource_uri: `/MAAS/api/2.0/scripts/${name}`,
    });
    const contradicted = await maas.put(`scripts/${name}`, [["title", "Other"]]);
    assert.deepEqual(contradicted.json(), { title: ["May not override values defined in embedded YAML."] });
    const changed = await maas.put(`scripts/${name}`, [
      ["timeout", "60"],
      ["tags", "quick,cpu"],
    ]);
    assert.deepEqual(
      [changed.json<MaasScript>().timeout, changed.json<MaasScript>().tags],
      ["0:01:00", ["quick", "storage", "destructive"]],
    );
  });

  test(`5.6: the list is filtered by type, hardware, names and tags, and shows texts when asked (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const tag = freshName("tag");
    const one = await makeScript(maas, "one");
    const two = await makeScript(maas, "two");
    await maas.put(`scripts/${two.name}`, [
      ["type", "commissioning"],
      ["hardware_type", "cpu"],
      ["tags", tag],
    ]);
    const listed = async (query: string) =>
      namesOf((await maas.get(`scripts/?${query}`)).json<readonly MaasScript[]>());
    assert.deepEqual(await listed(`filters=${one.name},${tag}`), [one.name, two.name].toSorted());
    assert.deepEqual(await listed(`filters=${one.name},${tag}&type=commission`), [two.name]);
    assert.deepEqual(await listed(`filters=${one.name},${tag}&type=2&hardware_type=0`), [one.name]);
    assert.deepEqual(await listed(`filters=${tag}&hardware_type=processor`), [two.name]);
    assert.deepEqual(await listed(`filters=nosuch-tag`), []);
    for (const query of ["type=x", "hardware_type=x", "include_script=perhaps"]) {
      const answer = await maas.get(`scripts/?${query}`);
      assert.deepEqual([answer.status, answer.type], [400, "text/plain; charset=utf-8"]);
      assert.match(answer.text, new RegExp(query.split("=")[0] ?? ""));
    }
    const dataOf = async (query: string) =>
      (await maas.get(`scripts/?filters=${one.name}&${query}`)).json<[MaasScript]>()[0].history[0]?.data;
    assert.equal(await dataOf("include_script=true"), Buffer.from(shell("one")).toString("base64"));
    for (const query of ["include_script=false", "include_script=0", "include_script=", ""]) {
      assert.equal(await dataOf(query), undefined, query);
    }
    const read = (await maas.get(`scripts/${one.name}?include_script=1`)).json<MaasScript>();
    assert.equal(read.history[0]?.data, Buffer.from(shell("one")).toString("base64"));
  });
});
