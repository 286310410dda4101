import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { send } from "../../support/clients/http-client.ts";
import { encode, oauthParameters } from "../../support/clients/maas-client.ts";
import { type MaasNode, makeMachine } from "../../support/nodes.ts";
import { freshMac, freshName } from "../../support/worlds/world.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { sharedServers } from "../../support/server.ts";

// A list that drops a filter shows everything, and looks like an answer.

const serverOf = sharedServers();
const lists = ["nodes", "machines", "devices", "rackcontrollers", "regioncontrollers"] as const;

forEachKind((kind) => {
  for (const list of lists) {
    test(`${list}: a filter that MAAS doesn't know is refused with its sentence, by its name (${kind})`, async () => {
      const { maas } = admin(await serverOf(kind));
      const refused = await maas.get(`${list}/`, Object.entries({ hostnam: "x", zone: "default", bridge_all: "true" }));
      const sentence = ["No such constraint."];
      assert.deepEqual([refused.status, refused.json()], [400, { hostnam: sentence, bridge_all: sentence }]);
      for (const [name, text] of [
        ["zone", "No such zone: 'nosuch'."],
        ["not_in_pool", "No such pool: 'nosuch'."],
        ["tags", "No such tag(s): 'nosuch'."],
        ["cpu_count", "Invalid CPU count: number required."],
        ["mem", "Invalid memory: number of MiB required."],
      ] as const) {
        assert.deepEqual((await maas.get(`${list}/`, [[name, "nosuch"]])).json(), { [name]: [text] });
      }
    });

    test(`${list}: a filter that can't be judged is ignored with a warning (${kind})`, async () => {
      const { maas } = admin(await serverOf(kind));
      const names = ["storage", "subnets", "link_speed", "vlans", "not_vlans"];
      const answer = await maas.get(
        `${list}/`,
        names.map((name) => [name, "1"]),
      );
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(answer.json(), (await maas.get(`${list}/`)).json());
      for (const name of names) assert.match(answer.headers["warning"] ?? "", new RegExp(`"${name} is ignored: `));
    });
  }

  test(`what belongs to the request is no filter, and neither is an empty query (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas } = admin(server);
    const { system_id } = await makeMachine(maas);
    const credentials = Object.fromEntries(oauthParameters(server.firstLogin.apiKey));
    const query = encode(Object.entries({ op: "", format: "json", ...credentials }));
    for (const answer of [
      await send(server.url, `/MAAS/api/2.0/machines/?${query}`, {}),
      await maas.get("machines/?"),
      await maas.get("machines/", Object.entries({ zone: "", pool: "", name: "", owner: "", mem: "" })),
    ]) {
      assert.equal(answer.status, 200, answer.text);
      const ids = answer.json<readonly MaasNode[]>().map((machine) => machine.system_id);
      assert.ok(ids.includes(system_id));
    }
  });

  test(`lists are filtered by every constraint that the inventory can judge (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas } = admin(server);
    const owner = await makePerson(server);
    const [zone, pool, tag, other] = [freshName("zone"), freshName("pool"), freshName("tag"), freshName("tag")];
    await maas.post("zones/", [["name", zone]]);
    await maas.post("resourcepools/", [["name", pool]]);
    for (const name of [tag, other]) await maas.post("tags/", [["name", name]]);
    const mac = freshMac();
    const machine = await makeMachine(
      maas,
      { zone, pool, architecture: "arm64", cpu_count: "4", memory: "4096", mac_addresses: mac },
      "Ready",
    );
    await maas.post(`tags/${tag}/?op=update_nodes`, [["add", machine.system_id]]);
    await owner.maas.post(
      "machines/?op=allocate",
      Object.entries({ system_id: machine.system_id, agent_name: "juju" }),
    );
    const unknown = await makeMachine(maas, {});
    const finds = async (values: Readonly<Record<string, string>>) => {
      const answer = await maas.get("machines/", Object.entries(values));
      assert.equal(answer.status, 200, answer.text);
      return answer.json<readonly MaasNode[]>().map(({ system_id }) => system_id);
    };
    const { hostname, fqdn, system_id } = machine;
    // What juju's gomaasapi sends, all at once.
    const gomaasapi = { hostname, mac_address: mac, id: system_id, zone, domain: "maas", pool, agent_name: "juju" };
    assert.deepEqual(await finds(gomaasapi), [system_id]);
    const matching: readonly Readonly<Record<string, string>>[] = [
      { name: hostname },
      { name: fqdn },
      { system_id },
      { owner: owner.username },
      { tags: tag },
      { tags: tag, not_tags: other },
      { zone, arch: "arm64" },
      { pool, arch: "arm64/generic", status: "Allocated" },
      { zone, cpu_count: "4", mem: "4096" },
      { zone, mem: "4095.5" },
      { zone, not_in_zone: "default", not_in_pool: "default" },
    ];
    for (const values of matching) assert.deepEqual(await finds(values), [system_id], JSON.stringify(values));
    const failing: readonly Readonly<Record<string, string>>[] = [
      { name: `${hostname}.nosuch` },
      { name: hostname, domain: "nosuch" },
      { system_id, id: "nosuch" },
      { system_id, owner: "nosuch" },
      { zone, tags: `${tag},${other}` },
      { zone, not_tags: tag },
      { zone, arch: "amd64" },
      { zone, status: "Ready" },
      { zone, cpu_count: "5" },
      { zone, mem: "4097" },
      { zone, not_in_zone: zone },
      { pool, not_in_pool: pool },
    ];
    for (const values of failing) assert.deepEqual(await finds(values), [], JSON.stringify(values));
    // Whose size nobody has set can't be judged.
    for (const size of ["cpu_count", "mem"]) {
      assert.deepEqual(await finds({ system_id: unknown.system_id, [size]: "1" }), [unknown.system_id], size);
    }
    const both = await maas.get("machines/", [
      ["zone", zone],
      ["zone", "default"],
      ["id", system_id],
      ["id", unknown.system_id],
    ]);
    assert.equal(both.json<readonly unknown[]>().length, 2);
  });
});
