import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { admin } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { sharedServers } from "../../support/server.ts";

// MAAS finds domains and pools by number, by name, and by either with its kind before it.

const serverOf = sharedServers();
type Named = { readonly id: number; readonly name: string };

forEachKind((kind) => {
  for (const [many, one, first] of [
    ["domains/", "domains", "maas"],
    ["resourcepools/", "resourcepool", "default"],
  ] as const) {
    test(`${one}/ finds by id, name, id: and name: (${kind})`, async () => {
      const { maas } = admin(await serverOf(kind));
      const digits = String(Math.floor(Math.random() * 1e9) + 1e9);
      const made: Named[] = [];
      for (const name of [freshName("place"), digits])
        made.push((await maas.post(many, [["name", name]])).json<Named>());
      const [place, numbered] = made;
      assert.ok(place !== undefined && numbered !== undefined);
      const read = async (word: string): Promise<unknown> => {
        const answer = await maas.get(`${one}/${encodeURIComponent(word)}/`);
        return answer.status === 200 ? answer.json<Named>().id : answer.status;
      };
      assert.equal(await read(first), 0);
      for (const word of [String(place.id), place.name, `id:${place.id}`, `name:${place.name}`]) {
        assert.equal(await read(word), place.id, word);
      }
      assert.equal(await read(`name:${digits}`), numbered.id);
      for (const word of [digits, `id:${place.name}`, "nosuch", "name:", "name:nosuch", "id:", `NAME:${place.name}`]) {
        assert.equal(await read(word), 404, word);
      }
      const changed = await maas.put(`${one}/name:${place.name}/`, [["name", `${place.name}2`]]);
      assert.equal(changed.json<Named>().name, `${place.name}2`, changed.text);
      assert.equal((await maas.delete(`${one}/${place.name}2/`)).status, 204);
      assert.equal(await read(String(place.id)), 404);
    });
  }
});
