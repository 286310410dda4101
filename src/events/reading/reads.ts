import { machineActor, readsAll, type Viewer, viewerKey } from "../../audit/actor.ts";
import { perform } from "../../audit/perform.ts";
import type { Database } from "../../database/database.ts";
import { logVersion, VersionCache } from "../../database/version-cache.ts";
import type { Worker } from "../../following/worker.ts";
import type { Call } from "../../http/operations/operation.ts";
import { Refusal } from "../../refusal.ts";
import { findTrustedSetting } from "../../settings/queries.ts";
import { nowMicros } from "../../time.ts";
import { type CountedReads, type ReadKind, recordReads } from "./read-actions.ts";

/** What one session or API key reads in so long is told of by two events at most. */
const summaryMicros = 3_600_000_000;
/** How often summaries are looked for. */
const pauseMs = 60_000;
/** Sessions and API keys at a time; beyond it each read is recorded by itself. */
const readersMax = 10_000;

const ledgers = new WeakMap<Database, Reads>();

/** The one count of this process of who reads that log. */
export function readsOf(db: Database): Reads {
  const reads = ledgers.get(db) ?? new Reads(db);
  ledgers.set(db, reads);
  return reads;
}

type Caller = Pick<Call<unknown>, "actor" | "now" | "asOf">;

/**
 * Records who reads what is others': the first read of a session or an API key at once, before it is answered, and the further ones
 * of that hour when it is over. Proofs and streams by API key always, since they carry events away; all reads where
 * `ironlog_record_reads` says so. What a page fetches by itself to show its list is a part of that list.
 */
export class Reads {
  readonly worker: Worker;
  readonly #db: Database;
  readonly #counted = new Map<string, CountedReads>();
  readonly #isOn = new VersionCache<boolean>(1);

  constructor(db: Database) {
    this.#db = db;
    this.worker = {
      name: "reads",
      runs: "everyServer",
      pauseMs,
      complaint: "could not record who has read the log",
      hasFinalTurn: true,
      turn: async ({ isFinal }) => {
        const before = isFinal ? Infinity : nowMicros() - summaryMicros;
        for (const [key, reads] of this.#counted) if (reads.from <= before) await this.#summarise(key, reads);
        return "pause";
      },
    };
  }

  /** Is told of a read before it is answered. Throws what keeps it from being recorded: then it isn't answered. */
  async note({ actor, now, asOf }: Caller, kind: ReadKind): Promise<void> {
    const { user, mirrored, origin } = actor;
    const reader = mirrored ?? user;
    if (reader === null || !readsOthers(reader)) return;
    // The key of a mirrored person isn't known here, and so it is they who are counted.
    const fingerprint = mirrored === undefined ? actor.credential?.fingerprint : viewerKey(mirrored);
    if (fingerprint === undefined) return;
    const carriesAway = kind !== "query" && origin.endpoint === "API";
    if (!carriesAway && !(await this.#isRecorded(asOf))) return;
    const known = this.#counted.get(fingerprint);
    if (known !== undefined) {
      this.#counted.set(fingerprint, {
        ...known,
        counts: { ...known.counts, [kind]: known.counts[kind] + 1 },
        to: now,
      });
      return;
    }
    const none = { query: 0, proof: 0, stream: 0 };
    const told = { id: viewerKey(reader), username: reader.username };
    const reads: CountedReads = { reader: told, credential: fingerprint, counts: none, from: now, to: now };
    if (this.#counted.size < readersMax) this.#counted.set(fingerprint, reads);
    try {
      await perform(this.#db, actor, recordReads, { ...reads, counts: { ...none, [kind]: 1 } });
    } catch (error) {
      this.#counted.delete(fingerprint);
      // A log that was moved is only read from here on, and its copy is recorded where it has gone.
      if (!(error instanceof Refusal && error.code === "moved")) throw error;
    }
  }

  async #isRecorded(asOf: string | undefined): Promise<boolean> {
    const read = async (): Promise<boolean> => {
      const setting = await findTrustedSetting(this.#db, "ironlog_record_reads");
      // Whoever turned it off by SQL has something to read.
      return setting === "changed" || setting.value === true;
    };
    return this.#isOn.get(asOf ?? (await logVersion(this.#db)), "", read);
  }

  async #summarise(key: string, reads: CountedReads): Promise<void> {
    this.#counted.delete(key);
    if (Object.values(reads.counts).every((count) => count === 0)) return;
    try {
      await perform(this.#db, machineActor("ironlog"), recordReads, reads);
    } catch (error) {
      // The count is not lost: what was read meanwhile comes to it.
      const later = this.#counted.get(key);
      this.#counted.set(key, later === undefined ? reads : sum(reads, later));
      throw error;
    }
  }
}

function readsOthers(reader: Viewer): boolean {
  return "realm" in reader ? reader.readsRealm : readsAll(reader);
}

function sum(one: CountedReads, other: CountedReads): CountedReads {
  const counts = {
    query: one.counts.query + other.counts.query,
    proof: one.counts.proof + other.counts.proof,
    stream: one.counts.stream + other.counts.stream,
  };
  return { ...one, counts, to: other.to };
}
