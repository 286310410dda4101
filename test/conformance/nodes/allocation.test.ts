import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { send } from "../../support/clients/http-client.ts";
import { encode, multipart, oauthParameters } from "../../support/clients/maas-client.ts";
import { newestEventId } from "../../support/clients/native-client.ts";
import { type MaasNode, makeMachine } from "../../support/nodes.ts";
import { admin } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { sharedServers } from "../../support/server.ts";

// MAAS's allocate: a machine that doesn't match must not be given away.

const serverOf = sharedServers();

forEachKind((kind) => {
  test(`a dry run says which machine it would be, and changes and records nothing (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const { system_id, hostname } = await makeMachine(maas, {}, "Ready");
    const before = await newestEventId(native);
    const allocate = async (flag: string) =>
      maas.post("machines/?op=allocate", Object.entries({ name: hostname, dry_run: flag, agent_name: "juju" }));
    const tried = await allocate("true");
    assert.equal(tried.status, 200, tried.text);
    assert.equal(tried.json<MaasNode>().system_id, system_id);
    const machine = (await maas.get(`machines/${system_id}/`)).json<MaasNode>();
    assert.deepEqual([machine.status_name, machine.owner], ["Ready", null]);
    assert.equal(await newestEventId(native), before);
    const wrong = await allocate("perhaps");
    assert.deepEqual([wrong.status, wrong.json()], [400, { dry_run: ["Enter true or false."] }]);
    assert.equal((await allocate("false")).json<MaasNode>().status_name, "Allocated");
    const none = await allocate("true");
    assert.equal(none.status, 409);
    assert.ok(none.text.endsWith(`(resolved to "name=${hostname}")`), none.text);
  });

  test(`a constraint that MAAS doesn't know is refused with its sentence, by its name (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const { system_id, hostname } = await makeMachine(maas, {}, "Ready");
    const values = { name: hostname, bogus_constraint: "1", hostnam: "x" };
    const refused = await maas.post("machines/?op=allocate", Object.entries(values));
    assert.deepEqual(
      [refused.status, refused.json()],
      [400, { bogus_constraint: ["No such constraint."], hostnam: ["No such constraint."] }],
    );
    assert.equal((await maas.get(`machines/${system_id}/`)).json<MaasNode>().status_name, "Ready");
  });

  test(`names, zones, pools and architectures are judged, and so is where a machine is not to be (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const [zone, pool, tag] = [freshName("zone"), freshName("pool"), freshName("tag")];
    await maas.post("zones/", [["name", zone]]);
    await maas.post("resourcepools/", [["name", pool]]);
    await maas.post("tags/", [["name", tag]]);
    const { hostname, fqdn } = await makeMachine(maas, { zone, pool, architecture: "arm64" }, "Ready");
    const tryIt = async (values: Readonly<Record<string, string>>) =>
      maas.post("machines/?op=allocate", Object.entries({ name: hostname, dry_run: "true", ...values }));
    for (const values of [
      {},
      { name: fqdn },
      { zone, pool, arch: "arm64" },
      { arch: "arm64/generic", not_tags: tag },
    ]) {
      assert.equal((await tryIt(values)).status, 200, JSON.stringify(values));
    }
    const others = [
      { name: `${hostname}.nosuch` },
      { not_in_zone: zone },
      { not_in_pool: pool },
      { arch: "amd64" },
      { tags: tag },
    ];
    for (const values of others) {
      const none = await tryIt(values);
      assert.equal(none.status, 409, JSON.stringify(values));
      assert.match(none.text, /^No available machine matches constraints: \[.*\] \(resolved to ".*"\)$/);
    }
    const unknown: readonly (readonly [string, string])[] = [
      ["zone", "No such zone: 'nosuch'."],
      ["not_in_zone", "No such zone: 'nosuch'."],
      ["pool", "No such pool: 'nosuch'."],
      ["tags", "No such tag(s): 'nosuch'."],
      ["arch", "Architecture not recognised."],
    ];
    for (const [name, sentence] of unknown) {
      assert.deepEqual((await tryIt({ [name]: "nosuch" })).json(), { [name]: [sentence] });
    }
  });

  test(`what nothing matches is named with files, and without the caller's credentials (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas } = admin(server);
    const [, , secret = ""] = server.firstLogin.apiKey.split(":");
    const credentials = Object.fromEntries(oauthParameters(server.firstLogin.apiKey));
    const unsaid = { op: "allocate", format: "json", csrfmiddlewaretoken: secret };
    const inForm = await send(server.url, "/MAAS/api/2.0/machines/?op=allocate", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: encode(Object.entries({ name: "zz", ...credentials, ...unsaid })),
    });
    const named = (name: string) => `No available machine matches constraints: [('name', ['${name}'])]`;
    assert.deepEqual([inForm.status, inForm.text], [409, `${named("zz")} (resolved to "name=zz")`]);
    const { body, type } = multipart([], [["name", Buffer.from("yy\n")]]);
    const headers = { "content-type": type };
    const asFile = await maas.ask("machines/?op=allocate", { method: "POST", body, headers });
    assert.deepEqual([asFile.status, asFile.text], [409, `${named("yy")} (resolved to "name=yy")`]);
  });

  test(`processors and memory are judged, and what can't be judged is named and warned of (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const { hostname, system_id } = await makeMachine(maas, { cpu_count: "2", memory: "1024" }, "Ready");
    const unknown = await makeMachine(maas, {}, "Ready");
    const tryIt = async (values: Readonly<Record<string, string>>) =>
      maas.post("machines/?op=allocate", Object.entries({ dry_run: "true", ...values }));
    const enough = await tryIt({ name: hostname, cpu_count: "2", mem: "1024.0" });
    assert.deepEqual([enough.status, enough.headers["warning"]], [200, undefined], enough.text);
    for (const [field, value] of [
      ["cpu_count", "3"],
      ["mem", "1025"],
    ] as const) {
      const none = await tryIt({ name: hostname, [field]: value });
      assert.equal(none.status, 409);
      assert.ok(none.text.endsWith(`(resolved to "${field}=${value}.0 name=${hostname}")`), none.text);
      assert.equal((await tryIt({ name: unknown.hostname, [field]: "1" })).status, 200);
      assert.equal((await tryIt({ [field]: "much" })).status, 400);
    }
    const warned = await tryIt({ name: hostname, link_speed: "1000", vlans: "name:x", not_vlans: "name:y" });
    assert.equal(warned.json<MaasNode>().system_id, system_id, warned.text);
    for (const name of ["link_speed", "vlans", "not_vlans"]) {
      assert.match(warned.headers["warning"] ?? "", new RegExp(`"${name} is ignored: `));
    }
    const tag = freshName("tag");
    await maas.post("tags/", [["name", tag]]);
    const none = await tryIt({ tags: tag, devices: "vendor_id=8086" });
    assert.ok(none.text.endsWith(`(resolved to "devices=vendor_id=8086 tags=${tag}")`), none.text);
  });

  test(`an allocation of nothing but what can't be judged is named where no machine is ready (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    for (const { system_id } of (await maas.get("machines/", [["status", "Ready"]])).json<readonly MaasNode[]>()) {
      await maas.put(`machines/${system_id}/`, [["status", "Broken"]]);
    }
    const none = async (values: Readonly<Record<string, string>>) =>
      (await maas.post("machines/?op=allocate", Object.entries(values))).text;
    const sentence = "No available machine matches constraints: [('storage', ['root:10'])] (resolved to ";
    assert.equal(await none({ storage: "root:10" }), `${sentence}"storage=root:10")`);
    assert.equal(
      await none({ mem: "512" }),
      `No available machine matches constraints: [('mem', ['512'])] (resolved to "mem=512.0")`,
    );
    assert.equal(await none({ agent_name: "juju" }), "No machine available.");
  });
});
