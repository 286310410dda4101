import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { NativeClient } from "../support/clients/native-client.ts";
import { freshFolder } from "../support/databases/databases.ts";
import { forEachKind } from "../support/each-kind.ts";
import { type Arrived, eventsInLines } from "../support/forwarding/arrived.ts";
import { createDestination, logged, readDestination } from "../support/forwarding/destinations.ts";
import { freePort } from "../support/ports.ts";
import { startProcess, type TestProcess } from "../support/processes/program.ts";
import { powerFailure } from "../support/reports.ts";
import { startServerProcess } from "../support/server.ts";
import { until } from "../support/until.ts";
import { admin } from "../support/worlds/people.ts";
import { numbersFrom } from "../transparency/mutations.ts";

// Destinations get every event, in order, whoever is killed: Ironlog, or who receives. `npm run torture -- forwarding` kills
// at length.

const kills = Number(process.env["FORWARDING_KILLS"] ?? 6);
const writers = 4;

/** Where events arrive, and who can be killed there. */
interface Victim extends AsyncDisposable {
  readonly destination: { readonly name: string } & Readonly<Record<string, unknown>>;
  /** What of the log it is to get, as a query of events. */
  readonly filter: string;
  /** The most events of a batch. */
  readonly batchMax: number;
  /** Bytes that it has stored. */
  size(): number;
  arrived(): readonly Arrived[];
  kill(): Promise<void>;
  restart(): Promise<void>;
}

async function startReceiver(transport: "syslog" | "webhook", folder: string): Promise<Victim> {
  const port = await freePort();
  const file = path.join(folder, transport);
  const program = path.join(import.meta.dirname, "storing-receiver.ts");
  const start = async (): Promise<TestProcess> => {
    for (;;) {
      const started = startProcess({ command: process.execPath, args: [program, transport, String(port), file] });
      try {
        await started.until(/listening/);
        return started;
      } catch {
        // While it was away, a connection of somebody else's may have begun at its port.
        await started.ended;
        await sleep(50);
      }
    }
  };
  let running = await start();
  const end = async (): Promise<void> => {
    running.signal("SIGUSR2");
    assert.equal((await running.ended).signal, "SIGKILL");
  };
  const destinations = {
    syslog: { transport, format: "syslog", url: `tcp://127.0.0.1:${port}` },
    webhook: { transport, format: "json", url: `http://127.0.0.1:${port}`, filter: ["action:node.power"] },
  };
  return {
    destination: { name: transport, start: "beginning", ...destinations[transport] },
    filter: transport === "syslog" ? "" : "action=node.power",
    batchMax: transport === "syslog" ? 8_000 : 100,
    size: () => sizeOf(file),
    arrived: () =>
      readFileSync(file, "utf8")
        .trim()
        .split("\n")
        .map((line) => line.split(" "))
        .map(([id = "", leafHash = ""]) => ({ id: Number(id), leafHash })),
    kill: end,
    async restart() {
      running = await start();
    },
    [Symbol.asyncDispose]: end,
  };
}

