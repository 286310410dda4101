import assert from "node:assert/strict";
import { cpSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { hasProgram, run } from "../support/processes/command.ts";
import { freshFolder } from "../support/databases/databases.ts";
import { send } from "../support/clients/http-client.ts";
import { allEvents, bearer } from "../support/clients/native-client.ts";
import { powerFailure } from "../support/reports.ts";
import { mainFile, startProcess, type TestProcess } from "../support/processes/program.ts";
import { readFirstLogin, readyAt, startServerProcess } from "../support/server.ts";
import { assertWhole, startLoad, untilAcknowledged } from "./load.ts";
import { until } from "../support/until.ts";
import { smallDisk } from "./small-disk.ts";

// Promise 1 without room for more.

const rounds = Number(process.env["FULL_ROUNDS"] ?? 2);
const serve = [process.execPath, mainFile, "serve", "--port", "0"];

/** Of events in the room that a round has: some four megabytes, of which each takes a kilobyte. */
const moreThanFits = 50_000;

interface Cramped {
  readonly url: string;
  readonly apiKey: string;
  /** Where a local command finds the log as it is now. */
  args(): readonly string[];
  /** What a refusal says. */
  readonly words: RegExp;
  readonly process: TestProcess;
  /** Makes room, the first time or once more. */
  makeRoom(round: number): Promise<void>;
}

/** Writes until there is no room, makes some, and so on; what was acknowledged is there all the time. */
async function fillAgainAndAgain({ url, apiKey, args, words, process: child, makeRoom }: Cramped): Promise<void> {
  const native = bearer({ url }, apiKey);
  const loads: ReturnType<typeof startLoad>[] = [];
  await until(async () => (await send(url, "/log/checkpoint")).status === 200);
  for (let round = 0; round < rounds; round += 1) {
    const before = (await allEvents(native)).length;
    const load = startLoad(url, apiKey, 4, `full-${round}`);
    loads.push(load);
    await until(async () => {
      assert.ok(load.acknowledged.size < moreThanFits, "a refusal never came");
      return load.wrong.length + load.refused >= 20;
    });
    await load.stop();
    for (const line of load.wrong) assert.match(line, /: 507 /);
    const answer = await native.ask("POST", "events", powerFailure);
    assert.ok(answer.status === 507 || answer.status === 503, answer.text);
    assert.match(answer.text, words);
    const events = await allEvents(native);
    assert.equal(events.length, before + load.acknowledged.size, "nothing is half, and reads go on");
    for (const where of ["/healthz", "/readyz", "/log/checkpoint"]) {
      assert.equal((await send(url, where)).status, 200, where);
    }
    await makeRoom(round);
    const after = startLoad(url, apiKey, 4, `freed-${round}`);
    loads.push(after);
    await untilAcknowledged(after, 20);
    await after.stop();
    assert.deepEqual(after.wrong, []);
  }
  const checked = loads.map((load) => Object.assign(load, { wrong: [] }));
  await assertWhole(url, apiKey, checked, args());
  child.signal("SIGTERM");
  assert.equal((await child.ended).code, 0);
}

test("on a full disk SQLite's changes are refused in clear words, reads go on, nothing is half, and with room all goes on", async (t) => {
  using folder = freshFolder();
  using copies = freshFolder();
  const probe = await run("unshare", [...smallDisk, "1m", folder.folder, "true"]).catch(() => undefined);
  if (probe?.code !== 0) return t.skip("this machine allows no small disk of the test's own");
  const fillers = Array.from({ length: rounds }, (_, at) => `head -c 3000000 /dev/zero > "$DISK/filler-${at}"`);
  const start = ["/bin/sh", "-c", `${fillers.join(" && ")} && exec "$@"`, "sh", ...serve, "--data", folder.folder];
  await using child = startProcess({
    command: "unshare",
    args: [...smallDisk, `${3 * rounds + 4}m`, folder.folder, ...start],
    env: { DISK: folder.folder },
  });
  const url = await readyAt(child);
  // Others see the disk through the process that has it.
  const data = path.join(`/proc/${child.pid}/root`, folder.folder);
  const { apiKey } = readFirstLogin(data);
  return await fillAgainAndAgain({
    url,
    apiKey,
    // SQLite follows the link and looks on this side's disk.
    args() {
      const copy = path.join(copies.folder, "data");
      cpSync(data, copy, { recursive: true, filter: (file) => !file.includes("filler") });
      return ["--data", copy];
    },
    words: /disk|space|room/i,
    process: child,
    makeRoom: async (round) => rmSync(path.join(data, `filler-${round}`)),
  });
});

/** Kilobytes of room: none, and where a database is begun, its schema made, what connections share laid out. */
const rooms = { new: [0, 40, 200, 480], used: [0, 8] } as const;

test("a server that finds no room at its start ends with 1, says so, and starts once there is some", async (t) => {
  using folder = freshFolder();
  const probe = await run("unshare", [...smallDisk, "1m", folder.folder, "true"]).catch(() => undefined);
  if (probe?.code !== 0) return t.skip("this machine allows no small disk of the test's own");
  await using made = await startServerProcess({ kind: "sqlite" });
  await made.stop();
  const program = `
    mkdir -m 700 "$DISK/data" && if [ "$2" = used ]; then cp -a "$MADE/." "$DISK/data/"; fi
    room=$(df --output=avail --block-size=1024 "$DISK" | tail -n 1)
    head -c $(((room - $1) * 1024)) /dev/zero > "$DISK/filler"
    shift 2
    "$@"
    echo "ended with $?" >&2
    rm "$DISK/filler" && exec "$@"`;
  for (const [state, kilobytes] of Object.entries(rooms).flatMap(([key, sizes]) =>
    sizes.map((size) => [key, size] as const),
  )) {
    const words = ["/bin/sh", "-c", program, "sh", String(kilobytes), state, ...serve];
    await using child = startProcess({
      command: "unshare",
      args: [...smallDisk, "8m", folder.folder, ...words, "--data", path.join(folder.folder, "data")],
      env: { DISK: folder.folder, MADE: made.data },
    });
    await readyAt(child);
    const what = `${state}, ${kilobytes} KiB: ${child.stderr}`;
    assert.match(child.stderr, /^ironlog serve: .*disk.* full.*$/m, what);
    assert.match(child.stderr, /^ended with 1$/m, what);
    child.signal("SIGTERM");
    assert.equal((await child.ended).code, 0, what);
  }
});

test("where SQLite's file may not grow, changes are refused, reads go on, nothing is half, and later all goes on", async (t) => {
  if (!(await hasProgram("prlimit"))) return t.skip("there is no prlimit to take the limit away again with");
  await using server = await startServerProcess({ kind: "sqlite" });
  await server.stop();
  const bytes = statSync(path.join(server.data, "ironlog.db")).size + 200_000;
  const limited = `ulimit -S -f ${Math.ceil(bytes / 512)}; exec "$@"`;
  const args = ["-c", limited, "sh", ...serve, ...server.databaseArgs];
  await using child = startProcess({ command: "/bin/sh", args });
  return await fillAgainAndAgain({
    url: await readyAt(child),
    apiKey: server.firstLogin.apiKey,
    args: () => server.databaseArgs,
    // Nothing tells this from a disk that fails; but whatever it was, the commit is not there.
    words: /Nothing was changed\./,
    process: child,
    async makeRoom(round) {
      const limit = round === rounds - 1 ? "unlimited" : String(bytes + (round + 1) * 3_000_000);
      const done = await run("prlimit", ["--pid", String(child.pid), `--fsize=${limit}:`]);
      assert.equal(done.code, 0, done.stderr);
    },
  });
});
