import type { EventArray, ReadingDatabase } from "../../database/reading.ts";
import { checkRow, createdOf, idOf } from "../../database/checking/row-check.ts";
import { GrowingTree, tileWidth, type TileNode } from "../../verifiable-log/tree.ts";
import { CheckpointCheck, type KeptCheckpoint } from "./checkpoint-check.ts";
import { checkIdentities } from "./identity-check.ts";
import { checkMoves } from "./move-check.ts";
import { findDamage } from "../../database/checking/damage.ts";
import { isVouched } from "../../database/writing/catch-up.ts";
import { readHead } from "../../database/writing/read-head.ts";
import { readHashes, readLeafTiles } from "../queries.ts";
import { checkAuthenticity, readAccepted } from "./head-check.ts";
import { StateReplay } from "./state-check.ts";
import { checkSurplus } from "./surplus-check.ts";
import { checkSchema } from "./schema-fault-check.ts";
import { checkVerdictPace } from "../verdicts/verdict-pace.ts";
import { Findings, type VerificationReport } from "./verification-report.ts";
import { Refusal } from "../../refusal.ts";

/** Rows read at a time: so few that V8 frees them while they are young. */
const chunkSize = 100;

export interface VerificationOptions {
  /** Checkpoints that were kept outside the database, and where: the log must have grown from them. */
  readonly kept?: readonly KeptCheckpoint[];
  /** Verifier keys that somebody trusts, the log's own among them; without them those that the database names. */
  readonly trustedKeys?: readonly string[];
  /** True if a log of which nothing is signed by a trusted key is wrong. */
  readonly mustBeSigned?: boolean;
  /** True where an operator is about to vouch for a head that nobody with the append key has left. */
  readonly isHeadAccepted?: true;
  /** True to look at every entry of every index too. */
  readonly isDeep?: boolean;
  /** Told how many events have been checked, of how many. It may wait, to leave room for others. */
  readonly onProgress?: (checked: number, size: number) => void | Promise<void>;
}

/**
 * Reads every row that there was when it began, and checks all that is hashed of it: rows against leaves, leaves against the
 * tree, the tree against every checkpoint. It trusts no cached hash, changes nothing, and goes on where something is wrong.
 */
export async function verifyLog(
  reading: ReadingDatabase,
  options: VerificationOptions = {},
): Promise<VerificationReport> {
  const findings = new Findings();
  await checkSchema(reading, options.isDeep === true, findings);
  try {
    return await verifyRows(reading, options, findings);
  } catch (error) {
    // A mistake of the caller's is told as one. Where tables or columns are gone, the rest can't be read.
    if (error instanceof Refusal || !findings.hasFault) throw error;
    findings
      .in("events")
      .fault(null, `the log can't be read to its end: ${error instanceof Error ? error.message : String(error)}`);
    return findings.report();
  }
}

async function verifyRows(
  reading: ReadingDatabase,
  { kept = [], trustedKeys, mustBeSigned = false, isHeadAccepted, onProgress }: VerificationOptions,
  findings: Findings,
): Promise<VerificationReport> {
  const { db } = reading;
  // Before the head: while somebody signs, the log is then no shorter than what was signed.
  const checkpoints = await CheckpointCheck.begin(db, { kept, trustedKeys, mustBeSigned, findings });
  const head = await findings.in("appends").readable("log_head", () => readHead(db), "unreadable" as const);
  if (head === undefined || head === "unreadable") {
    findings.isLengthKnown = false;
    if (head === undefined)
      findings.in("appends").fault(null, "log_head has no row: nobody can say how long the log is");
    return findings.report();
  }
  const { last_event_id: size } = head;
  findings.size = size;
  const pass = new Pass(reading, findings, checkpoints);
  await pass.readUpTo(size, onProgress);
  await pass.checkHead(head);
  await findings.in("state").readable("stored rows", () => pass.checkState(isHeadAccepted === true), undefined);
  if (isHeadAccepted !== true) {
    await findings.in("appends").readable("the head", () => checkAuthenticity(reading, head, findings), undefined);
  }
  await findings.in("appends").readable("what was accepted", () => readAccepted(db, findings), undefined);
  await findings
    .in("events")
    .readable("what lies behind the log's end", () => checkSurplus(db, size, findings), undefined);
  await checkpoints.end(db, size);
  await findings.in("tree").readable("log_identity", () => checkIdentities(db, findings.in("tree")), undefined);
  await findings.in("appends").readable("log_move", () => checkMoves(db, size, findings.in("appends")), undefined);
  await findings
    .in("events")
    .readable("what earlier verifications found", () => checkVerdictPace(db, size, findings), undefined);
  checkpoints.refuseOthers();
  return findings.report();
}

