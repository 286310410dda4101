import type { Database } from "../database/database.ts";
import { type Checkpoint, parseCheckpoint } from "../verifiable-log/checkpoint.ts";
import { checkNote, parseNote, parseVerifier, type Verifier } from "../verifiable-log/signed-note.ts";
import { emptyRoot, type GrowingTree } from "../verifiable-log/tree.ts";
import { listIdentities } from "./queries.ts";
import type { Findings } from "./verification-report.ts";

/** A checkpoint that somebody has kept outside the database. */
export interface KeptCheckpoint {
  readonly note: string;
  /** In words: the name of its file. */
  readonly where: string;
}

interface CheckParts {
  readonly kept: readonly KeptCheckpoint[];
  readonly trustedKeys: readonly string[] | undefined;
  readonly findings: Findings;
}

/** A signed checkpoint, to be compared with the tree when it has that size. */
interface Claim extends Checkpoint {
  readonly where: string;
}

/** Holds every checkpoint, stored or kept elsewhere, against the tree that follows from the events. */
export class CheckpointCheck {
  readonly #claims: readonly Claim[];
  readonly #findings: Findings;
  #next = 0;
  #treeSize = 0;

  private constructor(claims: readonly Claim[], findings: Findings) {
    this.#claims = claims.toSorted((a, b) => a.size - b.size);
    this.#findings = findings;
  }

  /** Reads and checks the signatures; what is wrong with a checkpoint by itself is found here. */
  static async begin(db: Database, { kept, trustedKeys, findings }: CheckParts): Promise<CheckpointCheck> {
    const named = (await listIdentities(db)).flatMap(({ logKey, cosignerKey }) => [logKey, cosignerKey]);
    const keys = verifiers([...(trustedKeys ?? []), ...named], findings);
    const trusted = trustedKeys === undefined ? undefined : verifiers(trustedKeys, findings);
    findings.areKeysTrusted = trusted !== undefined;
    const claims: Claim[] = [];
    const stored = await db.selectFrom("checkpoint").selectAll().orderBy("id").execute();
    let previous = { id: 0, size: 0, signed: 0 };
    for (const row of stored) {
      const where = `checkpoint ${row.id}`;
      if (row.id !== previous.id + 1) findings.fault(null, `checkpoint ${previous.id + 1} is missing`);
      if (row.size < previous.size || row.signed < previous.signed) {
        findings.fault(null, `${where} is older or smaller than the one before it`);
      }
      previous = row;
      const claim = readClaim(row.note, where, keys, findings);
      if (claim === undefined) continue;
      if (claim.size !== row.size)
        findings.fault(null, `${where} is of ${claim.size} events, and its row says ${row.size}`);
      if (claim.seconds !== Math.floor(row.signed / 1_000_000)) {
        findings.fault(null, `${where} was signed at another time than its row says`);
      }
      findings.lastSigned = row.signed;
      claims.push(claim);
    }
    for (const { note, where } of kept) {
      const claim = readClaim(note, where, trusted ?? keys, findings);
      if (claim !== undefined) claims.push(claim);
    }
    return new CheckpointCheck(claims, findings);
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
  end(size: number): void {
    for (const claim of this.#claims.slice(this.#next)) {
      if (claim.size > size) {
        this.#findings.gap(size + 1, claim.size);
        this.#findings.fault(
          null,
          `${claim.where} has signed ${claim.size} events, and the log has ${size}: its end was cut off`,
        );
      } else if (claim.size > this.#treeSize) {
        this.#findings.fault(null, `${claim.where} can't be compared: events before ${claim.size + 1} are missing`);
      }
    }
  }

  #compare({ root, size, where }: Claim, actual: Buffer): void {
    this.#findings.checkpoints += 1;
    if (actual.equals(root)) return;
    this.#findings.fault(null, `the first ${size} events are not those that ${where} has signed`);
  }
}

function verifiers(texts: readonly string[], findings: Findings): readonly Verifier[] {
  return texts.flatMap((text) => {
    try {
      return [parseVerifier(text)];
    } catch (error) {
      findings.fault(null, `'${text}' is no key: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  });
}

/** The checkpoint of a note and when it was signed, if the log's key has signed it; else the fault is noted. */
function readClaim(
  note: string,
  where: string,
  keys: readonly Verifier[],
  findings: Findings,
): (Claim & { readonly seconds: number | undefined }) | undefined {
  try {
    const signed = parseNote(note);
    const checkpoint = parseCheckpoint(signed.text);
    const signatures = checkNote(signed, keys).filter(({ verifier }) => verifier.name === checkpoint.origin);
    if (!signatures.some(({ verifier }) => verifier.kind === "log")) {
      throw new Error(`no key of '${checkpoint.origin}' that is known here has signed it`);
    }
    const seconds = signatures.find(({ verifier }) => verifier.kind === "cosigner")?.seconds;
    return { ...checkpoint, where, seconds };
  } catch (error) {
    findings.fault(null, `${where} is wrong: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
