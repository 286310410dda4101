import { canonicalCli } from "../clients/canonical-cli.ts";
import { gomaasapi } from "../clients/gomaasapi.ts";
import { libmaas } from "../clients/libmaas.ts";
import { expectAnswer, expectSame, expectThat } from "../expectations.ts";
import { expectDescriptions, recorded } from "./records.ts";
import { makeTestScript, type WireScript, scriptText } from "./scripts.ts";
import type { Statement } from "../statement.ts";

const jsonType = "application/json; charset=utf-8";
const plain = "text/plain; charset=utf-8";

/** Statements 64 to 66: commissioning and test scripts. */
export const scriptProducers: readonly Statement[] = [
  {
    number: 64,
    sentence:
      '`POST scripts/` → 200, `Saved script \'x\'.`; not starting `#!/` → 400 `{"script": ["Must start with shebang."]}`.',
    async check(world) {
      const { root } = world;
      for (const client of [canonicalCli, libmaas, gomaasapi]) {
        const { answer: made, events } = await recorded(world, root.username, () =>
          makeTestScript(world, { type: "testing", hardware_type: "cpu", title: "Zoë" }, { client }),
        );
        const { answer, name } = made;
        const script = answer.json<Readonly<Record<string, unknown>>>();
        expectSame(`${answer.asked}: keys`, Object.keys(script).toSorted(), scriptKeys);
        const { title, type, type_name, hardware_type, hardware_type_name, resource_uri } = script;
        const uri = `/MAAS/api/2.0/scripts/${name}`;
        expectSame(
          `${answer.asked}: the script`,
          [script["name"], title, type, type_name, hardware_type, hardware_type_name, resource_uri],
          [name, "Zoë", 2, "Testing script", 1, "CPU", uri],
        );
        expectDescriptions(answer.asked, events, [`Saved script '${name}'.`]);
      }
      const { events } = await recorded(world, root.username, async () => {
        const name = world.name("script");
        world.later(`the script ${name}`, () => root.remove(`scripts/${name}`));
        const wrong = await root.create("scripts/", { name, script: "echo it ran\n" });
        expectAnswer(wrong, { status: 400, json: { script: ["Must start with shebang."] } });
      });
      expectDescriptions("a refused script", events, []);
    },
  },
  {
    number: 65,
    sentence: "update, revert (`to=-1`), add_tag, remove_tag, delete → their texts; `download` → `application/binary`.",
    async check(world) {
      const { root } = world;
      const { name, path } = await makeTestScript(world);
      const { events } = await recorded(world, root.username, async () => {
        const second = Buffer.from(`${scriptText}echo again\n`);
        const updated = await root.update(path, { comment: "second" }, { script: second });
        const { history } = expectAnswer(updated, { status: 200, type: jsonType }).json<WireScript>();
        expectSame(`${updated.asked}: versions`, history.length, 2);
        await expectContent(second.toString());
        const reverted = await root.perform(path, "revert", { to: "-1" });
        const after = expectAnswer(reverted, { status: 200, type: jsonType }).json<WireScript>();
        expectSame(`${reverted.asked}: versions`, after.history, history.slice(1));
        await expectContent(scriptText);
        const tagged = await root.perform(path, "add_tag", { tag: "burn-in" });
        expectTags(expectAnswer(tagged, { status: 200, type: jsonType }).json<WireScript>(), true);
        const untagged = await root.perform(path, "remove_tag", { tag: "burn-in" });
        expectTags(expectAnswer(untagged, { status: 200, type: jsonType }).json<WireScript>(), false);
        expectAnswer(await root.remove(path), { status: 204, type: "text/plain", text: "" });
      });
      expectDescriptions("a script's life", events, [
        `Saved script '${name}'.`,
        `Reverted script '${name}' to revision '-1'.`,
        `Added tag 'burn-in' to script '${name}'.`,
        `Removed tag 'burn-in' from script '${name}'.`,
        `Deleted script '${name}'.`,
      ]);
      expectAnswer(await root.read(path), { status: 404 });

      async function expectContent(text: string): Promise<void> {
        for (const client of [canonicalCli, gomaasapi]) {
          const answer = await world.ann.by(client).query(path, "download");
          expectAnswer(answer, { status: 200, type: "application/binary", text });
        }
      }
    },
  },
  {
    number: 66,
    sentence:
      "`POST commissioning-scripts/` with an upload `content` → 200 with base64 content; without → 400 `No provided content!`.",
    async check(world) {
      const { root, ann } = world;
      const name = world.name("commission");
      const path = `commissioning-scripts/${name}`;
      const content = Buffer.from(scriptText);
      const { answer, events } = await recorded(world, root.username, () =>
        root.create("commissioning-scripts/", { name }, { content }),
      );
      world.later(`the script ${name}`, () => root.remove(`scripts/${name}`));
      const made = expectAnswer(answer, { status: 200 }).json<Readonly<Record<string, unknown>>>();
      expectSame(`${answer.asked}: keys`, Object.keys(made).toSorted(), [
        "content",
        "deprecated",
        "name",
        "resource_uri",
      ]);
      const shown = [made["name"], made["content"], made["resource_uri"]];
      const expected = [name, content.toString("base64"), `/MAAS/api/2.0/${path}`];
      expectSame(`${answer.asked}: name, content and resource_uri`, shown, expected);
      expectDescriptions(answer.asked, events, [`Saved script '${name}'.`]);
      const list = await root.read("commissioning-scripts/");
      expectThat(`${list.asked}: names`, list.json<readonly string[]>().includes(name), name, list.text);
      expectAnswer(await root.read(path), { status: 200, type: "application/binary", text: scriptText });
      const put = await root.update(path, {}, { content: Buffer.from(`${scriptText}echo again\n`) });
      expectAnswer(put, { status: 200, type: "text/plain", text: "OK" });
      for (const parameters of [{}, { content: scriptText }]) {
        const other = world.name("commission");
        world.later(`the script ${other}`, () => root.remove(`scripts/${other}`));
        const without = await root.create("commissioning-scripts/", { name: other, ...parameters });
        expectAnswer(without, { status: 400, type: plain, text: "No provided content!" });
      }
      const text = "User is not allowed access to this API.";
      expectAnswer(await ann.read("commissioning-scripts/"), { status: 403, type: plain, text });
      expectAnswer(await root.remove(path), { status: 204, type: "text/plain", text: "" });
    },
  },
];

const scriptKeys: readonly string[] = [
  "apply_configured_networking",
  "default",
  "description",
  "destructive",
  "for_hardware",
  "hardware_type",
  "hardware_type_name",
  "history",
  "id",
  "may_reboot",
  "name",
  "packages",
  "parallel",
  "parallel_name",
  "parameters",
  "recommission",
  "resource_uri",
  "results",
  "tags",
  "timeout",
  "title",
  "type",
  "type_name",
];

function expectTags({ name, tags }: WireScript, isTagged: boolean): void {
  expectSame(`the script ${name}: whether it bears the tag`, tags.includes("burn-in"), isTagged);
}
