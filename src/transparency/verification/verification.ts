import type { EventArray, ReadingDatabase } from "../../database/reading.ts";
import { GrowingTree, type TileNode } from "../../verifiable-log/tree.ts";
import { CheckpointCheck, type KeptCheckpoint } from "./checkpoint-check.ts";
import { checkIdentities } from "./identity-check.ts";
import { checkMoves } from "./move-check.ts";
import { readHashes } from "../queries.ts";
import { checkRow, createdOf, idOf } from "./row-check.ts";
import { Findings, type VerificationReport } from "./verification-report.ts";

/** Rows read at a time: some megabytes. */
const chunkSize = 2_000;

export interface VerificationOptions {
  /** Checkpoints that were kept outside the database, and where: the log must have grown from them. */
  readonly kept?: readonly KeptCheckpoint[];
  /** Verifier keys that somebody trusts, the log's own among them; without them those that the database names. */
  readonly trustedKeys?: readonly string[];
  /** True if a log of which nothing is signed by a trusted key is wrong. */
  readonly mustBeSigned?: boolean;
  /** Told how many events have been checked, of how many. It may wait, to leave room for others. */
  readonly onProgress?: (checked: number, size: number) => void | Promise<void>;
}

/**
 * Reads every row that there was when it began, and checks all that is hashed of it: rows against leaves, leaves against the
 * tree, the tree against every checkpoint. It trusts no cached hash, changes nothing, and goes on where something is wrong.
 */
export async function verifyLog(
  reading: ReadingDatabase,
  { kept = [], trustedKeys, mustBeSigned = false, onProgress }: VerificationOptions = {},
): Promise<VerificationReport> {
  const { db } = reading;
  const findings = new Findings();
  // Before the head: while somebody signs, the log is then no shorter than what was signed.
  const checkpoints = await CheckpointCheck.begin(db, { kept, trustedKeys, mustBeSigned, findings });
  const head = await db.selectFrom("log_head").selectAll().executeTakeFirst();
  findings.size = head?.last_event_id ?? 0;
  if (head === undefined) {
    findings.fault(null, "log_head has no row: nobody can say how long the log is");
    return findings.report();
  }
  const pass = new Pass(reading, findings, checkpoints);
  await pass.readUpTo(head.last_event_id, onProgress);
  await pass.checkHead(head);
  await pass.checkSurplus(head.last_event_id);
  await checkpoints.end(db, head.last_event_id);
  await checkIdentities(db, findings);
  await checkMoves(db, head.last_event_id, findings);
  checkpoints.refuseOthers();
  return findings.report();
}

/** One way through all rows, oldest first. */
class Pass {
  readonly #reading: ReadingDatabase;
  readonly #findings: Findings;
  readonly #checkpoints: CheckpointCheck;
  /** Undefined from the first missing event on: then nobody can say what the tree was. */
  #tree: GrowingTree | undefined = GrowingTree.from(0, Buffer.alloc(0));
  #lastId = 0;
  #lastCreated = 0;

  constructor(reading: ReadingDatabase, findings: Findings, checkpoints: CheckpointCheck) {
    this.#reading = reading;
    this.#findings = findings;
    this.#checkpoints = checkpoints;
  }

  async readUpTo(size: number, onProgress: VerificationOptions["onProgress"]): Promise<void> {
    while (this.#lastId < size) {
      const rows = await this.#readChunk(size);
      // Nothing follows, however long the log is said to be.
      if (rows?.length === 0) break;
      if (rows === undefined) await this.#takeOneByOne(Math.min(size, this.#lastId + chunkSize));
      else await this.#checkNodes(rows.flatMap((row) => this.#take(row)));
      await onProgress?.(this.#lastId, size);
    }
    this.#noteGap(size + 1);
  }

  /** The rows that follow; undefined if one of them can't be read. */
  async #readChunk(size: number): Promise<readonly EventArray[] | undefined> {
    try {
      return await this.#reading.readEvents(this.#lastId, size, chunkSize);
    } catch {
      return undefined;
    }
  }

