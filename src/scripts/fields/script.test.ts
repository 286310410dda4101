import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseContent } from "./content.ts";
import { parseFields } from "./field.ts";
import { parseScriptName } from "./script.ts";
import { parseNewSaving, parseSaving } from "../saving.ts";
import { resolveChanges, resolveNew } from "./resolve-fields.ts";

const shell = "#!/bin/sh\necho hello\n";
const embedding = (...lines: readonly string[]): string =>
  [
    "#!/bin/sh",
    "# --- Start MAAS 1.0 script metadata ---",
    ...lines,
    "# --- End MAAS 1.0 script metadata ---",
    "",
  ].join("\n");
const refusedAs = (field: string, sentence: string) => ({ code: "invalid", fields: { [field]: [sentence] } });

test("names that are none are refused in MAAS's words", () => {
  assert.throws(() => parseScriptName(""), refusedAs("name", "This field is required."));
  assert.throws(() => parseScriptName("None"), refusedAs("name", '"none" is a reserved name.'));
  assert.throws(() => parseScriptName("42"), refusedAs("name", "Cannot be a number."));
  for (const name of ["a b", "a'b", 'a"b', "a;b", "é", "a/b", ".", "..", "$a", "a\n", "a\\b"]) {
    const sentence = `Name '${name}' contains disallowed characters, e.g. space or quotes.`;
    assert.throws(() => parseScriptName(name), refusedAs("name", sentence));
  }
  assert.throws(
    () => parseScriptName("x".repeat(256)),
    refusedAs("name", "Ensure this value has at most 255 characters (it has 256)."),
  );
});

test("names that a shell doesn't quote are good", () => {
  for (const name of ["a", "7z", "a_b@c%d+e=f:g,h.i-j", "nonesuch", "x".repeat(255)]) {
    assert.equal(parseScriptName(name), name);
  }
});

test("a script that is none is refused", () => {
  assert.throws(() => parseContent(""), refusedAs("script", "Must start with shebang."));
  assert.throws(() => parseContent("echo"), refusedAs("script", "Must start with shebang."));
  assert.throws(() => parseContent("\ufeff#!/bin/sh"), refusedAs("script", "Must start with shebang."));
  assert.throws(() => parseContent(Buffer.from([0x23, 0x21, 0x2f, 0xff])), /UTF-8/);
  assert.throws(() => parseContent("#!/bin/sh\n\0"), /NUL/);
  assert.throws(() => parseContent("#!/bin/sh\n\ud800"), /well-formed/);
  assert.throws(() => parseContent(`#!/${"x".repeat(1_048_576)}`), /at most 1048576 bytes/);
  assert.equal(parseContent(`#!/${"x".repeat(1_048_573)}`).sizeBytes, 1_048_576);
});

test("lines end with LF, however they came", () => {
  assert.equal(parseContent("#!/bin/sh\r\necho\r\n").text, "#!/bin/sh\necho\n");
  assert.equal(parseContent(Buffer.from("#!/bin/sh\r\n")).text, "#!/bin/sh\n");
});

test("a comment needs a script, and a new script its text and its name", () => {
  assert.throws(
    () => parseSaving({ fields: [], script: undefined, comment: "why" }),
    refusedAs("comment", '"comment" may only be used when specifying a "script" as well.'),
  );
  assert.throws(() => parseNewSaving({ fields: [], script: undefined, comment: undefined }), {
    fields: { name: ["This field is required."], script: ["This field is required."] },
  });
  assert.throws(() => resolveNew({}, parseContent(shell)), refusedAs("name", "This field is required."));
  assert.throws(() => parseSaving({ fields: [], script: shell, comment: "x".repeat(256) }), /at most 255 characters/);
});

test("types are numbers or words, and nothing else", () => {
  const typeOf = (value: unknown) => parseFields([["type", value]]).type;
  for (const value of ["commission", "commissioning", "Commissioning", "0", 0]) {
    assert.equal(typeOf(value), "commissioning");
  }
  for (const value of ["test", "testing", "2", 2]) assert.equal(typeOf(value), "testing");
  for (const value of ["1", "release", "", true, null, [], "constructor"]) {
    assert.throws(() => typeOf(value), { code: "invalid" });
  }
  const hardwareOf = (value: unknown) => parseFields([["hardware_type", value]]).hardwareType;
  assert.deepEqual(["machine", "processor", "ram", "ssd", "interface"].map(hardwareOf), [
    "node",
    "cpu",
    "memory",
    "storage",
    "network",
  ]);
  const parallelOf = (value: unknown) => parseFields([["parallel", value]]).parallel;
  assert.deepEqual(["none", "name", "enabled"].map(parallelOf), ["disabled", "instance", "any"]);
});