/** One way through all rows, oldest first. */
class Pass {
  readonly #reading: ReadingDatabase;
  readonly #findings: Findings;
  readonly #checkpoints: CheckpointCheck;
  /** Undefined from the first event on that is missing or can't be read: what it stated is not known. */
  #state: StateReplay | undefined;
  /** The hashes of the leaves since the last full tile. */
  readonly #leaves: Buffer[] = [];
  /** Undefined from there on too: then nobody can say what the tree was. */
  #tree: GrowingTree | undefined = GrowingTree.from(0, Buffer.alloc(0));
  #lastId = 0;
  #lastCreated = 0;
  /** True if nothing behind the last event can be read. */
  #isLost = false;

  constructor(reading: ReadingDatabase, findings: Findings, checkpoints: CheckpointCheck) {
    this.#reading = reading;
    this.#findings = findings;
    this.#checkpoints = checkpoints;
    this.#state = new StateReplay(findings.in("state"));
  }

  async readUpTo(size: number, onProgress: VerificationOptions["onProgress"]): Promise<void> {
    while (this.#lastId < size) {
      const rows = await this.#readChunk(size);
      // Nothing follows, however long the log is said to be.
      if (rows?.length === 0) break;
      if (rows === undefined) await this.#takeOneByOne(Math.min(size, this.#lastId + chunkSize));
      else await this.#checkNodes(rows.flatMap((row) => this.#take(row)));
      if (this.#isLost) break;
      await onProgress?.(this.#lastId, size);
    }
    this.#noteGap(size + 1);
    if (!this.#isLost) this.#findings.in("events").checkedTo(this.#lastId);
  }

  /** The rows that follow; undefined if one of them can't be read. */
  async #readChunk(size: number): Promise<readonly EventArray[] | undefined> {
    try {
      return await this.#reading.readEvents(this.#lastId, size, chunkSize);
    } catch (error) {
      if (findDamage(error) === undefined) throw error;
      return undefined;
    }
  }

  /** Some row has a number that no program has written, or stands on a page that is damaged. */
  async #takeOneByOne(upTo: number): Promise<void> {
    let readable = 0;
    for (let id = this.#lastId + 1; id <= upTo; id += 1) {
      try {
        const [row] = await this.#reading.readEvents(id - 1, id, 1);
        readable += 1;
        if (row !== undefined) await this.#checkNodes(this.#take(row));
      } catch (error) {
        const damage = findDamage(error);
        if (damage === undefined) throw error;
        this.#findings.in("events").fault(id, `its row can't be read: ${damage}`);
        this.#noteGap(id);
        this.#lastId = id;
        this.#loseWhatFollows();
      }
    }
    if (readable === 0) await this.#giveUpWithoutEnd();
  }

  /** Where the last id can't be read either, the head alone says how many rows follow: it may be wrong, and far ahead. */
  async #giveUpWithoutEnd(): Promise<void> {
    const { db } = this.#reading;
    const last = db.selectFrom("event").select(({ fn }) => fn.max("id").as("id"));
    const what = `the events behind event ${this.#lastId}`;
    const found = await this.#findings.in("events").readable(what, () => last.executeTakeFirst(), undefined);
    this.#isLost = found === undefined;
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
      for (const fault of faults) this.#findings.in("events").fault(id, fault);
      this.#findings.checked += 1;
      this.#state?.take(row);
      const nodes = this.#tree?.append(leafHash) ?? [];
      if (this.#tree !== undefined) this.#leaves.push(leafHash);
      if (this.#tree !== undefined) this.#checkpoints.atSize(this.#tree);
      return nodes;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#findings.in("events").fault(id, `its row is not one that Ironlog writes: ${reason}`);
      this.#loseWhatFollows();
      return [];
    }
  }

  /** The events that should have come before this one. */
  #noteGap(next: number): void {
    if (next <= this.#lastId + 1) return;
    this.#findings.gap(this.#lastId + 1, next - 1);
    this.#loseWhatFollows();
  }

  /** An event of which nothing is known: neither the tree nor stored rows can be held against what follows from all. */
  #loseWhatFollows(): void {
    this.#tree = undefined;
    this.#state = undefined;
  }

