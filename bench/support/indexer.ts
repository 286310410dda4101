import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Asker } from "./asking.ts";
import type { Started } from "./started.ts";

const pollMs = 100;

/** Waits until all events are in a server's search index. */
export async function untilIndexed(asker: Asker): Promise<void> {
  for (;;) {
    const { items } = (await asker.json("/api/v1/server/workers")) as { readonly items: readonly ShownWorker[] };
    const search = items.find(({ name }) => name === "search");
    if (search?.behind === 0) return;
    if (search === undefined || search.trouble !== null) throw new Error(`no index is kept: ${search?.trouble}`);
    await sleep(pollMs);
  }
}

interface ShownWorker {
  readonly name: string;
  /** Null until it knows how far it is. */
  readonly behind: number | null;
  readonly trouble: string | null;
}

/** The process that keeps a server's search index. */
export function indexerOf({ pid }: Started): number {
  const found = readdirSync("/proc").find((name) => /^\d+$/.test(name) && isIndexerOf(name, pid));
  if (found === undefined) throw new Error(`server ${pid} has no process that keeps the search index`);
  return Number(found);
}

function isIndexerOf(name: string, parent: number): boolean {
  try {
    const status = readFileSync(`/proc/${name}/status`, "utf8");
    if (Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]) !== parent) return false;
    return readFileSync(`/proc/${name}/cmdline`, "utf8").includes("\0search\0index\0");
  } catch {
    // It ended meanwhile.
    return false;
  }
}
