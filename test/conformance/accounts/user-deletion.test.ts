import assert from "node:assert/strict";
import { test } from "node:test";
import { kinds } from "../../support/databases/databases.ts";
import { allEvents } from "../../support/clients/native-client.ts";
import { makeMachine, type MaasNode } from "../../support/nodes.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { sharedServers } from "../../support/server.ts";

// 5.2: who owns nodes is deleted only with somebody to have them.

const serverOf = sharedServers();

for (const kind of kinds) {
  test(`73: deleting somebody who owns nodes needs an heir, who then owns them (${kind})`, async () => {
    const server = await serverOf(kind);
    const root = admin(server);
    const [leaver, heir] = [await makePerson(server), await makePerson(server)];
    const { system_id } = await makeMachine(root.maas, {}, "Ready");
    const taken = await leaver.maas.post("machines/?op=allocate", [["system_id", system_id]]);
    assert.equal(taken.json<MaasNode>().owner, leaver.username, taken.text);

    const refused = await root.maas.delete(`users/${leaver.username}/`);
    assert.equal(refused.status, 400);
    assert.equal(refused.text, `User ${leaver.username} cannot be deleted: 1 node(s) are still allocated`);
    const unknown = await root.maas.delete(`users/${leaver.username}/?transfer_resources_to=nosuch`);
    assert.equal(unknown.status, 404);
    const self = await root.maas.delete(`users/${leaver.username}/?transfer_resources_to=${leaver.username}`);
    assert.equal(self.status, 400);

    const deleted = await root.maas.delete(`users/${leaver.username}/?transfer_resources_to=${heir.username}`);
    assert.equal(deleted.status, 204, deleted.text);
    assert.equal((await root.maas.get(`machines/${system_id}/`)).json<MaasNode>().owner, heir.username);
    const [event] = await allEvents(root.native, { action: "user.delete", target: leaver.username });
    assert.deepEqual(event?.details, {
      sessions_ended: 0,
      tokens_deleted: 1,
      keys_deleted: 0,
      views_deleted: 0,
      transferred_to: heir.username,
      nodes_transferred: [system_id],
    });
  });
}
