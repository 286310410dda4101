import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { newestEventId } from "../../support/clients/native-client.ts";
import { type MaasNode, makeMachine } from "../../support/nodes.ts";
import { freshMac, freshName } from "../../support/worlds/world.ts";
import { admin } from "../../support/worlds/people.ts";
import { sharedServers } from "../../support/server.ts";

// MAAS reads the body's parameters of POST and PUT. What is in the address is dropped there, so people must be told.

const serverOf = sharedServers();
const warningOf = (...names: readonly string[]) =>
  names.map((name) => `299 - "${name} is ignored: send it in the body, not in the address"`).join(", ");

forEachKind((kind) => {
  test(`parameters in the address are ignored with a warning that says where they belong (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const { system_id } = await makeMachine(maas, {}, "Ready");
    const [zone, tag] = [freshName("zone"), freshName("tag")];
    await maas.post("tags/", [["name", tag]]);
    const answers = [
      await maas.post("zones/?description=x&format=json", [["name", zone]]),
      await maas.put(`zones/${zone}/?description=x`),
      await maas.put(`machines/${system_id}/?description=x`, [["description", ""]]),
      await maas.post(`machines/${system_id}/?op=power_on&description=x`),
      await maas.post(`tags/${tag}/?op=update_nodes&description=x`, [["add", system_id]]),
      await maas.post("account/?op=create_authorisation_token&description=x"),
    ];
    for (const answer of answers) {
      assert.deepEqual([answer.status, answer.headers["warning"]], [200, warningOf("description")], answer.text);
      assert.ok(!answer.text.includes('"description": "x"'), answer.text);
    }
    const named = await maas.put(`zones/${zone}/?b%22c=1&a=1&a=2`);
    assert.equal(named.headers["warning"], warningOf("b%22c", "a"));
    assert.equal((await maas.get("machines/?description=x")).headers["warning"], undefined);
    assert.equal((await maas.delete(`zones/${zone}/?description=x`)).headers["warning"], undefined);
  });

  test(`a refusal of what is missing says that it is in the address (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    for (const [path, text] of [
      ["zones/?name=x", /"name": \[\s+"This field is required\."/],
      ["machines/?op=release&machines=x", /^No provided machines!$/],
      ["maas/?op=set_config&name=maas_name", /^No provided name!$/],
    ] as const) {
      const answer = await maas.post(path);
      assert.equal(answer.status, 400);
      assert.match(answer.text, text);
      assert.match(
        answer.headers["warning"] ?? "",
        /^299 - "\w+ is ignored: send it in the body, not in the address"$/,
      );
    }
  });

  test(`an allocation whose constraints are in the address is refused, so that a dry run stays one (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const { system_id, hostname } = await makeMachine(maas, {}, "Ready");
    const before = await newestEventId(native);
    const refused = await maas.post(`machines/?op=allocate&dry_run=true&name=${hostname}`, [["name", hostname]]);
    const sentence = ["Send it in the body: it has no effect in the address."];
    assert.deepEqual([refused.status, refused.json()], [400, { dry_run: sentence, name: sentence }]);
    assert.equal((await maas.get(`machines/${system_id}/`)).json<MaasNode>().status_name, "Ready");
    assert.equal(await newestEventId(native), before);
  });

  test(`however many parameters are ignored, the warning stays short and counts the rest (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const { system_id } = await makeMachine(maas);
    const many = Array.from({ length: 300 }, (_, at) => [`power_parameters_${at}`, "1"] as const);
    for (const answer of [
      await maas.put(`machines/${system_id}/`, many, { bodyKind: "urlencoded" }),
      await maas.put(`machines/${system_id}/?${many.map(([name]) => `${name}=1`).join("&")}`),
    ]) {
      assert.equal(answer.status, 200, answer.text);
      const warnings = String(answer.headers["warning"]).split(/, (?=299 )/);
      assert.ok(warnings.join(", ").length < 3_100);
      assert.equal(warnings.at(-1), `299 - "${301 - warnings.length} more are ignored"`);
    }
  });

  test(`what MAAS takes of nodes and has no effect here is named in a warning (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const tag = freshName("tag");
    await maas.post("tags/", [["name", tag]]);
    const { system_id } = await makeMachine(maas);
    const created = await maas.post("devices/", Object.entries({ mac_addresses: freshMac(), power_type: "ipmi" }));
    const device = created.json<MaasNode>().system_id;
    const machine = `machines/${system_id}/`;
    const answers = {
      "create device power_type": created,
      "update device power_type": await maas.put(`devices/${device}/`, [["power_type", "ipmi"]]),
      "update machine disable_ipv4": await maas.put(machine, [["disable_ipv4", "true"]]),
      "update machine parent": await maas.put(machine, [["parent", device]]),
      "update machine power_parameters": await maas.put(machine, [["power_parameters", '{"power_pass": "x"}']]),
      "update tag rack_controller": await maas.post(`tags/${tag}/?op=update_nodes`, [["rack_controller", "x"]]),
      "commission machine parameters": await maas.post(`${machine}?op=commission`, [["parameters", "x"]]),
    };
    for (const [what, answer] of Object.entries(answers)) {
      assert.equal(answer.status, 200, `${what}: ${answer.text}`);
      assert.match(answer.headers["warning"] ?? "", new RegExp(`"${what.split(" ")[2]} is ignored: `), what);
    }
    const shown = (await maas.get(`devices/${device}/`)).json<Readonly<Record<string, unknown>>>();
    assert.ok(!JSON.stringify(shown).includes("ipmi"));
  });
});