/** A directory of files. What can happen to it is that a shipper takes the files away. */
function makeDirectory(folder: string): Victim {
  const [directory, taken] = [path.join(folder, "files"), path.join(folder, "taken")];
  for (const each of [directory, taken]) mkdirSync(each);
  const files = (): readonly string[] =>
    [directory, taken]
      .flatMap((each) => readdirSync(each).map((name) => path.join(each, name)))
      .toSorted((one, other) => path.basename(one).localeCompare(path.basename(other)));
  return {
    destination: {
      name: "file",
      transport: "file",
      format: "json",
      directory,
      start: "beginning",
      exclude: ["action:auth.*"],
    },
    filter: "exclude=action:auth.*",
    batchMax: 1_000,
    size: () => files().reduce((sum, file) => sum + sizeOf(file), 0),
    arrived: () => files().flatMap((file) => eventsInLines(readFileSync(file, "utf8"), "json")),
    async kill() {
      for (const name of readdirSync(directory)) renameSync(path.join(directory, name), path.join(taken, name));
    },
    async restart() {},
    async [Symbol.asyncDispose]() {},
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** Clients that record events as long as they may, also while the server is gone. */
class Writing {
  recorded = 0;
  #allowed = 0;
  #isOver = false;
  readonly #running: Promise<unknown>;

  constructor(native: NativeClient, draw: (below: number) => number) {
    this.#running = Promise.all(Array.from({ length: writers }, () => this.#write(native, draw)));
  }

  /** More than so many from now on aren't recorded. */
  allow(more: number): void {
    this.#allowed = this.recorded + more;
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#running;
  }

  async #write(native: NativeClient, draw: (below: number) => number): Promise<void> {
    while (!this.#isOver) {
      if (this.recorded >= this.#allowed) await sleep(5);
      else await this.#act(native, draw(4) === 0 ? 0 : 1 + draw(60));
    }
  }

  async #act(native: NativeClient, reports: number): Promise<void> {
    const events = Array.from({ length: reports }, () => powerFailure);
    const answer = await (
      reports === 0 ? native.ask("POST", "account/tokens", { name: "an act" }) : native.ask("POST", "events", events)
    ).catch(() => undefined);
    if (answer?.status === 201) this.recorded += Math.max(1, reports);
    // Nobody is there.
    else await sleep(20);
  }
}

/** Fails with the first place where they differ: a comparison of all of them needs more memory than there is. */
function assertSame(arrived: readonly Arrived[], wanted: readonly Arrived[], where: string): void {
  const at = wanted.findIndex(({ id, leafHash }, place) => {
    const other = arrived[place];
    return other?.id !== id || other.leafHash !== leafHash;
  });
  const from = at < 0 ? wanted.length : at;
  assert.deepEqual(
    arrived.slice(from, from + 3),
    wanted.slice(from, from + 3),
    `${where}: the first ${from} are the same`,
  );
  assert.equal(arrived.length, wanted.length, where);
}

/** How long each run is of events that had arrived before. */
function repeatsIn(arrived: readonly Arrived[]): readonly number[] {
  const runs: number[] = [];
  let [newest, last] = [0, 0];
  for (const { id } of arrived) {
    const isFirst = id > newest;
    const goesOn = last < newest && id > last;
    if (!isFirst) runs.push(goesOn ? (runs.pop() ?? 0) + 1 : 1);
    newest = Math.max(newest, id);
    last = id;
  }
  return runs;
}

forEachKind((kind) => {
  test(`every event arrives in order, whichever side is killed while people act (${kind})`, async (t) => {
    const seed = Number(process.env["FORWARDING_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
    const draw = numbersFrom(seed);
    using folder = freshFolder();
    await using stopping = new AsyncDisposableStack();
    const server = stopping.use(await startServerProcess({ kind }));
    const { native } = admin(server);
    const syslog = stopping.use(await startReceiver("syslog", folder.folder));
    const webhook = stopping.use(await startReceiver("webhook", folder.folder));
    const victims = [syslog, webhook, makeDirectory(folder.folder)];
    for (const { destination } of victims) await createDestination(native, destination);
    const writing = new Writing(native, draw);
    stopping.defer(() => writing.stop());
    for (let killed = 0; killed < kills; killed += 1) {
      const goal = writing.recorded + draw(400);
      writing.allow(600);
      await until(() => writing.recorded >= goal);
      const victim = victims[draw(2 * victims.length)];
      const sizes = victims.map(({ size }) => size());
      if (victim === undefined) {
        await server.kill();
        await server.start();
      } else {
        await victim.kill();
        // It may be away for a while.
        if (draw(2) === 0) await until(() => writing.recorded >= goal + 100);
        await victim.restart();
      }
      // Each has to go on before the next kill, with something on its way.
      writing.allow(200);
      await until(() => victims.every(({ size }, at) => size() > (sizes[at] ?? 0)));
    }
    await writing.stop();
    const counted: string[] = [];
    for (const { destination, filter, batchMax, arrived } of victims) {
      await until(async () => (await readDestination(native, destination.name)).behind === 0);
      const wanted = await logged(native, 1, Infinity, filter);
      const all = arrived();
      const first = new Set<number>();
      const once = all.filter(({ id }) => !first.has(id) && first.add(id));
      assertSame(once, wanted, `${destination.name}, seed ${seed}`);
      const repeats = repeatsIn(all);
      assert.ok(
        repeats.length <= kills && repeats.every((length) => length <= batchMax),
        `${destination.name}: ${repeats.join(" ")}`,
      );
      assert.equal(
        repeats.reduce((sum, length) => sum + length, 0),
        all.length - once.length,
      );
      assert.deepEqual((await readDestination(native, destination.name)).dead_letters, 0);
      counted.push(`${destination.name} ${once.length} and ${all.length - once.length} again`);
    }
    t.diagnostic(`${kills} kills from seed ${seed} on: ${counted.join(", ")}`);
  });
});
