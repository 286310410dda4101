import assert from "node:assert/strict";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
} from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import type { PlainEvent } from "../../database/event-columns.ts";
import { freshFolder } from "../../../test/support/databases/databases.ts";
import { sampleEvents } from "../../../test/support/receivers/sample-events.ts";
import { fileReceiver, type FileOptions } from "./file-receiver.ts";

const never = new AbortController().signal;
const line = ({ id }: PlainEvent): Buffer => Buffer.from(JSON.stringify({ id }));
const start = Date.UTC(2026, 10, 30, 12, 50);

const writing = (folder: string, options: Partial<FileOptions> = {}) =>
  fileReceiver({ folder, name: "ironlog", now: () => start, ...options }, line);

const filesIn = (folder: string): readonly string[] => readdirSync(folder).toSorted();

/** The ids in all files, in the order of their names. Each line must be whole. */
function idsIn(folder: string): readonly number[] {
  return filesIn(folder).flatMap((file) => {
    const text = readFileSync(path.join(folder, file), "utf8");
    assert.ok(text === "" || text.endsWith("\n"));
    return text
      .split("\n")
      .filter((one) => one !== "")
      .map((one) => (JSON.parse(one) as { readonly id: number }).id);
  });
}

const numbers = (count: number, first = 1): readonly number[] => sampleEvents(count, first).map(({ id }) => id);

test("events are lines, in order, in one file that its group may read", async () => {
  using fresh = freshFolder();
  await using file = writing(fresh.folder);
  for (const first of [1, 1_001, 2_001]) {
    assert.deepEqual(await file.deliver(sampleEvents(1_000, first), never), { taken: 1_000, refused: [] });
  }
  assert.deepEqual(filesIn(fresh.folder), ["ironlog-20261130T125000000Z.jsonl"]);
  assert.deepEqual(idsIn(fresh.folder), numbers(3_000));
  assert.equal(statSync(path.join(fresh.folder, "ironlog-20261130T125000000Z.jsonl")).mode & 0o777, 0o640);
});

test("a file ends by size and by age, and the next sorts behind it though the clock was set back", async () => {
  using fresh = freshFolder();
  let now = start;
  await using file = writing(fresh.folder, { bytesMax: 50, ageMsMax: 1_000, now: () => now });
  await file.deliver(sampleEvents(6), never);
  await file.deliver(sampleEvents(1, 7), never);
  now += 999;
  await file.deliver(sampleEvents(1, 8), never);
  now += 1_000;
  await file.deliver(sampleEvents(6, 9), never);
  now -= 5_000;
  await file.deliver(sampleEvents(1, 15), never);
  assert.deepEqual(filesIn(fresh.folder), [
    "ironlog-20261130T125000000Z.jsonl",
    "ironlog-20261130T125000001Z.jsonl",
    "ironlog-20261130T125001999Z.jsonl",
    "ironlog-20261130T125002000Z.jsonl",
  ]);
  assert.deepEqual(idsIn(fresh.folder), numbers(15));
});

test("after a restart a new file begins, and what a crash has torn stays as it is", async () => {
  using fresh = freshFolder();
  const first = path.join(fresh.folder, "ironlog-20261130T125000000Z.jsonl");
  {
    await using before = writing(fresh.folder);
    await before.deliver(sampleEvents(2), never);
  }
  appendFileSync(first, '{"id":');
  const left = readFileSync(first, "utf8");
  // Also where the clock was set back.
  await using again = writing(fresh.folder, { now: () => start - 60_000 });
  await again.deliver(sampleEvents(1, 3), never);
  assert.equal(readFileSync(first, "utf8"), left);
  const second = "ironlog-20261130T125000001Z.jsonl";
  assert.deepEqual(filesIn(fresh.folder), [path.basename(first), second]);
  assert.equal(readFileSync(path.join(fresh.folder, second), "utf8"), '{"id":3}\n');
});

test("two servers that write under one name never touch each other's files", async (t) => {
  using fresh = freshFolder();
  await using one = writing(fresh.folder);
  await using other = writing(fresh.folder);
  await one.deliver(sampleEvents(1), never);
  const handles = await fileHandles();
  const write = handles.write as (this: FileHandle, bytes: Buffer, at: number) => Promise<{ bytesWritten: number }>;
  const { promise: half, resolve: halfWritten } = Promise.withResolvers<void>();
  const { promise: goOn, resolve: finish } = Promise.withResolvers<void>();
  const slow = t.mock.method(handles, "write", async function (this: FileHandle, bytes: Buffer) {
    slow.mock.restore();
    await write.call(this, bytes.subarray(0, 3), 0);
    halfWritten();
    await goOn;
    return { bytesWritten: 3 };
  });
  const writes = one.deliver(sampleEvents(2, 2), never);
  await half;
  await other.deliver(sampleEvents(1, 4), never);
  finish();
  await writes;
  assert.equal(filesIn(fresh.folder).length, 2);
  assert.deepEqual(idsIn(fresh.folder), numbers(4));
  // Both begin at once, and with the same time.
  const several = Array.from({ length: 8 }, () => writing(fresh.folder));
  await Promise.all(several.map((file, index) => file.deliver(sampleEvents(1, 5 + index), never)));
  await Promise.all(several.map((file) => file[Symbol.asyncDispose]()));
  assert.equal(filesIn(fresh.folder).length, 10);
  assert.deepEqual(
    idsIn(fresh.folder).toSorted((a, b) => a - b),
    numbers(12),
  );
});

