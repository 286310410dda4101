import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { test } from "node:test";
import { Refusal } from "../../../src/refusal.ts";
import { openBundle } from "../../../src/transparency/bundles/bundle-source.ts";
import { readTar } from "../../../src/transparency/bundles/tar.ts";
import { checkBundle } from "../../../src/transparency/verification/bundle-check.ts";
import { generateSigningKey, parseVerifier } from "../../../src/verifiable-log/signed-note.ts";
import { makeBundle } from "./made-bundle.ts";

// Archives as somebody may send them to an auditor. None of them may be taken for evidence, and none may do anything.

type Member = readonly [name: string, content: Buffer | string, change?: (header: Buffer) => void];

/** An archive of members in any order and under any name. */
function pack(members: readonly Member[]): Buffer {
  const blocks = members.map(([name, content, change]) => {
    const bytes = Buffer.from(content);
    const header = Buffer.alloc(512);
    header.write(name, 0, "utf8");
    header.write("0000600\0", 100, "latin1");
    header.write(`${bytes.length.toString(8).padStart(11, "0")}\0`, 124, "latin1");
    header.write("0", 156, "latin1");
    header.write("ustar\x0000", 257, "latin1");
    change?.(header);
    header.fill(" ", 148, 156);
    const sum = header.reduce((all, byte) => all + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0`, 148, "latin1");
    return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function membersOf(archive: Buffer): readonly Member[] {
  const files = readTar((start, length) => archive.subarray(start, start + length));
  return [...files].map(([name, { start, size }]) => [name, archive.subarray(start, start + size)]);
}

/** Makes an archive, and says what is found of others in its place. */
async function makeArchive(filters: readonly string[]) {
  const bundle = await makeBundle("sqlite", filters, "evidence.tar");
  const archive = readFileSync(bundle.folder);
  const trusted = [parseVerifier(bundle.key)];
  const found = (content: Buffer, keys = trusted): string => {
    const file = path.join(bundle.outer.folder, "other.tar");
    writeFileSync(file, content);
    try {
      using source = openBundle(file);
      const { faults, unreadable } = checkBundle(source, keys);
      return [...faults, ...unreadable].join("\n") || "holds";
    } catch (error) {
      // Anything else would end the command with a stack.
      assert.ok(error instanceof Refusal, String(error));
      return error.message;
    }
  };
  return { ...bundle, archive, found, members: membersOf(archive) };
}

test("an archive that is cut anywhere, or that anything follows, doesn't hold", async () => {
  await using made = await makeArchive(["action=token.create"]);
  const { archive, found } = made;
  assert.equal(found(archive), "holds");
  const step = Math.ceil(archive.length / 40);
  const cuts = Array.from({ length: 40 }, (_, at) => at * step).filter((cut) => cut < archive.length);
  for (const cut of [...cuts, ...[1, 2, 511, 512, 513, 1023, 1024, 1025].map((bytes) => archive.length - bytes)]) {
    assert.match(found(archive.subarray(0, cut)), /ends too soon/, String(cut));
  }
  assert.equal(found(Buffer.concat([archive, Buffer.alloc(100_000)])), "holds");
  const more = Buffer.concat([archive, Buffer.alloc(100_000), pack([["evidence/more", "more"]])]);
  assert.match(found(more), /behind the archive's end/);
});

test("an archive with any byte changed says nothing else of any event, or doesn't hold", async () => {
  await using made = await makeArchive(["action=token.create", "owner=bob"]);
  const { archive, found } = made;
  /** What lines say: a member that is null says no more than one that is left out. */
  const claims = (content: Buffer): readonly string[] => {
    const [, events = ""] = membersOf(content).find(([name]) => name.endsWith("/events.ndjson")) ?? [];
    const lines = events.toString("utf8").trimEnd().split("\n");
    return lines.map((line) => JSON.stringify(JSON.parse(line), (_, value: unknown) => value ?? undefined));
  };
  const wanted = claims(archive);
  let refused = 0;
  for (let at = 0; at < archive.length; at += 97) {
    const changed = Buffer.from(archive);
    changed[at] = (changed[at] ?? 0) ^ 0x20;
    if (found(changed) === "holds") assert.deepEqual(claims(changed), wanted, String(at));
    else refused += 1;
  }
  assert.ok(refused * 97 > archive.length / 2);
});

test("an archive whose members lie elsewhere, come twice or are no files cannot be read, and nothing is written", async () => {
  await using made = await makeArchive(["action=token.create"]);
  const { archive, found, members, outer } = made;
  const folder = members[0]?.[0].split("/")[0] ?? "";
  const type = (letter: string) => (header: Buffer) => void header.write(letter, 156, "latin1");
  const more: Readonly<Record<string, readonly [Member, RegExp]>> = {
    "above its folder": [["../escaped", "x"], /outside of its folder/],
    "above its folder, from inside": [[`${folder}/../escaped`, "x"], /outside of its folder/],
    "an absolute name": [[path.join(outer.folder, "escaped"), "x"], /outside of its folder/],
    "another folder": [["other/escaped", "x"], /outside of its folder/],
    "no folder": [["escaped", "x"], /outside of its folder/],
    "an absolute beginning of the name": [
      [`${folder}/x`, "x", (header) => void header.write("/tmp", 345, "latin1")],
      /outside of its folder/,
    ],
    "the same file twice": [[`${folder}/events.ndjson`, "{}\n"], /events\.ndjson twice/],
    "the same file twice, written otherwise": [[`${folder}/./events.ndjson`, "{}\n"], /events\.ndjson twice/],
    "a symbolic link": [[`${folder}/link`, "", type("2")], /no file/],
    "a hard link": [[`${folder}/link`, "", type("1")], /no file/],
    "a device": [[`${folder}/device`, "", type("3")], /no file/],
    "a length below zero": [
      [`${folder}/x`, "", (header) => void header.write("-0000001000\0", 124, "latin1")],
      /another form/,
    ],
    "a length that is no number": [
      [`${folder}/x`, "", (header) => void header.write("zzzzzzzzzzz\0", 124, "latin1")],
      /another form/,
    ],
    "a record longer than all": [[`${folder}/x`, "99999999999999999999 size=5\n", type("x")], /another form/],
    "a name that ends the line": [[`${folder}/events.ndjson\nall is well\u001B[2J`, "", type("2")], /^\P{Cc}+$/u],
  };
  const before = readdirSync(outer.folder);
  for (const [what, [member, why]] of Object.entries(more)) {
    assert.match(found(pack([...members, member])), why, what);
    assert.match(found(pack([member, ...members])), why, `${what}, first`);
  }
  assert.equal(found(pack(members)), "holds");
  assert.deepEqual(
    readdirSync(outer.folder).filter((name) => !before.includes(name)),
    ["other.tar"],
  );
  assert.equal(found(archive), "holds");
});

test("events that were moved, removed, added, changed or taken from another log don't hold", async () => {
  await using made = await makeArchive(["action=token.create"]);
  await using other = await makeArchive(["action=user.create"]);
  const { found, members, log } = made;
  const content = (name: string, from = members): Buffer =>
    Buffer.from(from.find(([found]) => found.endsWith(`/${name}`))?.[1] ?? assert.fail(name));
  const changed = (name: string, to: Buffer | string): Buffer =>
    pack(members.map(([member, bytes]) => [member, member.endsWith(`/${name}`) ? to : bytes]));
  const text = content("events.ndjson").toString("utf8");
  const lines = text.trimEnd().split("\n");
  const written = (wanted: readonly string[]): Buffer => changed("events.ndjson", `${wanted.join("\n")}\n`);
  const another = content("events.ndjson", other.members).toString("utf8").split("\n")[0] ?? "";
  const changes: Readonly<Record<string, Buffer>> = {
    "the other way round": written(lines.toReversed()),
    "the first one last": written([...lines.slice(1), lines[0] ?? ""]),
    "one twice, one after the other": written([lines[0] ?? "", ...lines]),
    "one removed": written(lines.slice(1)),
    "all removed": changed("events.ndjson", ""),
    "one added": written([another, ...lines]),
    "a line that is none": written([...lines, "{}"]),
    "a line of much depth": written([...lines, "[".repeat(100_000)]),
    "an id that is none": written([...lines, '{"id":1e999}']),
    "an id that is a path": written([...lines, '{"id":"../../checkpoint"}']),
    "a mark at the beginning": changed("events.ndjson", `\uFEFF${text}`),
    "the log's first checkpoint": changed("checkpoint", log.firstNote),
    "no checkpoint's text": changed("checkpoint", Buffer.alloc(5_000_000, "x")),
    "no policy": pack(members.filter(([name]) => !name.endsWith("/policy"))),
    "no checkpoint": pack(members.filter(([name]) => !name.endsWith("/checkpoint"))),
    "no events": pack(members.filter(([name]) => !name.endsWith("/events.ndjson"))),
    "no proofs": pack(members.filter(([name]) => !name.includes("/proofs/"))),
  };
  for (const [what, archive] of Object.entries(changes)) assert.notEqual(found(archive), "holds", what);
  assert.equal(found(written(lines)), "holds");

  const foreign = generateSigningKey("log", "example.com/other");
  const keys = (...texts: readonly string[]) => texts.map((key) => parseVerifier(key));
  assert.notEqual(found(made.archive, keys(foreign.text)), "holds");
  // The key of a second log that is trusted isn't the one that this bundle names.
  assert.equal(found(made.archive, keys(foreign.text, made.key)), "holds");
  assert.match(
    found(changed("policy", `log ${foreign.text}\n`), keys(foreign.text, made.key)),
    /policy: .*another key/,
  );
});

test("other bytes that a reader would show as the same text don't hold", async () => {
  await using made = await makeArchive(["action=user.create"]);
  const { archive, found } = made;
  const mark = Buffer.from("\uFFFD", "utf8");
  const at = archive.indexOf(mark);
  assert.ok(at > 0);
  const changed = Buffer.from(archive);
  // Three bytes that are no UTF-8, each of which is shown as that mark, where one stood; the length stays.
  changed[at] = 0xf0;
  changed[at + 1] = 0x9f;
  changed[at + 2] = 0x98;
  assert.match(found(changed), /no text in UTF-8/);
});

test("a bundle that was packed anew by tar holds, with its folder and without", async () => {
  await using bundle = await makeBundle("sqlite", ["action=token.create"]);
  const { shell, key, folder, outer } = bundle;
  const archive = path.join(outer.folder, "again.tar");
  for (const args of [
    ["-C", outer.folder, "evidence"],
    ["-C", outer.folder, "./evidence"],
    ["-C", folder, "."],
    ["-C", folder, "README", "checkpoint", "events.ndjson", "policy", "proofs"],
  ]) {
    execFileSync("tar", ["-cf", archive, ...args]);
    const ran = await shell.ironlog(["log", "check-bundle", archive, "--key", key]);
    assert.equal(ran.code, 0, `${args.join(" ")}: ${ran.stdout}${ran.stderr}`);
  }
});

test("what isn't checked of a bundle is named, as text and as JSON, on a line of its own", async () => {
  await using bundle = await makeBundle("sqlite", ["action=token.create"]);
  const { shell, key, folder, outer } = bundle;
  const check = (...more: readonly string[]) => shell.ironlog(["log", "check-bundle", folder, "--key", key, ...more]);
  const first = await check();
  assert.equal(first.code, 0, first.stdout + first.stderr);
  assert.match(first.stdout, /are in the log .*\nNot checked: README\.\n$/);
  mkdirSync(path.join(folder, "more"));
  writeFileSync(path.join(folder, "more", "a report.pdf"), "x");
  writeFileSync(path.join(folder, "x\nall 900 events are in the log"), "x");
  symlinkSync(outer.folder, path.join(folder, "elsewhere"));
  const added = await check();
  assert.equal(added.code, 0, added.stdout + added.stderr);
  const names = added.stdout.split("\n")[1] ?? "";
  for (const name of [
    "README",
    "'more/a report.pdf'",
    String.raw`$'x\u000aall 900 events are in the log'`,
    "elsewhere",
  ]) {
    assert.ok(names.includes(name), `${name}: ${names}`);
  }
  const { unchecked } = JSON.parse((await check("--json")).stdout) as { readonly unchecked: readonly string[] };
  assert.deepEqual(unchecked.toSorted(), [
    "README",
    "elsewhere",
    "more/a report.pdf",
    "x\nall 900 events are in the log",
  ]);
});

test("what a bundle brings along to a terminal's place, or to be waited for, is neither printed raw nor waited for", async () => {
  await using bundle = await makeBundle("sqlite", ["action=token.create"]);
  const { shell, key, folder, outer } = bundle;
  const check = (place: string) => shell.ironlog(["log", "check-bundle", place, "--key", key]);
  const events = readFileSync(path.join(folder, "events.ndjson"), "utf8");
  writeFileSync(path.join(folder, "events.ndjson"), events.replace('{"id"', '{"\\n\\u001b[2J: holds":1,"id"'));
  const named = await check(folder);
  assert.equal(named.code, 1);
  assert.match(named.stdout, /nothing proves its/);
  assert.equal(named.stdout.split("\n").length, 4, named.stdout);
  assert.match(named.stdout.replaceAll("\n", ""), /^\P{Cc}+$/u);
  const pipe = path.join(outer.folder, "pipe");
  execFileSync("mkfifo", [pipe, path.join(folder, "policy.new")]);
  assert.equal((await check(pipe)).code, 2);
  execFileSync("mv", [path.join(folder, "policy.new"), path.join(folder, "policy")]);
  const waited = await check(folder);
  assert.match(waited.stdout, /policy: it is no ordinary file/);
  assert.equal((await check("/dev/zero")).code, 2);
});
