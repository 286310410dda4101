import { freshName } from "../../support/worlds/world.ts";
import { type Attempt, type OperationExample, type OperationExamples, told } from "./example.ts";
import type { World } from "../../support/worlds/server-world.ts";

/** A script with one version and as many more as asked for. */
async function makeScript(world: World, more = 0): Promise<string> {
  const name = freshName("script");
  await world.make("scripts", { name, script: world.script(), type: "commissioning" });
  for (let at = 0; at < more; at += 1) await world.prepare("PATCH", `scripts/${name}`, { script: world.script() });
  return name;
}

const saved = (action: "script.create" | "script.update", name: string) =>
  told(action, `Saved script '${name}'.`, ["script", name]);

/** The text as a field of a form or of JSON, or as the file that the older API wants. */
type Sent = (text: string) => Pick<Attempt, "values" | "files">;
const asField: Sent = (script) => ({ values: { script } });
const asFile: Sent = (content) => ({ files: [["content", content]] });

function withValues(sent: Pick<Attempt, "values" | "files">, values: Readonly<Record<string, unknown>>) {
  return { ...sent, values: { ...sent.values, ...values } };
}

function creation(send: Sent, status: number): OperationExample {
  return async (world) => {
    const taken = await makeScript(world);
    const name = freshName("script");
    return [
      { what: "no text", values: { name }, status: 400 },
      { what: "a text that is no script", ...withValues(send(world.secret("no script")), { name }), status: 400 },
      { what: "a name that is taken", ...withValues(send(world.script()), { name: taken }), status: 400 },
      {
        what: "a new one",
        ...withValues(send(world.script()), { name }),
        status,
        records: [saved("script.create", name)],
      },
    ];
  };
}

function change(send: Sent): OperationExample {
  return async (world) => {
    const name = await makeScript(world);
    const text = world.script();
    return [
      { what: "none", path: { name: freshName("script") }, ...send(text), status: 404 },
      { what: "a text that is no script", path: { name }, ...send(world.secret("no script")), status: 400 },
      { what: "a text", path: { name }, ...send(text), status: 200, records: [saved("script.update", name)] },
      { what: "the same again", path: { name }, ...send(text), status: 200, records: [saved("script.update", name)] },
    ];
  };
}

async function deletion(world: World): Promise<readonly Attempt[]> {
  const name = await makeScript(world, 1);
  return [
    { what: "none", path: { name: freshName("script") }, status: 404 },
    {
      what: "one",
      path: { name },
      status: 204,
      records: [told("script.delete", `Deleted script '${name}'.`, ["script", name])],
    },
    { what: "the same again", path: { name }, status: 404 },
  ];
}

async function reversion(world: World): Promise<readonly Attempt[]> {
  const name = await makeScript(world, 2);
  const { items } = (await world.root.native.ask("GET", `scripts/${name}/revisions`)).json<{
    readonly items: readonly { readonly id: number }[];
  }>();
  const first = items.at(-1)?.id ?? 0;
  const reverted = (to: number) =>
    told("script.revert", `Reverted script '${name}' to revision '${to}'.`, ["script", name]);
  return [
    { what: "none", path: { name: freshName("script") }, values: { to: -1 }, status: 404 },
    { what: "too far", path: { name }, values: { to: -9 }, status: 400 },
    { what: "a version that isn't there", path: { name }, values: { to: 999_999 }, status: 400 },
    { what: "one back", path: { name }, values: { to: -1 }, status: 200, records: [reverted(-1)] },
    { what: "to a version", path: { name }, values: { to: first }, status: 200, records: [reverted(first)] },
  ];
}

/** Puts a tag on, or takes it off; the native API has the tag in its path. */
function tagging(api: "maas" | "native", kind: "tag" | "untag"): OperationExample {
  return async (world) => {
    const name = await makeScript(world);
    if (kind === "untag") await world.prepare("PUT", `scripts/${name}/tags/slow`);
    const request = (script: string, tag: string): Pick<Attempt, "path" | "values"> =>
      api === "maas" ? { path: { name: script }, values: { tag } } : { path: { name: script, tag } };
    const words = kind === "tag" ? "Added tag 'slow' to" : "Removed tag 'slow' from";
    const records = [told(`script.${kind}`, `${words} script '${name}'.`, ["script", name])];
    return [
      { what: "none", ...request(freshName("script"), "slow"), status: 404 },
      { what: "a tag that follows the hardware type", ...request(name, kind === "tag" ? "cpu" : "node"), status: 400 },
      { what: "a tag", ...request(name, "slow"), status: 200, records },
      { what: "the same again", ...request(name, "slow"), status: 200, records },
    ];
  };
}

/** Commissioning and test scripts. */
export const scriptExamples: OperationExamples = {
  "node-scripts create": creation(asField, 200),
  "POST /api/v1/scripts": creation(asField, 201),
  "commissioning-scripts create": creation(asFile, 200),
  "node-script update": change(asField),
  "PATCH /api/v1/scripts/{name}": change(asField),
  "commissioning-script update": change(asFile),
  "node-script delete": deletion,
  "DELETE /api/v1/scripts/{name}": deletion,
  "commissioning-script delete": deletion,
  "node-script revert": reversion,
  "POST /api/v1/scripts/{name}/revert": reversion,
  "node-script add-tag": tagging("maas", "tag"),
  "PUT /api/v1/scripts/{name}/tags/{tag}": tagging("native", "tag"),
  "node-script remove-tag": tagging("maas", "untag"),
  "DELETE /api/v1/scripts/{name}/tags/{tag}": tagging("native", "untag"),
};
