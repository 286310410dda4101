import assert from "node:assert/strict";
import path from "node:path";
import { openShell } from "../support/processes/command.ts";
import { freshFolder } from "../support/databases/databases.ts";
import type { Answer } from "../support/clients/http-client.ts";
import { allEvents, bearer } from "../support/clients/native-client.ts";
import { powerFailure } from "../support/reports.ts";
import type { TestProcess } from "../support/processes/program.ts";
import { type FirstLoginFile, readFirstLogin, readyAt, serve, takeAppendKeyAlong } from "../support/server.ts";
import { until } from "../support/until.ts";

/** A server on a database that somebody else looks after. */
export interface LoadedServer extends AsyncDisposable {
  readonly url: string;
  readonly data: string;
  readonly args: readonly string[];
  readonly process: TestProcess;
  readonly firstLogin: FirstLoginFile;
}

/** Starts one; beside another it has that one's append key. */
export async function startOn(database: string, other?: LoadedServer): Promise<LoadedServer> {
  const folder = freshFolder();
  if (other !== undefined) takeAppendKeyAlong(other.data, path.join(folder.folder, "data"));
  const args = ["--data", path.join(folder.folder, "data"), "--database", database];
  const process = serve(args);
  try {
    const url = await readyAt(process);
    const data = path.join(folder.folder, "data");
    return {
      url,
      data,
      args,
      process,
      firstLogin: readFirstLogin(data),
      async [Symbol.asyncDispose]() {
        await process[Symbol.asyncDispose]();
        folder[Symbol.dispose]();
      },
    };
  } catch (error) {
    await process[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
    throw error;
  }
}

export interface Load {
  /** Descriptions of the reports that were acknowledged, each sent once. */
  readonly acknowledged: Set<string>;
  /** Answers that were neither an acknowledgement nor a 503 with the time to come back. */
  readonly wrong: string[];
  /** How long the slowest answer took. */
  slowestMs: number;
  refused: number;
  /** Lets what is on its way end. */
  stop(): Promise<void>;
}

/** Several clients that report one event after the other until they are stopped; what fails isn't sent again. */
export function startLoad(url: string, apiKey: string, clients: number, word: string): Load {
  const native = bearer({ url }, apiKey);
  const stopping = new AbortController();
  const load: Load = {
    acknowledged: new Set(),
    wrong: [],
    slowestMs: 0,
    refused: 0,
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
  const run = async (client: number): Promise<void> => {
    for (let at = 0; !stopping.signal.aborted; at += 1) {
      const description = `${word}-${client}-${at}`;
      const start = Date.now();
      const answer = await native.ask("POST", "events", { ...powerFailure, description }).catch(() => undefined);
      load.slowestMs = Math.max(load.slowestMs, Date.now() - start);
      if (answer === undefined) {
        // The server itself is gone.
        load.refused += 1;
        if (load.refused > 1_000) return;
      } else if (answer.status === 201) load.acknowledged.add(description);
      else if (isRefusal(answer)) load.refused += 1;
      else load.wrong.push(`${description}: ${answer.status} ${answer.text}`);
    }
  };
  const running = Array.from({ length: clients }, async (_, client) => run(client));
  return load;
}

export function isRefusal({ status, headers }: Answer): boolean {
  return status === 503 && /^\d+$/.test(String(headers["retry-after"]));
}

/** Waits until so many more were acknowledged. */
export async function untilAcknowledged(load: Load, more: number): Promise<void> {
  const goal = load.acknowledged.size + more;
  await until(() => load.acknowledged.size >= goal);
}

/** Fails unless all that was acknowledged is there once, nothing twice, ids are dense, and the log verifies. */
export async function assertWhole(
  url: string,
  apiKey: string,
  loads: readonly Load[],
  args: readonly string[],
): Promise<void> {
  const events = await allEvents(bearer({ url }, apiKey));
  assert.deepEqual(
    events.map(({ id }) => id),
    events.map((_, at) => events.length - at),
    "ids are dense",
  );
  const counts = new Map<string, number>();
  for (const { action, description } of events) {
    if (action === "node.power") counts.set(description ?? "", (counts.get(description ?? "") ?? 0) + 1);
  }
  const doubled = [...counts].filter(([, count]) => count > 1);
  assert.deepEqual(doubled, [], "nothing is there twice");
  for (const load of loads) {
    assert.deepEqual(load.wrong, []);
    const lost = [...load.acknowledged].filter((description) => !counts.has(description));
    assert.deepEqual(lost, [], "nothing acknowledged is lost");
  }
  using shell = openShell();
  const verified = await shell.ironlog(["log", "verify", ...args]);
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
}