test("flags such as 0 and no are false", () => {
  const flagOf = (value: unknown) => parseFields([["destructive", value]]).destructive;
  for (const value of ["false", "False", "0", "no", "off", "", false]) assert.equal(flagOf(value), false);
  for (const value of ["true", "1", "yes", "on", true]) assert.equal(flagOf(value), true);
  for (const value of ["perhaps", 2, [], {}]) assert.throws(() => flagOf(value), /true or false/);
});

test("lists come as lists, with commas, and hardware as JSON too", () => {
  assert.deepEqual(parseFields([["tags", " a, b,,a "]]), { tags: ["a", "b"] });
  assert.deepEqual(parseFields([["tags", ["a", "b,c"]]]), { tags: ["a", "b", "c"] });
  assert.deepEqual(parseFields([["for_hardware", '["pci:1:2", "usb:3:4"]']]), { forHardware: ["pci:1:2", "usb:3:4"] });
  assert.deepEqual(parseFields([["for_hardware", "pci:1:2,usb:3:4"]]), { forHardware: ["pci:1:2", "usb:3:4"] });
  for (const value of ['["a", 1]', "[", 7]) {
    assert.throws(() => parseFields([["for_hardware", value]]), { code: "invalid" });
  }
  assert.throws(() => parseFields([["tags", "x".repeat(65)]]), /at most 64 characters/);
  assert.throws(() => parseFields([["tags", Array.from({ length: 51 }, (_, at) => `t${at}`)]]), /at most 50 tags/);
});

test("packages are a JSON object of a size and a depth", () => {
  assert.deepEqual(parseFields([["packages", '{"apt": ["fio"]}']]), { packages: { apt: ["fio"] } });
  assert.deepEqual(parseFields([["packages", ""]]), { packages: {} });
  for (const value of ["[]", "apt", "{", "1", '{"a": "\\u0000"}', `{"a": ${"[".repeat(40)}${"]".repeat(40)}}`]) {
    assert.throws(() => parseFields([["packages", value]]), { code: "invalid" });
  }
  assert.throws(() => parseFields([["packages", `{"a": "${"x".repeat(16_384)}"}`]]), /16384/);
});

test("a parameter may repeat what is embedded, but not contradict it, tags and timeout excepted", () => {
  const content = parseContent(
    embedding("# name: n", "# title: T", "# destructive: true", "# tags: a", "# timeout: 60"),
  );
  const sentence = "May not override values defined in embedded YAML.";
  assert.throws(() => resolveNew({ title: "U" }, content), refusedAs("title", sentence));
  assert.throws(() => resolveNew({ name: "m" }, content), refusedAs("name", sentence));
  assert.throws(() => resolveNew({ destructive: false }, content), refusedAs("destructive", sentence));
  const same = resolveNew({ name: "n", title: "T" }, content);
  assert.deepEqual([same.tags, same.timeoutSeconds], [["a", "node", "destructive"], 60]);
  const given = resolveNew({ tags: ["b"], timeoutSeconds: 5 }, content);
  assert.deepEqual([given.tags, given.timeoutSeconds], [["b", "node", "destructive"], 5]);
});

test("a new text tells its fields anew, but for tags and timeout; results go with the text", () => {
  const first = resolveNew({ name: "n" }, parseContent(embedding("# title: T", "# results: [a]")));
  const next = parseContent(embedding("# description: D", "# tags: other", "# timeout: 60"));
  const after = resolveChanges(first, {}, next.embedded, { hasNewText: true });
  assert.deepEqual(
    [after.title, after.description, after.tags, after.timeoutSeconds, after.results],
    ["T", "D", ["node"], 0, {}],
  );
});

test("for any tags, those of the hardware type and of destructiveness are in step, and the others stay in order", () => {
  const tag = fc.constantFrom("node", "cpu", "memory", "storage", "network", "destructive", "a", "b", "c");
  const hardwareType = fc.constantFrom("node", "cpu", "memory", "storage", "network" as const);
  fc.assert(
    fc.property(fc.uniqueArray(tag), hardwareType, fc.boolean(), (tags, type, destructive) => {
      const given = { ...parseFields([["hardware_type", type]]), name: "n", tags, destructive };
      const settled = resolveNew(given, parseContent(shell)).tags;
      const own = (list: readonly string[]) => list.filter((one) => ["a", "b", "c"].includes(one));
      assert.deepEqual(own(settled), own(tags));
      assert.deepEqual(
        settled.filter((one) => !own(settled).includes(one)).toSorted(),
        [type, ...(destructive ? ["destructive"] : [])].toSorted(),
      );
    }),
  );
});
