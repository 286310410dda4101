import type { Duplex } from "node:stream";
import pg from "pg";
import { SeekingClient, type SeekingConfig } from "./postgres-seeking.ts";

/** A server that owes an answer for so long without a word is asked whether it still lets anybody in. */
const silenceMs = 6_000;

/**
 * A connection that hangs up on a server that has stopped: one that owes an answer, and in the time for connecting lets nobody
 * else in either. What waits then fails as it does where a connection is lost. A slow query on a server that lives is waited for.
 */
export class PostgresClient extends SeekingClient {
  #owed = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(config: SeekingConfig = {}) {
    super(config);
    // node-postgres's own method has too many overloads to be overridden by its type.
    const query = this.query.bind(this) as (...given: unknown[]) => unknown;
    Object.assign(this, { query: (...given: unknown[]) => this.#noticing(this.#together(() => query(...given))) });
  }

  /** What is asked in one turn leaves in one packet: a system call costs as much as many a statement. */
  #together<Answer>(ask: () => Answer): Answer {
    const stream = this.#stream;
    stream.cork();
    process.nextTick(() => stream.uncork());
    return ask();
  }

  /** node-postgres's types keep it to themselves. */
  get #stream(): Duplex {
    return (this as unknown as { readonly connection: { readonly stream: Duplex } }).connection.stream;
  }

  #noticing(answer: unknown): unknown {
    if (!(answer instanceof Promise)) return answer;
    if (this.#owed === 0) this.#listen();
    this.#owed += 1;
    const answered = (): void => {
      this.#owed -= 1;
      this.#listen();
    };
    answer.then(answered, answered);
    return answer;
  }

  #listen(): void {
    this.#timer ??= setTimeout(() => void this.#hangUpIfSilent(), silenceMs).unref();
    this.#timer.refresh();
  }

  async #hangUpIfSilent(): Promise<void> {
    if (this.#owed === 0) return;
    const owed = this.#owed;
    const isAlive = await letsIn(this.place);
    if (this.#owed === 0) return;
    if (isAlive || this.#owed < owed) return this.#listen();
    // Its own `end` would wait for the answers.
    this.#stream.destroy();
  }
}

/** Whether the server takes notice of a new connection; to be refused is an answer too. */
async function letsIn(config: pg.ClientConfig): Promise<boolean> {
  const client = new pg.Client(config);
  client.on("error", () => {});
  try {
    await client.connect();
    client.end().catch(() => {});
    return true;
  } catch (error) {
    if (error instanceof pg.DatabaseError) return true;
    return !(error instanceof Error && /timeout|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/.test(error.message));
  }
}
