import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../../database/database.ts";
import { Refusal } from "../../refusal.ts";
import { type Checkpoint, parseCheckpoint } from "../../verifiable-log/checkpoint.ts";
import { checkNote, parseNote, parseVerifier, type Verifier } from "../../verifiable-log/signed-note.ts";
import { emptyRoot, type GrowingTree } from "../../verifiable-log/tree.ts";
import { isEarlier } from "../signing/checkpoint-order.ts";
import { findNewestCheckpoint, listCheckpoints, listIdentities } from "../queries.ts";
import type { Findings, LayerFindings } from "./verification-report.ts";

/** How far a replica may be behind the file beside the key. */
const replicaAttemptsMax = 5;
const replicaPauseMs = 500;

/** A checkpoint that somebody has kept outside the database. */
export interface KeptCheckpoint {
  readonly note: string;
  /** In words: the name of its file. */
  readonly where: string;
  /** True of the file beside the key: what stands in it was stored in the database as well. */
  readonly isBesideKey?: true;
}

interface CheckParts {
  readonly kept: readonly KeptCheckpoint[];
  readonly trustedKeys: readonly string[] | undefined;
  readonly mustBeSigned: boolean;
  readonly findings: Findings;
}

/** A signed checkpoint, to be compared with the tree when it has that size. */
interface Claim extends Checkpoint {
  readonly where: string;
  /** The log's key that has signed it, as text. */
  readonly signedBy: string;
}

/** The same with when it was signed, in seconds since 1970. */
interface DatedClaim extends Claim {
  readonly signatures: number;
  readonly seconds: number | undefined;
}

/** Holds every checkpoint, stored or kept elsewhere, against the tree that follows from the events. */
export class CheckpointCheck {
  readonly #claims: readonly Claim[];
  readonly #findings: Findings;
  readonly #tree: LayerFindings;
  /** What must be stored by the end. */
  readonly #beside: readonly DatedClaim[];
  /** What tells of another log, and so says nothing of this one. */
  readonly #others: readonly string[];
  #next = 0;
  #treeSize = 0;

  private constructor(
    claims: readonly Claim[],
    beside: readonly DatedClaim[],
    others: readonly string[],
    findings: Findings,
  ) {
    this.#beside = beside;
    this.#others = others;
    this.#claims = claims.toSorted((a, b) => a.size - b.size);
    this.#findings = findings;
    this.#tree = findings.in("tree");
  }

  /** Reads and checks the signatures; what is wrong with a checkpoint by itself is found here. */
  static async begin(
    db: Database,
    { kept, trustedKeys, mustBeSigned, findings }: CheckParts,
  ): Promise<CheckpointCheck> {
    const tree = findings.in("tree");
    const identities = await tree.readable("log_identity", () => listIdentities(db), []);
    const named = identities.flatMap(({ logKey, cosignerKey }) => [logKey, cosignerKey]);
    const keys = verifiers([...(trustedKeys ?? []), ...named], tree);
    const trusted = trustedKeys === undefined ? undefined : verifiers(trustedKeys, tree);
    findings.areKeysTrusted = trusted !== undefined;
    const current = identities.at(-1);
    if (trustedKeys !== undefined && current !== undefined && !trustedKeys.includes(current.logKey)) {
      tree.fault(
        null,
        `the log signs with another key than is trusted here, since it had ${current.sinceSize} events: ${current.logKey}`,
      );
    }
    const claims: Claim[] = [];
    const stored = await tree.readable("checkpoint", () => listCheckpoints(db), []);
    let previous = { id: 0, size: 0, signed: 0 };
    for (const row of stored) {
      const where = `checkpoint ${row.id}`;
      if (row.id !== previous.id + 1) tree.fault(null, `checkpoint ${previous.id + 1} is missing`);
      if (isEarlier(row, previous)) {
        tree.fault(null, `${where} is older or smaller than the one before it`);
      }
      previous = row;
      const claim = readClaim(row.note, where, keys, tree);
      if (claim === undefined) continue;
      if (claim.signatures !== 2) tree.fault(null, `${where} has other signatures than its two`);
      if (claim.size !== row.size)
        tree.fault(null, `${where} is of ${claim.size} events, and its row says ${row.size}`);
      if ((claim.seconds ?? 0) * 1_000_000 !== row.signed) {
        tree.fault(null, `${where} was signed at another time than its row says`);
      }
      findings.lastSigned = row.signed;
      claims.push(claim);
    }
    const names = new Set([...identities.map(({ origin }) => origin), ...(trusted ?? []).map(({ name }) => name)]);
    const beside: DatedClaim[] = [];
    const others: string[] = [];
    for (const { note, where, isBesideKey } of kept) {
      const other = isBesideKey === true ? undefined : findOtherLog(note, where, names);
      if (other !== undefined) {
        others.push(other);
        continue;
      }
      const claim = readClaim(note, where, mustBeSigned ? (trusted ?? keys) : keys, tree);
      if (claim === undefined) continue;
      claims.push(claim);
      if (isBesideKey === true) beside.push(claim);
    }
    if (mustBeSigned && !claims.some(({ signedBy }) => trustedKeys?.includes(signedBy))) {
      tree.fault(null, "nothing here is signed by the key that was given");
    }
    return new CheckpointCheck(claims, beside, others, findings);
  }

