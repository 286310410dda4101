import { queryOptions } from "@tanstack/react-query";
import { base, kept } from "../../api/base.ts";
import { request, Unreachable } from "../../api/request.ts";
import { openCheckpoint, type TrustedLog } from "./checkpoint.ts";
import { type LogMemory, type Consistency, checkConsistency, type SeenLog } from "./known-log.ts";
import type { Log } from "../log-query.ts";

/** The name and key of the log as the server gives them; undefined before it has any. */
export function trustedLog({ origin, log_key: vkey }: Log): TrustedLog | undefined {
  return origin === null || vkey === null ? undefined : { origin, vkey };
}

/** What this browser remembers of the log; nothing where it may not. */
export const memory: LogMemory = (() => {
  try {
    const store = localStorage;
    return {
      getItem: (name) => store.getItem(kept(name)),
      setItem: (name, text) => store.setItem(kept(name), text),
    };
  } catch {
    return { getItem: () => null, setItem: () => {} };
  }
})();

/** Whether the newest checkpoint is one of the log as it is called now; after a renewal none may be there yet. */
export function hasCheckpoint(log: Log): boolean {
  return log.checkpoint !== null && log.origin !== null && log.checkpoint.note.startsWith(`${log.origin}\n`);
}

/** Holds the log against what this browser has seen of it before, whenever a new checkpoint has come. */
export function meetingQuery(log: Log | undefined) {
  return queryOptions({
    queryKey: ["log", "meeting", log?.origin, log?.log_key, log?.checkpoint?.note],
    queryFn: (): Promise<Consistency> => checkConsistency(memory, askForLog, readTile),
    enabled: log !== undefined && hasCheckpoint(log),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

/** Asked anew: only an answer that was asked for after the memory was read may be held against it. */
async function askForLog(): Promise<SeenLog> {
  const log = await request("GET /log");
  const trusted = trustedLog(log);
  if (trusted === undefined || log.checkpoint === null) throw new Error("The log has not signed a checkpoint yet.");
  const opened = await openCheckpoint(log.checkpoint.note, trusted);
  if (!opened.isSigned) throw new Error(opened.why);
  return { ...trusted, checkpoint: opened.checkpoint };
}

/** Reads a tile of the log's hashes, by its path below the tiles. */
export async function readTile(path: string): Promise<ArrayBuffer> {
  const response = await fetch(`${base}/log/tile/${path}`).catch((error: unknown) => {
    throw new Unreachable(error);
  });
  if (!response.ok) throw new Error(`The server has no tile ${path}.`);
  return response.arrayBuffer();
}
