import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMetadata } from "./metadata.ts";

const start = "# --- Start MAAS 1.0 script metadata ---";
const end = "# --- End MAAS 1.0 script metadata ---";

/** A script with these lines of metadata. */
function script(...lines: readonly string[]): string {
  return ["#!/bin/sh", start, ...lines, end, "echo hello", ""].join("\n");
}

function refused(text: string, ...sentences: readonly (string | RegExp)[]): void {
  assert.throws(
    () => parseMetadata(text),
    (error: { code?: string; fields?: { script?: readonly string[] } }) => {
      assert.equal(error.code, "invalid");
      const [said = ""] = error.fields?.script ?? [];
      for (const sentence of sentences) assert.match(said, typeof sentence === "string" ? exactly(sentence) : sentence);
      return true;
    },
  );
}

const exactly = (text: string): RegExp => new RegExp(`^${text.replaceAll(/[.*+?^$()|[\]\\{}]/g, "\\$&")}$`);

test("a line without # is refused, a blank one isn't", () => {
  refused(script("# name: x", "title: y"), 'Missing "#" on YAML line.');
  assert.deepEqual(parseMetadata(script("# name: x", "", "   ", "# title: y")), { name: "x", title: "y" });
});

test("YAML that is none is refused, with the line, and without the text", () => {
  refused(script("# name: x", "# tags: [a, secret"), /^Invalid YAML: .*\(line \d of the metadata\)$/, /^(?!.*secret)/);
  refused(script("# name: x", "# name: y"), /^Invalid YAML: Map keys must be unique \(line 2 of the metadata\)$/);
  refused(script("# - a", "# - b"), "Invalid YAML: write the metadata as a mapping, such as name: value");
  refused(script("# just words"), /^Invalid YAML: write the metadata as a mapping/);
  refused(script("# name: *nothing"), /^Invalid YAML: .*alias/i);
  refused(script("# ? [a]", "# : b"), /^Invalid YAML: /);
  refused(script("# name: x", "# ---", "# name: y"), /^Invalid YAML: /);
});

test("tags of YAML's own making are refused", () => {
  refused(script("# name: !!python/object:os.system x"), /^Invalid YAML: Unresolved tag/);
  refused(script("# title: !secret x"), /^Invalid YAML: Unresolved tag/);
  refused(script("# title: !!binary aGVsbG8="), /^Invalid YAML: Unresolved tag/);
});

test("aliases that multiply are refused, one isn't", () => {
  const bomb = ["# a: &a [x,x,x,x,x,x,x,x,x]"];
  for (const [at, name] of ["b", "c", "d", "e", "f", "g", "h"].entries()) {
    const before = "abcdefg".charAt(at);
    bomb.push(`# ${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(",")}]`);
  }
  refused(script(...bomb, "# parameters: {p: *h}"), /^Invalid YAML: /);
  assert.throws(() => parseMetadata(script("# parameters: &p {again: *p}")), {
    fields: { parameters: ["Nest at most 32 levels deep."] },
  });
  assert.deepEqual(parseMetadata(script("# title: &t Same", "# description: *t")), {
    title: "Same",
    description: "Same",
  });
});

test("brackets without an end are refused, soon", () => {
  refused(script(`# parameters: ${"[".repeat(30_000)}`), /^Invalid YAML: /);
  refused(script(`# parameters: ${"{a: ".repeat(8_000)}`), /^Invalid YAML: /);
  refused(script(`# title: ${"x".repeat(40_000)}`), "Invalid YAML: write at most 32768 characters of metadata");
});

test("a line as long as a script is no marker, and found none at once", () => {
  const long = `#${" ".repeat(1_000_000)}start maas 1.0 script metadata`;
  // Looked for at each blank anew it would take hours.
  assert.deepEqual(parseMetadata(`#!/bin/sh\n${long}\n# name: x\n`), {});
});

test("a mapping may be merged, and single letters are text", () => {
  assert.deepEqual(parseMetadata(script("# parameters:", "#   a: &a {x: 1}", "#   b: {<<: *a, y: n}")), {
    parameters: { a: { x: 1 }, b: { x: 1, y: "n" } },
  });
});