  /** Full tiles of leaves against the rows that they stand for. */
  async #checkLeafTiles(nodes: readonly TileNode[]): Promise<void> {
    const tiles = nodes.filter(({ level }) => level === 1);
    const [first, last] = [tiles[0]?.index ?? 0, tiles.at(-1)?.index ?? -1];
    const stored = await readLeafTiles(this.#reading.db, first, last);
    for (const { index } of tiles) {
      const hashes = Buffer.concat(this.#leaves.splice(0, tileWidth));
      if (stored.get(index)?.equals(hashes) === true) continue;
      const what = `the tile of events ${index * tileWidth + 1} to ${(index + 1) * tileWidth} is not what follows from them`;
      this.#findings.in("tree").fault(null, what);
    }
  }

  /** The nodes of full tiles, which proofs are made of, against those that follow from the rows. */
  async #checkNodes(nodes: readonly TileNode[]): Promise<void> {
    await this.#checkLeafTiles(nodes);
    for (const level of new Set(nodes.map((node) => node.level))) {
      const own = nodes.filter((node) => node.level === level);
      const first = own[0]?.index ?? 0;
      const read = () => readHashes(this.#reading.db, level, first, own.length);
      const stored = await this.#findings.in("tree").readable(`the tree's nodes of level ${level}`, read, undefined);
      if (stored === undefined) continue;
      for (const [at, { index, hash }] of own.entries()) {
        if (stored[at]?.equals(hash) === true) continue;
        const width = 256 ** level;
        const what = `the tree's node over events ${index * width + 1} to ${(index + 1) * width} is not what follows from them`;
        this.#findings.in("tree").fault(null, what);
      }
    }
  }

  /** What the log says of stored rows against the rows, both at one moment. */
  async checkState(isHeadAccepted: boolean): Promise<void> {
    const state = this.#state;
    if (state === undefined) return;
    const { appendKeys } = this.#reading;
    const keys = appendKeys.all().length === 0 ? undefined : appendKeys;
    await this.#reading.atOneMoment(async (moment) => {
      const head = await readHead(moment.db);
      await state.end(moment, head?.last_event_id ?? 0, keys);
      this.#findings.in("state").checkedTo(this.#lastId);
      if (head === undefined || keys === undefined || isHeadAccepted || keys.forgeryOf(head) !== undefined) return;
      if (!isVouched(keys, head, state.newestRows())) {
        this.#findings
          .in("appends")
          .fault(null, "log_head vouches for other rows of accounts, sessions, API keys and settings");
      }
    });
  }

  /** What the next event would be appended to. */
  async checkHead(head: {
    readonly last_event_id: number;
    readonly last_created: number;
    readonly frontier: Uint8Array;
  }): Promise<void> {
    if (this.#lastId === head.last_event_id && this.#lastCreated !== head.last_created) {
      this.#findings.in("appends").fault(null, "log_head names another time than the last event has");
    }
    if (this.#tree === undefined) return;
    this.#findings.root = this.#tree.root();
    this.#findings.in("tree").checkedTo(this.#tree.size);
    if (!this.#tree.frontier().equals(head.frontier)) {
      this.#findings.in("tree").fault(null, "the tree's frontier in log_head is not what follows from the events");
    }
  }
}