  /** Called for each size that the tree grows to. */
  atSize(tree: GrowingTree): void {
    this.#treeSize = tree.size;
    for (let claim = this.#claims[this.#next]; claim !== undefined; claim = this.#claims[this.#next]) {
      if (claim.size > tree.size) return;
      this.#next += 1;
      const root = claim.size === 0 ? emptyRoot : tree.root();
      if (claim.size === 0 || claim.size === tree.size) this.#compare(claim, root);
    }
  }

  /** Checkpoints that the tree has not grown to. */
  async end(db: Database, size: number): Promise<void> {
    for (const claim of this.#claims.slice(this.#next)) {
      if (claim.size > size) {
        this.#findings.gap(size + 1, claim.size);
        this.#tree.fault(
          null,
          `${claim.where} has signed ${claim.size} events, and the log has ${size}: its end was cut off`,
        );
      } else if (claim.size > this.#treeSize) {
        this.#tree.fault(null, `${claim.where} can't be compared: events before ${claim.size + 1} are missing`);
      }
    }
    await this.#refuseUnstored(db);
  }

  /**
   * The last of all: where nothing else is wrong, a checkpoint of another log is a mistake of whoever gave it, and refused with
   * `invalid`. Where something is, the names in the database may be what is wrong, and it's noted.
   */
  refuseOthers(): void {
    for (const sentence of this.#others) {
      if (!this.#findings.hasFault) throw new Refusal("invalid", sentence);
      this.#tree.fault(null, sentence);
    }
  }

  /** What the signer puts into the file beside its key it has stored before; a replica may be a moment behind. */
  async #refuseUnstored(db: Database): Promise<void> {
    for (const { where, seconds = 0, size } of this.#beside) {
      for (let attempt = 1; ; attempt += 1) {
        const newest = await this.#tree.readable("checkpoint", () => findNewestCheckpoint(db), undefined);
        if (newest !== undefined && !isEarlier(newest, { size, signed: seconds * 1_000_000 })) break;
        if (attempt === replicaAttemptsMax) {
          this.#tree.fault(null, `the checkpoint in ${where} is newer than any that is stored: one was taken away`);
          break;
        }
        await sleep(replicaPauseMs);
      }
    }
  }

  #compare({ root, size, where }: Claim, actual: Buffer): void {
    this.#findings.checkpoints += 1;
    if (actual.equals(root)) {
      this.#findings.checkpointSize = size;
      return;
    }
    this.#tree.fault(null, `the first ${size} events are not those that ${where} has signed`);
  }
}

function verifiers(texts: readonly string[], tree: LayerFindings): readonly Verifier[] {
  return texts.flatMap((text) => {
    try {
      return [parseVerifier(text)];
    } catch (error) {
      tree.fault(null, `'${text}' is no key: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  });
}

/** What is wrong with a checkpoint of a log that has none of these names. */
export function findOtherLog(note: string, where: string, names: ReadonlySet<string>): string | undefined {
  const own = [...names].at(-1);
  if (own === undefined) return undefined;
  try {
    const { origin } = parseCheckpoint(parseNote(note).text);
    if (names.has(origin)) return undefined;
    return `--since ${where} is a checkpoint of another log, '${origin}': this one is '${own}'`;
  } catch {
    // It is no checkpoint at all, and whoever reads it next says so.
    return undefined;
  }
}

/** The checkpoint of a note and when it was signed, if the log's key has signed it; else the fault is noted. */
function readClaim(
  note: string,
  where: string,
  keys: readonly Verifier[],
  tree: LayerFindings,
): DatedClaim | undefined {
  try {
    const signed = parseNote(note);
    const checkpoint = parseCheckpoint(signed.text);
    const signatures = checkNote(signed, keys).filter(({ verifier }) => verifier.name === checkpoint.origin);
    const signedBy = signatures.find(({ verifier }) => verifier.kind === "log")?.verifier.text;
    if (signedBy === undefined) {
      throw new Error(`no key of '${checkpoint.origin}' that is known here has signed it`);
    }
    const seconds = signatures.find(({ verifier }) => verifier.kind === "cosigner")?.seconds;
    return { ...checkpoint, where, signedBy, seconds, signatures: signed.signatures.length };
  } catch (error) {
    tree.fault(null, `${where} is wrong: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
