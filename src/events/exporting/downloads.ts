import type { Viewer } from "../../audit/actor.ts";
import type { Database } from "../../database/database.ts";
import { viewerOf } from "../../http/authentication/acting-user.ts";
import type { FindEnd } from "../../http/native/end-reason.ts";
import { OpenAnswers } from "../../http/native/open-answers.ts";
import { nowMicros, rfc3339Seconds } from "../../time.ts";

/** Each reads the log as fast as its client takes it. */
export const downloadLimits = { perUserMax: 4, max: 20 };
/** A download that was paused for a while goes on; one that was forgotten is broken off. */
const patienceMs = 120_000;

interface Call extends Readonly<Parameters<FindEnd>[1]> {
  readonly db: Database;
  /** Microseconds. */
  readonly now: number;
}

interface Content {
  readonly contentType: string;
  /** What the file's name ends in, such as `csv`. */
  readonly ending: string;
  /**
   * What is sent, made once it begins. `check` throws once the caller may read no more; `name` is that of the file without its ending.
   */
  chunks(parts: { readonly viewer: Viewer; check(): Promise<void>; readonly name: string }): AsyncIterable<string>;
}

/** Downloads of events of one kind: so many at a time, and each broken off once its caller's session or key has ended. */
export class Downloads {
  /** Those that are open; what their operation declares. */
  readonly open: OpenAnswers;
  readonly #findEnd: FindEnd;

  /** `what` is what they are called, in the plural. */
  constructor(what: string, findEnd: FindEnd) {
    this.#findEnd = findEnd;
    this.open = new OpenAnswers(what, downloadLimits);
  }

  /** The answer that sends one. */
  answer({ db, now, actor, credentials }: Call, { contentType, ending, chunks }: Content) {
    const viewer = viewerOf(actor);
    const name = downloadName(now);
    const check = async (): Promise<void> => {
      const reason = await this.#findEnd(db, { actor, credentials }, nowMicros());
      if (reason !== undefined) throw new Error(`an export was broken off: ${reason}`);
    };
    return {
      status: 200,
      stream: {
        contentType,
        fileName: `${name}.${ending}`,
        patienceMs,
        chunks: () => chunks({ viewer, check, name }),
      },
    };
  }
}

/** The name of a file with events, without its ending, and of the folder in an archive: short, and the same for everybody. */
export function downloadName(now: number): string {
  return `ironlog-events-${rfc3339Seconds(now).replaceAll(":", "")}`;
}
