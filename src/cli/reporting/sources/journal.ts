import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { backOffMs } from "../../../back-off.ts";
import { CommandFailure, exitStatus, findErrorCode } from "../../../terminal/exit.ts";
import { journalFields } from "../formats/journald.ts";
import { type Line, linesOf } from "./lines.ts";

/** How long to wait before journalctl is started again, at first and at most. */
const pauseMs = { first: 500, most: 60_000 };
/** What is kept of what journalctl says of its end. */
const complaintMax = 500;

export interface JournalPlan {
  readonly unit: string;
  /** The place behind what was taken; undefined for all that the journal holds. */
  readonly cursor: () => string | undefined;
  readonly stop: AbortSignal;
  readonly tell: (text: string) => Promise<void>;
}

/**
 * The entries of a unit, a line each, those that are there first, until reading is stopped. `journalctl` runs as long as this does; where
 * it ends by itself, it is started again behind what was taken.
 */
export async function* journal({ unit, cursor, stop, tell }: JournalPlan): AsyncGenerator<readonly Line[]> {
  for (let failures = 0; !stop.aborted;) {
    const child = start(unit, cursor());
    const end = (): void => void child.kill();
    // Also where the process ends without coming to an end here.
    process.on("exit", end);
    stop.addEventListener("abort", end, { once: true });
    const complaint = gather(child.stderr);
    const ended = once(child, "close");
    ended.catch(() => undefined);
    try {
      for await (const lines of linesOf(child.stdout as AsyncIterable<Buffer>)) {
        failures = 0;
        yield lines;
      }
      await ended;
    } catch (error) {
      if (findErrorCode(error) !== "ENOENT") throw error;
      const mend = "it comes with systemd. To report other lines, pipe them in without --journal";
      throw new CommandFailure(exitStatus.refused, `There is no 'journalctl' here: ${mend}`, { cause: error });
    } finally {
      process.off("exit", end);
      stop.removeEventListener("abort", end);
      end();
    }
    if (stop.aborted) return;
    failures += 1;
    if (failures === 1) await tell(`journalctl ended and is started again. ${await complaint}\n`);
    await sleep(backOffMs(failures, pauseMs.first, pauseMs.most, Math.random()), undefined, { signal: stop }).catch(
      () => undefined,
    );
  }
}

function start(unit: string, cursor: string | undefined): ChildProcessByStdio<null, Readable, Readable> {
  const args = [
    "--output=json",
    // Long and binary fields too, which are left out otherwise.
    "--all",
    `--output-fields=${journalFields.join(",")}`,
    "--no-pager",
    // From the beginning, where there is no cursor.
    "--no-tail",
    "--follow",
    `--unit=${unit}`,
    ...(cursor === undefined ? [] : [`--after-cursor=${cursor}`]),
  ];
  return spawn("journalctl", args, { stdio: ["ignore", "pipe", "pipe"] });
}

async function gather(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream) text = (text + String(chunk)).slice(-complaintMax);
  return text.trim();
}
