import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import type { MaasClient, MaasPage, ParameterPairs } from "../../support/clients/maas-client.ts";
import { eventsOf, type MaasNode, makeMachine } from "../../support/nodes.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { sharedServers } from "../../support/server.ts";

// B4: events asked for by their nodes. src/events/filter/node-filters.test.ts has the same for any mix of filters.

const serverOf = sharedServers();

/** Two machines in a zone, a pool and a domain of their own, with what was recorded of them. */
async function twoMachines(maas: MaasClient) {
  const names = { zone: freshName("zone"), pool: freshName("pool"), domain: freshName("domain") };
  await maas.post("zones/", [["name", names.zone]]);
  await maas.post("resourcepools/", [["name", names.pool]]);
  await maas.post("domains/", [["name", names.domain]]);
  return { names, one: await makeMachine(maas, names), two: await makeMachine(maas, names) };
}

const macOf = ({ interface_set }: MaasNode): string => interface_set[0]?.mac_address ?? "";

async function nodesOf(maas: MaasClient, ...parameters: ParameterPairs): Promise<readonly (string | null)[]> {
  const { events } = await maas.events([["level", "AUDIT"], ...parameters]);
  return events.map(({ node }) => node);
}

forEachKind((kind) => {
  test(`B4: each filter finds the events of its nodes; different ones are and, repeats are or (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const { names, one, two } = await twoMachines(maas);
    const [a, b] = [one.system_id, two.system_id];
    const find = (...parameters: ParameterPairs) => nodesOf(maas, ...parameters);
    assert.deepEqual(await find(["id", a]), [a]);
    assert.deepEqual(await find(["id", a], ["id", b], ["id", "nosuch"]), [b, a]);
    assert.deepEqual(await find(["hostname", one.hostname]), [a]);
    assert.deepEqual(await find(["hostname", one.hostname], ["hostname", two.hostname]), [b, a]);
    assert.deepEqual(await find(["hostname", one.hostname.toUpperCase()]), []);
    assert.deepEqual(await find(["mac_address", macOf(one).replaceAll(":", "-").toUpperCase()]), [a]);
    assert.deepEqual(await find(["mac_address", macOf(one)], ["mac_address", macOf(two)]), [b, a]);
    for (const [name, value] of Object.entries(names)) {
      assert.deepEqual(await find([name, value]), [b, a], name);
      assert.deepEqual(await find([name, value], [name, "nosuch"]), [b, a], name);
      assert.deepEqual(await find([name, value], ["id", a]), [a], name);
      assert.deepEqual(await find([name, "nosuch"]), [], name);
    }
    assert.deepEqual(await find(["id", a], ["hostname", two.hostname]), []);
    assert.deepEqual(await find(["zone", names.zone], ["owner", "admin"], ["hostname", two.hostname]), [b]);
    assert.deepEqual(await find(["zone", names.zone], ["owner", "nobody-at-all"]), []);
    assert.deepEqual(await find(["zone", names.zone], ["agent_name", ""]), [b, a]);
    assert.deepEqual(await find(["zone", names.zone], ["agent_name", "juju"]), []);
  });

  test(`B4: a hostname finds what was recorded under it, and all of the node that bears it now (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const machine = await makeMachine(maas);
    const renamed = freshName("renamed");
    await maas.put(`machines/${machine.system_id}/`, [["hostname", renamed]]);
    assert.equal(
      (
        await maas.events([
          ["level", "AUDIT"],
          ["hostname", renamed],
        ])
      ).count,
      2,
      "of both names",
    );
    assert.equal(
      (
        await maas.events([
          ["level", "AUDIT"],
          ["hostname", machine.hostname],
        ])
      ).count,
      1,
      "as it was then",
    );
  });

  test(`47, 4.1: MAC addresses that are none are a 400 that names them, after the numbers and before the level (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const refusal = async (query: string) => {
      const answer = await maas.get(`events/?op=query&${query}`);
      return [answer.status, answer.type, answer.text];
    };
    const type = "text/plain; charset=utf-8";
    assert.deepEqual(await refusal("mac_address=zz"), [400, type, "Invalid MAC address(es): zz"]);
    const many = "mac_address=zz&mac_address=aa:bb:cc:dd:ee:ff&mac_address=1.2.3&level=x&before=1&after=1";
    assert.deepEqual(await refusal(many), [400, type, "Invalid MAC address(es): zz, 1.2.3"]);
    assert.match(String((await refusal("mac_address=zz&limit=2000"))[2]), /^Requested number of events/);
    for (const mac of ["AA-BB-CC-DD-EE-FF", "aabb.ccdd.eeff", "a:b:c:d:e:f"]) {
      assert.equal((await maas.get(`events/?op=query&mac_address=${mac}`)).status, 200, mac);
    }
  });

  test(`B6, 46: links keep the node filters as they came, repeats and blanks too (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const { names, one } = await twoMachines(maas);
    const query = `zone=${names.zone}&pool=${names.pool}&op=query&id=${one.system_id}&id=nosuch&agent_name=&level=AUDIT`;
    const { events, next_uri, prev_uri } = (await maas.get(`events/?${query}`)).json<MaasPage>();
    assert.equal(next_uri, `/MAAS/api/2.0/events/?${query}&after=${events[0]?.id}`);
    assert.equal(prev_uri, `/MAAS/api/2.0/events/?${query}&before=${events[0]?.id}`);
    assert.equal((await maas.get((next_uri ?? "").replace("/MAAS/api/2.0/", ""))).json<MaasPage>().count, 0);
  });

  test(`B9: a zone of many nodes is paged to its end, newest first (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const zone = freshName("zone");
    await maas.post("zones/", [["name", zone]]);
    for (let made = 0; made < 70; made += 1) await makeMachine(maas, { zone, hostname: "" });
    const found: number[] = [];
    let query = `events/?op=query&level=AUDIT&zone=${zone}&limit=30`;
    for (let pages = 0; pages < 9; pages += 1) {
      const page = (await maas.get(query)).json<MaasPage>();
      found.push(...page.events.map(({ id }) => id));
      if (page.prev_uri === null) break;
      query = page.prev_uri.replace("/MAAS/api/2.0/", "");
    }
    assert.equal(found.length, 70);
    assert.deepEqual(
      found,
      found.toSorted((one, other) => other - one),
    );
  });

  test(`B7: a user finds no audit events of others by any filter, and their own on nodes they lost (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas } = admin(server);
    const person = await makePerson(server);
    const { names, one } = await twoMachines(maas);
    await maas.put(`machines/${one.system_id}/`, [["status", "Ready"]]);
    await person.maas.post("machines/?op=allocate", [["system_id", one.system_id]]);
    for (const filter of [
      ["id", one.system_id],
      ["hostname", one.hostname],
      ["zone", names.zone],
    ] as const) {
      const { events } = await person.maas.events([["level", "AUDIT"], filter]);
      assert.deepEqual(
        events.map(({ username, description }) => [username, description]),
        [[person.username, `Acquired '${one.hostname}'.`]],
        filter[0],
      );
    }
    assert.equal(
      (
        await person.maas.events([
          ["level", "AUDIT"],
          ["owner", "admin"],
          ["id", one.system_id],
        ])
      ).count,
      0,
    );
    await maas.delete(`machines/${one.system_id}/`);
    const { events } = await person.maas.events([
      ["level", "AUDIT"],
      ["id", one.system_id],
    ]);
    assert.deepEqual(
      events.map(({ node, hostname }) => [node, hostname]),
      [[null, one.hostname]],
    );
  });

  test(`A2, A6: what a node's events say stays, in both APIs (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const { system_id, hostname } = await makeMachine(maas, {}, "Ready");
    await maas.post(`machines/${system_id}/?op=deploy`, [["agent_name", "juju"]]);
    const before = await eventsOf(native, system_id);
    await maas.delete(`machines/${system_id}/`);
    const after = await eventsOf(native, system_id);
    assert.deepEqual(after.slice(0, before.length), before);
    assert.ok(after.every((event) => event.node === system_id && event.hostname === hostname));
  });
});
