import { exitStatus } from "../../terminal/exit.ts";
import { printError } from "../../terminal/print.ts";
import { endingSignals } from "../../terminal/signals.ts";
import type { Profile } from "../profiles/profile.ts";
import { deliver } from "./delivery/delivery.ts";
import { postTo } from "./delivery/post.ts";
import type { Format, Written } from "./formats/format.ts";
import type { Line } from "./sources/lines.ts";
import { Spool } from "./spool/spool.ts";
import { takeAll } from "./taking.ts";
import { Wake } from "./wake.ts";

export interface ReportPlan {
  readonly profile: Profile;
  readonly isInsecure: boolean;
  readonly format: Format;
  readonly source: string | undefined;
  readonly spoolFolder: string;
  readonly spoolBytesMax: number;
  /** What is read, behind the journal's place where that is known. */
  readonly read: (cursor: () => string | undefined, stop: AbortSignal) => AsyncIterable<readonly Line[]>;
  /** What a line that was read holds. */
  readonly unwrap: (line: string) => Written;
}

/**
 * Reads, spools and delivers until there is nothing more, or a signal ends it: then what was read is spooled, and is delivered the
 * next time. Gives the exit status.
 */
export async function runReport(plan: ReportPlan): Promise<number> {
  using spool = new Spool(plan.spoolFolder, plan.spoolBytesMax);
  const stopping = new AbortController();
  const stop = stopping.signal;
  let ending: NodeJS.Signals | undefined;
  for (const signal of endingSignals) {
    process.on(signal, () => {
      ending ??= signal;
      stopping.abort();
    });
  }
  const [taken, gone] = [new Wake(), new Wake()];
  stop.addEventListener("abort", () => taken.now(), { once: true });
  const common = { spool, taken, gone, stop, tell: printError };
  let isRead = false;
  const { format, source, unwrap } = plan;
  const reading = takeAll({ ...common, groups: plan.read(() => spool.cursor, stop), unwrap, format, source });
  const ended = reading.finally(() => {
    isRead = true;
    taken.now();
  });
  const delivering = deliver({
    ...common,
    post: postTo(plan.profile, plan.isInsecure, stop),
    isLast: () => isRead,
  });
  try {
    const refused = await Promise.all([ended, delivering]);
    // Ctrl-C is a person's; other signals are how a service is stopped.
    if (ending !== undefined) return ending === "SIGINT" ? exitStatus.gaveUp : exitStatus.success;
    return refused.some((count) => count > 0) ? exitStatus.refused : exitStatus.success;
  } finally {
    // One of them has failed: the other ends too, before the spool is given to others.
    stopping.abort();
    await Promise.allSettled([ended, delivering]);
  }
}
