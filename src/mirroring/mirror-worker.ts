import type { Progress, Rest, Turn, Worker } from "../following/worker.ts";
import type { Source } from "./sources/source.ts";

/** What reads a source from where its position is, until it fails or is given up. */
interface ReadingSession {
  step(turn: Turn): Promise<Rest>;
  progress(): Progress | undefined;
}

/** The worker of a source: begins a session, keeps it while it works, and begins anew after a failure. */
export function mirrorWorker<Session extends ReadingSession>(
  { name }: Source,
  begin: (turn: Turn) => Promise<Session>,
  way: Pick<Worker, "pauseMs"> & {
    /** Ends what a session holds open. */
    readonly close?: (session: Session) => Promise<void>;
    /** Asked for the session when it is needed: it may be closed during a rest. */
    readonly rest?: (current: () => Session | undefined, pauseMs: number, woken: AbortSignal) => Promise<void>;
    readonly waiting?: (session: Session) => number;
  },
): Worker {
  const { pauseMs, rest, waiting } = way;
  let session: Session | undefined;

  const close = async (): Promise<void> => {
    const open = session;
    session = undefined;
    if (open !== undefined) await way.close?.(open);
  };
  return {
    name: mirrorName(name),
    runs: "once",
    pauseMs,
    isEager: true,
    complaint: `cannot mirror source '${name}': its new events wait`,
    async turn(turn) {
      try {
        session ??= await begin(turn);
        return await session.step(turn);
      } catch (error) {
        await close();
        throw error;
      }
    },
    release: close,
    progress: () => session?.progress(),
    ...(rest !== undefined && { rest: (restMs, woken) => rest(() => session, restMs, woken) }),
    ...(waiting !== undefined && { waiting: () => (session === undefined ? 0 : waiting(session)) }),
  };
}

/** The name of a source's worker. */
export function mirrorName(source: string): string {
  return `mirror ${source}`;
}