  /** Some row has a number that no program has written, or stands on a page that is damaged. */
  async #takeOneByOne(upTo: number): Promise<void> {
    for (let id = this.#lastId + 1; id <= upTo; id += 1) {
      try {
        const [row] = await this.#reading.readEvents(id - 1, id, 1);
        if (row !== undefined) await this.#checkNodes(this.#take(row));
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#findings.fault(id, `its row can't be read: ${reason}`);
        this.#noteGap(id);
        this.#lastId = id;
        this.#tree = undefined;
      }
    }
  }

  /** Checks a row and lets the tree grow by it. Returns the nodes that it completes. */
  #take(row: EventArray): readonly TileNode[] {
    const id = idOf(row);
    this.#noteGap(id);
    this.#lastId = id;
    this.#lastCreated = createdOf(row);
    this.#findings.lastEvent = this.#lastCreated;
    try {
      const { leafHash, faults } = checkRow(row);
      for (const fault of faults) this.#findings.fault(id, fault);
      this.#findings.checked += 1;
      const nodes = this.#tree?.append(leafHash) ?? [];
      if (this.#tree !== undefined) this.#checkpoints.atSize(this.#tree);
      return nodes;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#findings.fault(id, `its row is not one that Ironlog writes: ${reason}`);
      this.#tree = undefined;
      return [];
    }
  }

  /** The events that should have come before this one. */
  #noteGap(next: number): void {
    if (next <= this.#lastId + 1) return;
    this.#findings.gap(this.#lastId + 1, next - 1);
    this.#tree = undefined;
  }

  /** The nodes of full tiles, which proofs are made of, against those that follow from the rows. */
  async #checkNodes(nodes: readonly TileNode[]): Promise<void> {
    for (const level of new Set(nodes.map((node) => node.level))) {
      const own = nodes.filter((node) => node.level === level);
      const first = own[0]?.index ?? 0;
      const stored = await readHashes(this.#reading.db, level, first, own.length);
      for (const [at, { index, hash }] of own.entries()) {
        if (stored[at]?.equals(hash) === true) continue;
        const width = 256 ** level;
        const what = `the tree's node over events ${index * width + 1} to ${(index + 1) * width} is not what follows from them`;
        this.#findings.fault(null, what);
      }
    }
  }

  /** What the next event would be appended to. */
  async checkHead(head: {
    readonly last_event_id: number;
    readonly last_created: number;
    readonly edge: Uint8Array;
  }): Promise<void> {
    if (this.#lastId === head.last_event_id && this.#lastCreated !== head.last_created) {
      this.#findings.fault(null, "log_head names another time than the last event has");
    }
    if (this.#tree === undefined) return;
    this.#findings.root = this.#tree.root();
    if (!this.#tree.frontier().equals(head.edge)) {
      this.#findings.fault(null, "the tree's frontier in log_head is not what follows from the events");
    }
  }

  /** Rows and nodes that nobody has recorded. */
  async checkSurplus(size: number): Promise<void> {
    const { db } = this.#reading;
    const rows = await db
      .selectFrom("event")
      .select("id")
      .where((eb) => eb.or([eb("id", "<", 1), eb("id", ">", size)]))
      .orderBy("id")
      .limit(100)
      .execute();
    const levels = await db
      .selectFrom("tree_node")
      .select(({ fn }) => ["level", fn.countAll<number>().as("nodes"), fn.max<number>("position").as("last")])
      .groupBy("level")
      .execute();
    // Read last: while somebody records, there is more than there was at the beginning.
    const { last_event_id: now } = await db.selectFrom("log_head").select("last_event_id").executeTakeFirstOrThrow();
    for (const { id } of rows) {
      if (id < 1 || id > now) this.#findings.fault(id, "it stands outside the log: it was not recorded by Ironlog");
    }
    for (const { level, nodes, last } of levels) {
      const most = Math.floor(now / 256 ** level);
      if (level < 1 || nodes > most || last >= most) {
        this.#findings.fault(null, `the tree has nodes of level ${level} that follow from no event`);
      }
    }
  }
}