test("files that another program deletes, moves or empties are borne", async () => {
  using fresh = freshFolder();
  using elsewhere = freshFolder();
  let now = start;
  await using file = writing(fresh.folder, { now: () => now });
  const path1 = path.join(fresh.folder, "ironlog-20261130T125000000Z.jsonl");
  await file.deliver(sampleEvents(2), never);
  renameSync(path1, path.join(elsewhere.folder, "moved.jsonl"));
  await file.deliver(sampleEvents(2, 3), never);
  assert.deepEqual(idsIn(elsewhere.folder), [1, 2]);
  assert.deepEqual(idsIn(fresh.folder), [3, 4]);
  rmSync(path1);
  now += 1;
  await file.deliver(sampleEvents(2, 5), never);
  assert.deepEqual(idsIn(fresh.folder), [5, 6]);
  truncateSync(path.join(fresh.folder, filesIn(fresh.folder)[0] ?? ""), 0);
  await file.deliver(sampleEvents(2, 7), never);
  assert.deepEqual(idsIn(fresh.folder), [7, 8]);
});

test("two destinations in one folder keep to their own files", async () => {
  using fresh = freshFolder();
  await using one = writing(fresh.folder, { name: "a" });
  await using other = writing(fresh.folder, { name: "a-b" });
  await other.deliver(sampleEvents(1, 2), never);
  await one.deliver(sampleEvents(1, 1), never);
  assert.deepEqual(filesIn(fresh.folder), ["a-20261130T125000000Z.jsonl", "a-b-20261130T125000000Z.jsonl"]);
  assert.deepEqual(idsIn(fresh.folder), [1, 2]);
});

test("a folder that can't be written to is said with its mend, and works once it is mended", async () => {
  using fresh = freshFolder();
  assert.throws(() => writing("relative/path"), /no absolute path/);
  assert.throws(() => writing(fresh.folder, { name: "../up" }), /can't begin a file's name/);
  await using missing = writing(path.join(fresh.folder, "missing"));
  await assert.rejects(missing.deliver(sampleEvents(1), never), /missing is no folder: create it/);
  mkdirSync(path.join(fresh.folder, "missing"));
  await missing.deliver(sampleEvents(1), never);
  assert.deepEqual(idsIn(path.join(fresh.folder, "missing")), [1]);
});

test("a symbolic link with a file's name is not followed", async () => {
  using fresh = freshFolder();
  const elsewhere = path.join(fresh.folder, "elsewhere");
  symlinkSync(elsewhere, path.join(fresh.folder, "ironlog-20261130T125000000Z.jsonl"));
  await using file = writing(fresh.folder);
  await file.deliver(sampleEvents(1), never);
  assert.ok(!existsSync(elsewhere));
  assert.equal(statSync(path.join(fresh.folder, "ironlog-20261130T125000001Z.jsonl")).size, 9);
});

/** What all open files do. */
async function fileHandles(): Promise<FileHandle> {
  await using any = await open(import.meta.filename);
  return Object.getPrototypeOf(any) as FileHandle;
}

test("a write that a full disk cuts leaves no half line, and nothing is acknowledged", async (t) => {
  using fresh = freshFolder();
  await using file = writing(fresh.folder);
  await file.deliver(sampleEvents(2), never);
  const handles = await fileHandles();
  const write = handles.write as (this: FileHandle, bytes: Buffer) => Promise<unknown>;
  for (const truncates of [true, false]) {
    const half = t.mock.method(handles, "write", async function (this: FileHandle, bytes: Buffer) {
      await write.call(this, bytes.subarray(0, bytes.length - 3));
      throw Object.assign(new Error("no space"), { code: "ENOSPC" });
    });
    const cut = truncates ? undefined : t.mock.method(handles, "truncate", () => Promise.reject(new Error("no")));
    await assert.rejects(file.deliver(sampleEvents(1, 3), never), /no room left in .*: make room there/);
    half.mock.restore();
    cut?.mock.restore();
    if (truncates) assert.deepEqual(idsIn(fresh.folder), [1, 2]);
  }
  await file.deliver(sampleEvents(2, 3), never);
  // Behind a half line that could not be taken back nothing may come.
  const [first = "", second = "", ...more] = filesIn(fresh.folder);
  assert.equal(readFileSync(path.join(fresh.folder, first), "utf8"), '{"id":1}\n{"id":2}\n{"id":');
  assert.equal(readFileSync(path.join(fresh.folder, second), "utf8"), '{"id":3}\n{"id":4}\n');
  assert.deepEqual(more, []);
});

test("a disk that stays full doesn't collect a file with each attempt", async (t) => {
  using fresh = freshFolder();
  const full = Object.assign(new Error("no space"), { code: "ENOSPC" });
  t.mock.method(await fileHandles(), "write", () => Promise.reject(full));
  for (let attempt = 0; attempt < 3; attempt++) {
    await using file = writing(fresh.folder);
    await assert.rejects(file.deliver(sampleEvents(1), never), /no room left/);
  }
  assert.deepEqual(filesIn(fresh.folder), []);
});

test("what isn't known to be on the disk isn't acknowledged", async (t) => {
  using fresh = freshFolder();
  await using file = writing(fresh.folder);
  await file.deliver(sampleEvents(2), never);
  const failing = t.mock.method(await fileHandles(), "sync", () => Promise.reject(new Error("input/output error")));
  await assert.rejects(file.deliver(sampleEvents(2, 3), never), /Writing to .* failed: input\/output error/);
  failing.mock.restore();
  await file.deliver(sampleEvents(2, 3), never);
  assert.deepEqual(idsIn(fresh.folder), numbers(4));
});
