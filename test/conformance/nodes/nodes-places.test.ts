import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { allEvents } from "../../support/clients/native-client.ts";
import { eventsOf, type MaasNode, makeMachine } from "../../support/nodes.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { sharedServers } from "../../support/server.ts";

// Zones, resource pools, domains and tags over MAAS's API and the native one, and what they record (A2, 5.11).

const serverOf = sharedServers();

interface Place {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly resource_uri: string;
}

const places = [
  { word: "zone", many: "zones", one: ({ name }: Place) => `zones/${name}/`, native: "zones", type: "Zones" },
  {
    word: "pool",
    many: "resourcepools",
    one: ({ id }: Place) => `resourcepool/${id}/`,
    native: "pools",
    type: "Settings",
  },
] as const;

forEachKind((kind) => {
  for (const { word, many, one, native: path, type } of places) {
    test(`76, A2: a ${word} is created, listed, read, changed and deleted, each with its event (${kind})`, async () => {
      const { maas, native } = admin(await serverOf(kind));
      const [name, renamed] = [freshName(word), freshName(word)];
      const created = await maas.post(`${many}/`, Object.entries({ name, description: "first" }));
      assert.equal(created.status, 200, created.text);
      const place = created.json<Place>();
      assert.deepEqual(place, {
        name,
        description: "first",
        id: place.id,
        resource_uri: `/MAAS/api/2.0/${one(place)}`,
      });
      assert.ok((await maas.get(`${many}/`)).json<readonly Place[]>().some((listed) => listed.name === name));
      assert.deepEqual((await maas.get(one(place))).json(), place);
      const again = await maas.post(`${many}/`, [["name", name]]);
      assert.equal(again.status, 400);
      assert.match(again.text, /"name": \[\s+"(Physical zone|Resource pool) with this Name already exists\."/);
      assert.equal((await maas.put(one(place), Object.entries({ name: renamed, description: "" }))).status, 200);
      assert.equal((await native.ask("PATCH", `${path}/${renamed}`, {})).status, 200);
      assert.equal((await maas.delete(one({ ...place, name: renamed }))).status, 204);
      assert.equal((await maas.delete(one({ ...place, name: renamed }))).status, 204, "once more is no error");
      const events = [
        ...(await allEvents(native, { target: renamed })),
        ...(await allEvents(native, { target: name })),
      ].toReversed();
      assert.deepEqual(
        events.map(({ action, description, type_words }) => [action, description, type_words]),
        [
          [`${word}.create`, `Created ${word} '${name}'.`, type],
          [`${word}.update`, `Updated ${word} '${renamed}': name, description.`, type],
          [`${word}.update`, `Updated ${word} '${renamed}': no change.`, type],
          [`${word}.delete`, `Deleted ${word} '${renamed}'.`, type],
        ],
      );
      assert.deepEqual(events[1]?.details, {
        name: { old: name, new: renamed },
        description: { old: "first", new: "" },
      });
    });

    test(`the default ${word} stays, and names are words (${kind})`, async () => {
      const { maas } = admin(await serverOf(kind));
      const all = (await maas.get(`${many}/`)).json<readonly Place[]>();
      const first = all.find(({ name }) => name === "default");
      assert.ok(first !== undefined);
      assert.equal(first.id, word === "zone" ? 1 : 0);
      const answer = await maas.delete(one(first));
      assert.deepEqual([answer.status, answer.type], [400, "text/plain; charset=utf-8"]);
      assert.equal((await maas.put(one(first), [["name", "other"]])).status, 400);
      for (const name of ["", "-a", "a/b", " a", "a.b"]) {
        assert.equal((await maas.post(`${many}/`, [["name", name]])).status, 400, `'${name}'`);
      }
    });
  }

  test(`a zone's nodes go to the default one, a pool with machines stays (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const name = freshName("place");
    await maas.post("zones/", [["name", name]]);
    const pool = (await maas.post("resourcepools/", [["name", name]])).json<Place>();
    const { system_id } = await makeMachine(maas, { zone: name, pool: name });
    assert.equal((await maas.delete(`zones/${name}/`)).status, 204);
    assert.equal((await maas.get(`machines/${system_id}/`)).json<MaasNode>().zone.name, "default");
    const [deleted] = await allEvents(native, { target: name, action: "zone.delete" });
    assert.deepEqual(deleted?.details, { description: "", nodes_moved: [system_id] });
    const refused = await maas.delete(`resourcepool/${pool.id}/`);
    assert.deepEqual(
      [refused.status, refused.text],
      [400, `Cannot delete resource pool '${name}': 1 machine(s) are still in it.`],
    );
  });

  test(`76, A2: a domain is created, listed, changed and deleted, each with its event (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const first = (await maas.get("domains/0/")).json();
    assert.deepEqual(Object.keys(first as object), [
      "authoritative",
      "ttl",
      "id",
      "name",
      "is_default",
      "resource_record_count",
      "resource_uri",
    ]);
    const name = freshName("domain");
    const created = await maas.post("domains/", Object.entries({ name, ttl: "60", authoritative: "false" }));
    assert.equal(created.status, 200, created.text);
    const domain = created.json<Place & { readonly authoritative: boolean; readonly ttl: number }>();
    assert.deepEqual([domain.authoritative, domain.ttl], [false, 60]);
    assert.equal((await maas.put(`domains/${domain.id}/`, [["ttl", ""]])).json<{ readonly ttl: null }>().ttl, null);
    const { system_id } = await makeMachine(maas, { hostname: `${freshName("in")}.${name}` });
    assert.equal((await maas.delete(`domains/${domain.id}/`)).status, 400, "not empty");
    await maas.delete(`machines/${system_id}/`);
    assert.equal((await native.ask("DELETE", `domains/${name}`)).status, 204);
    assert.equal((await maas.delete(`domains/${domain.id}/`)).status, 404);
    assert.equal((await maas.delete("domains/0/")).status, 400, "the default one");
    const events = (await allEvents(native, { target: name })).toReversed();
    assert.deepEqual(
      events.map(({ description, type_words }) => [description, type_words]),
      [
        [`Created domain '${name}'.`, "Networking"],
        [`Updated domain '${name}': ttl.`, "Networking"],
        [`Deleted domain '${name}'.`, "Networking"],
      ],
    );
  });

  test(`5.11: tags are created, renamed, put on nodes and taken off, each with its event (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const [name, renamed] = [freshName("tag"), freshName("tag")];
    const created = await maas.post("tags/", Object.entries({ name, comment: "c" }));
    assert.deepEqual(
      [created.status, created.json()],
      [200, { name, definition: "", comment: "c", kernel_opts: "", resource_uri: `/MAAS/api/2.0/tags/${name}/` }],
    );
    const [one, two] = [await makeMachine(maas), await makeMachine(maas)];
    const tag = (...parameters: readonly (readonly [string, string])[]) =>
      maas.post(`tags/${name}/?op=update_nodes`, parameters);
    assert.deepEqual((await tag(["add", one.system_id], ["add", two.system_id])).json(), { added: 2, removed: 0 });
    assert.deepEqual((await tag(["add", one.system_id], ["remove", two.system_id])).json(), { added: 1, removed: 1 });
    assert.deepEqual((await tag(["add", "nosuch"])).json(), { added: 0, removed: 0 });
    const three = await makeMachine(maas);
    const mixed = await tag(
      ["add", "nosuch"],
      ["add", three.system_id],
      ["remove", "other"],
      ["remove", one.system_id],
    );
    assert.deepEqual(mixed.json(), { added: 1, removed: 1 });
    const warning = ["add", "remove"].map((field) => `299 - "1 of ${field} is ignored: there is no such node"`);
    assert.equal(mixed.headers["warning"], warning.join(", "));
    assert.equal((await native.ask("PATCH", `tags/${name}/nodes`, { add: ["nosuch"] })).status, 400);
    await tag(["add", one.system_id], ["remove", three.system_id]);
    assert.equal((await tag(["definition", "//x"])).status, 409);
    assert.deepEqual((await maas.get(`machines/${one.system_id}/`)).json<MaasNode>().tag_names, [name]);
    const tagged = (await maas.get(`tags/${name}/?op=machines`)).json<readonly MaasNode[]>();
    assert.deepEqual(
      tagged.map(({ system_id }) => system_id),
      [one.system_id],
    );
    assert.equal((await eventsOf(native, one.system_id)).at(-1)?.description, `Tagging '${one.hostname}'.`);
    assert.equal((await eventsOf(native, two.system_id)).at(-1)?.description, `Untagging '${two.hostname}'.`);
    await maas.put(`tags/${name}/`, Object.entries({ name, comment: "d" }));
    await maas.put(`tags/${name}/`, [["name", renamed]]);
    assert.equal((await maas.delete(`tags/${renamed}/`)).status, 204);
    assert.equal((await maas.get(`tags/${renamed}/`)).status, 404);
    assert.deepEqual((await maas.get(`machines/${one.system_id}/`)).json<MaasNode>().tag_names, []);
    const events = [...(await allEvents(native, { target: renamed })), ...(await allEvents(native, { target: name }))];
    assert.deepEqual(
      events.toReversed().map(({ description, type_words }) => [description, type_words]),
      [
        [`Tag '${name}' created.`, "Tag"],
        // An act that changed nothing: all that it named is unknown.
        [`Tag '${name}' updated.`, "Tag"],
        [`Tag '${name}' updated.`, "Tag"],
        [`Tag '${name}' renamed to '${renamed}'.`, "Tag"],
        [`Tag '${renamed}' deleted.`, "Tag"],
      ],
    );
  });

  test(`users read zones, pools, domains and tags, and change none; attempts are recorded (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    for (const [path, name] of [
      ["zones", "zones"],
      ["resourcepools", "resource-pools"],
      ["domains", "domains"],
      ["tags", "tags"],
    ] as const) {
      assert.equal((await person.maas.get(`${path}/`)).status, 200);
      const answer = await person.maas.post(`${path}/`, [["name", "x"]]);
      assert.deepEqual([answer.status, answer.text], [403, "This method is reserved for admin users."]);
      const [refused] = await allEvents(person.native, { action: "operation.refuse" });
      assert.equal(refused?.description, `Refused: ${name} create.`);
    }
  });

  test(`update_nodes counts the nodes that are there, and records those that changed (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const name = freshName("tag");
    await maas.post("tags/", [["name", name]]);
    const { system_id } = await makeMachine(maas);
    const tag = async (...fields: readonly string[]) => {
      const named = fields.map((field) => [field, system_id] as const);
      return (await maas.post(`tags/${name}/?op=update_nodes`, [...named, ["add", "nosuch"]])).json();
    };
    const actions = async () => (await eventsOf(native, system_id)).map(({ action }) => action).slice(1);
    assert.deepEqual(await tag("remove"), { added: 0, removed: 1 });
    assert.deepEqual(await actions(), []);
    assert.deepEqual(await tag("add"), { added: 1, removed: 0 });
    assert.deepEqual(await tag("add"), { added: 1, removed: 0 });
    assert.deepEqual(await actions(), ["node.tag"]);
    assert.deepEqual(await tag("add", "remove"), { added: 1, removed: 1 });
    assert.deepEqual(await actions(), ["node.tag", "node.untag"]);
  });
});
