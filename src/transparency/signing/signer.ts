import type { Database } from "../../database/database.ts";
import type { AppendKeys } from "../../database/writing/append-keys.ts";
import { seal } from "../../database/writing/checkpoint-writing.ts";
import { GaveUp, type Worker } from "../../following/worker.ts";
import { type Checkpoint, checkpointText, parseCheckpoint } from "../../verifiable-log/checkpoint.ts";
import { readRoot } from "../../verifiable-log/proof.ts";
import { parseNote, signNote, writeNote } from "../../verifiable-log/signed-note.ts";
import { isHeadDoubt, readAuthenticTree } from "./authentic-tree.ts";
import { readCheckpointFile, writeCheckpointFile } from "./checkpoint-file.ts";
import { isEarlier } from "./checkpoint-order.ts";
import { isDue, isSameHour, timeAfter } from "./checkpoint-time.ts";
import type { LogKey } from "./log-key.ts";
import { datedBy, isSignedBy } from "./own-notes.ts";
import { findNewestCheckpoint, readTree, type StoredCheckpoint, subtreeReader } from "../queries.ts";

/** How often the signer looks whether the log has grown: twice in the second that a checkpoint may take. */
const pollMs = 500;
/** After failures it tries again at least so often: an event must not stay unsigned for long once all is well. */
const backOffMsMax = 5_000;
/** So many turns in a row fail before the log tells of it. */
const failuresToTell = 3;
/** Another server with the same key may sign at the same moment. */
const attemptsMax = 5;

export interface SignerParts {
  readonly db: Database;
  readonly key: LogKey;
  readonly appendKeys: AppendKeys;
  /** Where the last checkpoint of this key stands, outside the database. */
  readonly checkpointFile: string;
  readonly warn: (error: unknown, sentence: string) => void;
  /** True for the one last checkpoint of a log that is leaving. */
  readonly signsMovedLog?: true;
}

const signerWorker = {
  name: "signer",
  runs: "once",
  pauseMs: pollMs,
  backOffMsMax,
  complaint: "could not sign a checkpoint; trying again",
  hasFinalTurn: true,
  // What is recorded last is sealed too.
  stopsLast: true,
} as const;

/** The signer on a server that hasn't the log's key: it knows which other one signs. */
export const signerElsewhere: Worker = {
  ...signerWorker,
  unfit: "this server hasn't the log's key",
  turn: async () => "pause",
};

/** The signer has found something that it must not sign over. */
class Doubt extends Error {
  override readonly name = "Doubt";
}

/**
 * Signs what the log is, soon after it has grown. Never smaller than before, never another history under the same key: where
 * in doubt it stops for good and says why, while recording goes on.
 */
export class Signer {
  readonly #parts: SignerParts;
  #doubt: string | undefined;
  #failure: string | undefined;
  #failuresInARow = 0;
  #hasSigned = false;
  #turn: Promise<unknown> = Promise.resolve();
  /** What this process has itself signed and stored. */
  #signed: string | undefined;

  constructor(parts: SignerParts) {
    this.#parts = parts;
  }

  /** Signs what has been recorded, and once more at the end. Of several servers with the key one does. */
  readonly worker: Worker = {
    ...signerWorker,
    unfit: undefined,
    turn: async () => {
      await this.#orFailure(() => this.sign());
      this.#hasSigned = true;
      return "pause";
    },
    standBy: async () => {
      this.#hasSigned = false;
      await this.#orFailure(() => this.#inTurn(() => this.#keepNewest()));
    },
    // The holder may be gone before it sees this server's last event. Two that sign at once find out by what is stored.
    endStandBy: () => this.#orFailure(() => this.sign()),
  };

  /** Why it signs no more, or can't at the moment; undefined while all is well. */
  get trouble(): string | undefined {
    return this.#doubt ?? this.#failure;
  }

  /** Why the log isn't signed any more, once that has lasted: what fails once and then succeeds is no stop. */
  get lastingTrouble(): string | undefined {
    return this.#doubt ?? (this.#failuresInARow >= failuresToTell ? this.#failure : undefined);
  }

  /** True if this server's last turn as the signer was good. */
  get isSigning(): boolean {
    return this.#hasSigned && this.trouble === undefined;
  }

  /** Signs the log as it is now, unless that has been done. Undefined for an empty log, or where in doubt. */
  sign(): Promise<StoredCheckpoint | undefined> {
    return this.#inTurn(() => this.#signNow());
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    const turn = this.#turn.then(() => this.#unlessInDoubt(work));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #orFailure(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      this.#failure = undefined;
      this.#failuresInARow = 0;
    } catch (error) {
      this.#failuresInARow += 1;
      this.#failure = "the last checkpoint could not be written: see the server's log";
      throw error;
    }
    if (this.#doubt !== undefined) throw new GaveUp(this.#doubt);
  }