test("metadata of another version, or without an end, is refused", () => {
  refused("#!/bin/sh\n# --- Start MAAS 2.0 script metadata ---\n", /^Metadata of version 2\.0 is not known here/);
  refused(`#!/bin/sh\n${start}\n# name: x\n`, /^Invalid YAML: the metadata has no end/);
});

test("a value that is wrong is refused under its own key", () => {
  const fieldsOf = (...lines: readonly string[]): unknown => {
    try {
      return parseMetadata(script(...lines));
    } catch (error) {
      return Object.keys((error as { fields: object }).fields);
    }
  };
  assert.deepEqual(fieldsOf("# timeout: soon"), ["timeout"]);
  assert.deepEqual(fieldsOf("# hardware_type: toaster"), ["hardware_type"]);
  assert.deepEqual(fieldsOf("# script_type: 7"), ["script_type"]);
  assert.deepEqual(fieldsOf("# parallel: perhaps"), ["parallel"]);
  assert.deepEqual(fieldsOf("# destructive: perhaps"), ["destructive"]);
  assert.deepEqual(fieldsOf("# name: 12"), ["name"]);
  assert.deepEqual(fieldsOf("# tags: [1]"), ["tags"]);
  assert.deepEqual(fieldsOf("# packages: [apt]"), ["packages"]);
  assert.deepEqual(fieldsOf("# parameters: 1"), ["parameters"]);
  assert.deepEqual(fieldsOf("# results: {a: {description: x}}"), ["results"]);
  assert.deepEqual(fieldsOf("# results: [1]"), ["results"]);
  assert.deepEqual(fieldsOf('# title: "\\0"'), ["title"]);
  assert.deepEqual(fieldsOf('# parameters: {"\\ud800": x}'), ["parameters"]);
  assert.deepEqual(fieldsOf("# parameters: {p: .inf}"), ["parameters"]);
});

test("without a block there is nothing, and unknown keys are passed over", () => {
  assert.deepEqual(parseMetadata("#!/bin/sh\necho name: x\n"), {});
  assert.deepEqual(parseMetadata(script()), {});
  assert.deepEqual(parseMetadata(script("# author: me", "# __proto__: {a: 1}", "# name: x")), { name: "x" });
});

test("every key is read, the markers in any case and with any number of dashes", () => {
  const text = [
    "#!/usr/bin/env python3",
    "# - START maas 1.0 SCRIPT metadata -------",
    "# name: disk-check",
    "# title: Check the disks",
    "# description: |",
    "#   On two",
    "#   lines.",
    "# script_type: test",
    "# hardware_type: storage",
    "# parallel: instance",
    "# timeout: 1:30:00",
    "# destructive: yes",
    "# may_reboot: off",
    "# recommission: true",
    "# tags: slow, disk",
    "# for_hardware:",
    "#   - pci:8086:1918",
    "# packages: {apt: [fio]}",
    "# results:",
    "#   speed:",
    "#     title: Speed",
    "#     description: In MB/s",
    "# parameters:",
    "#   storage: {type: storage, required: false}",
    "#- End MAAS 1.0 script metadata",
    "print(1)",
  ].join("\n");
  assert.deepEqual(parseMetadata(text), {
    name: "disk-check",
    title: "Check the disks",
    description: "On two\nlines.\n",
    type: "testing",
    hardwareType: "storage",
    parallel: "instance",
    timeoutSeconds: 5_400,
    destructive: true,
    mayReboot: false,
    recommission: true,
    tags: ["slow", "disk"],
    forHardware: ["pci:8086:1918"],
    packages: { apt: ["fio"] },
    results: { speed: { title: "Speed", description: "In MB/s" } },
    parameters: { storage: { type: "storage", required: false } },
  });
  assert.deepEqual(parseMetadata(script("# results: [a, b]")), { results: ["a", "b"] });
  assert.deepEqual(parseMetadata(script("# timeout: 00:05:00")), { timeoutSeconds: 300 });
});
