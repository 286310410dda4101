import { freshName } from "../../support/worlds/world.ts";
import { type Attempt, type OperationExample, type OperationExamples, told } from "./example.ts";
import { makeNode } from "./nodes.ts";
import type { World } from "../../support/worlds/server-world.ts";

async function makeTag(world: World): Promise<string> {
  const name = freshName("tag");
  await world.make("tags", { name, definition: "//node" });
  return name;
}

function creation(status: number): OperationExample {
  return async (world) => {
    const taken = await makeTag(world);
    const name = freshName("tag");
    return [
      { what: "a name that can't be one", values: { name: "a b" }, status: 400 },
      { what: "a name that is taken", values: { name: taken }, status: 400 },
      {
        what: "a new one",
        values: { name },
        status,
        records: [told("tag.create", `Tag '${name}' created.`, ["tag", name])],
      },
    ];
  };
}

async function change(world: World): Promise<readonly Attempt[]> {
  const [tag, taken] = [await makeTag(world), await makeTag(world)];
  const name = freshName("tag");
  const updated = told("tag.update", `Tag '${name}' updated.`, ["tag", name]);
  return [
    { what: "none", path: { name: freshName("tag") }, values: { comment: "c" }, status: 404 },
    { what: "a name that is taken", path: { name: tag }, values: { name: taken, comment: "c" }, status: 400 },
    {
      what: "a name and a comment",
      path: { name: tag },
      values: { name, comment: "c" },
      status: 200,
      records: [told("tag.rename", `Tag '${tag}' renamed to '${name}'.`, ["tag", name]), updated],
    },
    { what: "the same again", path: { name }, values: { name, comment: "c" }, status: 200, records: [updated] },
  ];
}

async function deletion(world: World): Promise<readonly Attempt[]> {
  const name = await makeTag(world);
  return [
    { what: "none", path: { name: freshName("tag") }, status: 404 },
    {
      what: "one",
      path: { name },
      status: 204,
      records: [told("tag.delete", `Tag '${name}' deleted.`, ["tag", name])],
    },
    { what: "the same again", path: { name }, status: 404 },
  ];
}

function tagging(api: "maas" | "native"): OperationExample {
  return async (world) => {
    const name = await makeTag(world);
    const [bearer, other] = [await makeNode(world), await makeNode(world)];
    await world.prepare("PATCH", `tags/${name}/nodes`, { add: [bearer.system_id] });
    const path = { name };
    const values = { add: [other.system_id], remove: [bearer.system_id] };
    const more = { ...values, add: [other.system_id, "zzzzzz"] };
    const outdated: Attempt = {
      what: "a definition that is another",
      path,
      values: { ...values, definition: "//other" },
      status: 409,
    };
    return [
      { what: "a tag that isn't there", path: { name: freshName("tag") }, values, status: 404 },
      ...(api === "maas"
        ? [outdated]
        : [{ what: "a node that isn't there, among others", path, values: more, status: 400 }]),
      {
        what: "nodes",
        path,
        values,
        status: 200,
        records: [
          told("node.tag", `Tagging '${other.hostname}'.`, ["node", other.hostname]),
          told("node.untag", `Untagging '${bearer.hostname}'.`, ["node", bearer.hostname]),
        ],
      },
      // A1: an act that changes nothing is still an act.
      {
        what: "the same again",
        path,
        // MAAS passes over what isn't there.
        values: api === "maas" ? more : values,
        status: 200,
        records: [told("tag.update", `Tag '${name}' updated.`, ["tag", name])],
      },
    ];
  };
}

/** Tags, and the nodes that bear them. */
export const tagExamples: OperationExamples = {
  "tags create": creation(200),
  "POST /api/v1/tags": creation(201),
  "tag update": change,
  "PATCH /api/v1/tags/{name}": change,
  "tag delete": deletion,
  "DELETE /api/v1/tags/{name}": deletion,
  "tag update-nodes": tagging("maas"),
  "PATCH /api/v1/tags/{name}/nodes": tagging("native"),
};
