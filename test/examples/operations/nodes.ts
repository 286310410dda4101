import { freshMac, freshName } from "../../support/worlds/world.ts";
import { type Attempt, type OperationExample, type OperationExamples, told } from "./example.ts";
import { byKey, type World } from "../../support/worlds/server-world.ts";

interface MadeNode {
  readonly system_id: string;
  readonly hostname: string;
}

/** Makes a node of a type, in a state. */
export async function makeNode(world: World, fields: Readonly<Record<string, unknown>> = {}): Promise<MadeNode> {
  return world.make<MadeNode>("nodes", { hostname: freshName("host"), mac_addresses: [freshMac()], ...fields });
}

/** A machine that nobody may change until it is unlocked. */
export async function lockedMachine(world: World): Promise<MadeNode> {
  const node = await makeNode(world, { status: "Deployed" });
  await world.prepare("POST", `nodes/${node.system_id}/steps`, { step: "lock" });
  return node;
}

function creation(api: "maas" | "native", type: "machine" | "device"): OperationExample {
  return async (world) => {
    const taken = await makeNode(world);
    const hostname = freshName("host");
    const macs = [freshMac(), freshMac()];
    const values = {
      hostname,
      mac_addresses: macs,
      ...(type === "machine" && { architecture: "amd64" }),
      ...(api === "native" && { type }),
    };
    return [
      { what: "an address that is none", values: { ...values, mac_addresses: ["none"] }, status: 400 },
      { what: "a name that is taken", values: { ...values, hostname: taken.hostname }, status: 400 },
      { what: "a zone that isn't there", values: { ...values, zone: freshName("zone") }, status: 400 },
      {
        what: "a node",
        values,
        status: api === "maas" ? 200 : 201,
        records: [told("node.create", `Added the '${type}' '${hostname}'.`, ["node", hostname])],
      },
      ...(api === "maas" ? [await byUser(world, type)] : []),
      { what: "its addresses again", values: { ...values, hostname: freshName("host") }, status: 400 },
    ];
  };
}

/** Over MAAS's API anybody adds machines and devices. */
async function byUser(world: World, type: "machine" | "device"): Promise<Attempt> {
  const hostname = freshName("host");
  return {
    what: "a user's node",
    by: byKey(await world.person()),
    values: { hostname, mac_addresses: [freshMac()], ...(type === "machine" && { architecture: "amd64" }) },
    status: 200,
    records: [told("node.create", `Added the '${type}' '${hostname}'.`, ["node", hostname])],
  };
}

function change(type: string): OperationExample {
  return async (world) => {
    const [node, taken] = [await makeNode(world, { type }), await makeNode(world)];
    const zone = freshName("zone");
    await world.make("zones", { name: zone });
    const path = { system_id: node.system_id };
    const hostname = freshName("host");
    const updated = (what: string) =>
      told("node.update", `Updated the '${type}' '${hostname}': ${what}.`, ["node", hostname]);
    const values = { zone, hostname };
    return [
      { what: "none", path: { system_id: "zzzzzz" }, values, status: 404 },
      { what: "a zone that isn't there", path, values: { hostname, zone: freshName("zone") }, status: 400 },
      { what: "a name that is taken", path, values: { zone, hostname: taken.hostname }, status: 400 },
      { what: "place and name", path, values, status: 200, records: [updated("zone, hostname")] },
      { what: "the same again", path, values, status: 200, records: [updated("no change")] },
    ];
  };
}

function deletion(api: "maas" | "native", type: string): OperationExample {
  return async (world) => {
    const [node, other, locked] = [
      await makeNode(world, { type }),
      await makeNode(world, { type: type === "device" ? "machine" : "device" }),
      await lockedMachine(world),
    ];
    const path = { system_id: node.system_id };
    const ofAnotherType: Attempt = { what: "of another type", path: { system_id: other.system_id }, status: 404 };
    const whileLocked: Attempt = { what: "locked", path: { system_id: locked.system_id }, status: 409 };
    return [
      { what: "none", path: { system_id: "zzzzzz" }, status: 404 },
      ...(api === "maas" ? [ofAnotherType] : []),
      ...(type === "machine" ? [whileLocked] : []),
      {
        what: "a node",
        path,
        status: 204,
        records: [told("node.delete", `Deleted the '${type}' '${node.hostname}'.`, ["node", node.hostname])],
      },
      { what: "the same again", path, status: 404 },
    ];
  };
}

/** Over `nodes/`, MAAS deletes nodes of any type. */
const anyDeletion: OperationExample = async (world) => {
  return (await deletion("maas", "region controller")(world)).filter(({ what }) => what !== "of another type");
};

/** The inventory. */
export const nodeExamples: OperationExamples = {
  "machines create": creation("maas", "machine"),
  "devices create": creation("maas", "device"),
  "POST /api/v1/nodes": creation("native", "machine"),
  "machine update": change("machine"),
  "device update": change("device"),
  "rack-controller update": change("rack controller"),
  "region-controller update": change("region and rack controller"),
  "PATCH /api/v1/nodes/{system_id}": change("machine"),
  "node delete": anyDeletion,
  "machine delete": deletion("maas", "machine"),
  "device delete": deletion("maas", "device"),
  "rack-controller delete": deletion("maas", "rack controller"),
  "region-controller delete": deletion("maas", "region and rack controller"),
  "DELETE /api/v1/nodes/{system_id}": deletion("native", "machine"),
};