  async #unlessInDoubt<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    if (this.#doubt !== undefined) return undefined;
    try {
      return await work();
    } catch (error) {
      // What nobody with the append key has left is never signed.
      if (!(error instanceof Doubt || isHeadDoubt(error))) throw error;
      this.#doubt = error.message;
      this.#parts.warn(error, "stopped signing checkpoints");
      return undefined;
    }
  }

  async #signNow(): Promise<StoredCheckpoint | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      const { db, checkpointFile } = this.#parts;
      // In this order: whatever another signer does meanwhile, the tree is no older than what was signed.
      const file = readCheckpointFile(checkpointFile);
      const newest = await findNewestCheckpoint(db);
      await this.#refuseMoved();
      const tree = await readAuthenticTree(db, this.#parts.appendKeys);
      const checkpoint = { origin: this.#parts.key.log.name, size: tree.size, root: tree.root() };
      const now = timeAfter(newest, checkpoint);
      if (tree.size === 0) return undefined;
      if (newest !== undefined && this.#isOurs(newest) && !isDue(newest, checkpoint, now)) {
        if (file === newest.note) return newest;
        // Whoever stored it ended before it was kept here, or the log was set back since.
        await this.#refuseDoubtful(checkpoint, newest, file);
        this.#keep(newest.note);
        return newest;
      }
      await this.#refuseDoubtful(checkpoint, newest, file);
      const note = this.#note(checkpoint, now);
      const stored = await this.#store(newest, { size: tree.size, note, signed: now }, attempt === attemptsMax);
      if (stored === undefined) continue;
      this.#signed = note;
      this.#keep(note);
      return stored;
    }
  }

  /**
   * What a server with the key does while another one signs: the file beside its own key tells of the newest checkpoint too,
   * so that a verification here misses no event that has gone.
   */
  async #keepNewest(): Promise<void> {
    const { db, checkpointFile, key } = this.#parts;
    const file = readCheckpointFile(checkpointFile);
    const newest = await findNewestCheckpoint(db);
    if (newest === undefined || newest.note === file || !this.#isOurs(newest)) return;
    await this.#refuseMoved();
    const tree = await readTree(db);
    await this.#refuseDoubtful({ origin: key.log.name, size: tree.size, root: tree.root() }, newest, file);
    this.#keep(newest.note);
  }

  /**
   * Puts what was stored into the file, unless another process with this key has put a later one there. Never before it is
   * stored: a process that ends in between leaves an older checkpoint behind, and the next turn of any signer mends that,
   * while one that the database lacks is what a verification takes for damage.
   */
  #keep(note: string): void {
    const { checkpointFile, key } = this.#parts;
    const [kept, fresh] = [readCheckpointFile(checkpointFile) ?? "", note].map((text) => datedBy(text, key));
    if (kept !== undefined && fresh !== undefined && !isEarlier(kept, fresh)) return;
    writeCheckpointFile(checkpointFile, note);
  }

  /** A log that goes on elsewhere is signed there. */
  async #refuseMoved(): Promise<void> {
    if (this.#parts.signsMovedLog === true) return;
    const moved = await this.#parts.db.selectFrom("log_move").select("id").executeTakeFirst();
    if (moved !== undefined) throw new Doubt("this log was moved to another database, where it goes on");
  }

  #isOurs({ note }: StoredCheckpoint): boolean {
    return parseCheckpoint(parseNote(note).text).origin === this.#parts.key.log.name;
  }

  #note(checkpoint: Checkpoint, now: number): string {
    const { log, cosigner } = this.#parts.key;
    const text = checkpointText(checkpoint);
    const seconds = Math.floor(now / 1_000_000);
    return writeNote(text, [signNote(text, log, seconds), signNote(text, cosigner, seconds)]);
  }

  /** Everything that this key has signed must be a beginning of what it signs now. */
  async #refuseDoubtful(
    next: Checkpoint,
    newest: StoredCheckpoint | undefined,
    file: string | undefined,
  ): Promise<void> {
    const { checkpointFile } = this.#parts;
    const notes = [
      ...(file === undefined ? [] : [{ note: file, where: checkpointFile }]),
      ...(newest === undefined || newest.note === file ? [] : [{ note: newest.note, where: "the database" }]),
    ];
    for (const { note, where } of notes) await this.#refuseUnlessGrown(note, where, next);
  }

  async #refuseUnlessGrown(note: string, where: string, next: Checkpoint): Promise<void> {
    const { key, db } = this.#parts;
    const old = this.#read(note, where);
    // Another identity's: it is not this key that would show two histories.
    if (old.origin !== next.origin) return;
    if (note !== this.#signed && !isSignedBy(note, key)) {
      throw new Doubt(`the checkpoint in ${where} is not signed by this log's key`);
    }
    if (old.size > next.size) {
      throw new Doubt(
        `this key has signed ${old.size} events (${where}), and the log has ${next.size}: if it was restored from a backup, run ironlog log renew-identity`,
      );
    }
    const root = old.size === next.size ? next.root : await readRoot(old.size, subtreeReader(db));
    if (!root.equals(old.root)) {
      throw new Doubt(
        `the first ${old.size} events are not those that this key has signed (${where}): run ironlog log verify`,
      );
    }
  }

  #read(note: string, where: string): Checkpoint {
    try {
      return parseCheckpoint(parseNote(note).text);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Doubt(`what stands in ${where} is no checkpoint: ${reason}`, { cause: error });
    }
  }

  /** Adds the checkpoint, or replaces the newest one of the same hour. Undefined if another signer was quicker. */
  async #store(
    newest: StoredCheckpoint | undefined,
    fresh: Omit<StoredCheckpoint, "id">,
    isLastAttempt: boolean,
  ): Promise<StoredCheckpoint | undefined> {
    const replaces = newest !== undefined && isSameHour(newest, fresh) && this.#isOurs(newest);
    const id = replaces ? newest.id : (newest?.id ?? 0) + 1;
    try {
      return await seal(this.#parts.db, async (tx) => {
        if (id !== newest?.id) {
          await tx
            .insertInto("checkpoint")
            .values({ id, ...fresh })
            .execute();
          return { id, ...fresh };
        }
        const { numUpdatedRows } = await tx
          .updateTable("checkpoint")
          .set(fresh)
          .where("id", "=", id)
          .where("note", "=", newest.note)
          .executeTakeFirst();
        return numUpdatedRows === 1n ? { id, ...fresh } : undefined;
      });
    } catch (error) {
      const now = await findNewestCheckpoint(this.#parts.db);
      if (isLastAttempt || now?.note === newest?.note) throw error;
      return undefined;
    }
  }
}
