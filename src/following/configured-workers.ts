import type { Database } from "../database/database.ts";
import { logVersion } from "../database/version-cache.ts";
import type { Worker } from "./worker.ts";
import type { WorkerDesk } from "./workers.ts";

/** How soon a change of what people configure takes effect. */
const lookMs = 1_000;

export interface ConfiguredWorkers<Item> extends Pick<Worker, "name" | "complaint"> {
  readonly db: Database;
  readonly desk: WorkerDesk;
  /** Before the first look. */
  prepare?(): Promise<void>;
  /** What there should be a worker of now. */
  list(): Promise<readonly Item[]>;
  workerOf(item: Item): Worker;
}

/** Gives each thing that people have configured a worker of its own, with the settings that it has now. */
export function configuredWorkers<Item extends { readonly name: string; readonly updated: number }>(
  parts: ConfiguredWorkers<Item>,
): Worker {
  const { name, complaint, db, desk } = parts;
  const running = new Map<string, { readonly worker: string; readonly updated: number }>();
  let isPrepared = false;
  let seen: string | undefined;
  return {
    name,
    runs: "everyServer",
    pauseMs: lookMs,
    isEager: true,
    complaint,
    async turn() {
      if (!isPrepared) await parts.prepare?.();
      isPrepared = true;
      const version = await logVersion(db);
      if (version === seen) return "pause";
      const wanted = await parts.list();
      for (const [item, { worker, updated }] of running) {
        if (wanted.some((one) => one.name === item && one.updated === updated)) continue;
        running.delete(item);
        await desk.remove(worker);
      }
      for (const item of wanted.filter((one) => !running.has(one.name))) {
        const worker = parts.workerOf(item);
        desk.add(worker);
        running.set(item.name, { worker: worker.name, updated: item.updated });
      }
      seen = version;
      return "pause";
    },
  };
}
