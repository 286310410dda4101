import { setGlobalProxyFromEnv } from "node:http";
import { proxyVariables } from "../../config.ts";
import { Refusal } from "../../refusal.ts";
import { findProxy, type Proxy } from "../../terminal/proxy.ts";
import { type Checkpoint, parseCheckpoint } from "../../verifiable-log/checkpoint.ts";
import { leafHash } from "../../verifiable-log/leaf.ts";
import { checkNote, parseNote, parseVerifier, type Verifier } from "../../verifiable-log/signed-note.ts";
import { tilePath } from "../../verifiable-log/tile-path.ts";
import { GrowingTree, hashBytes, tileWidth } from "../../verifiable-log/tree.ts";
import { findOtherLog, type KeptCheckpoint } from "./checkpoint-check.ts";
import { Findings, type VerificationReport } from "./verification-report.ts";

/** A server that answers nothing for so long is away. */
const answerTimeoutMs = 60_000;

export interface RemoteLog {
  /** The server's address, with or without `/MAAS/`. */
  readonly url: string;
  /** An administrator's, to check the leaves as well. */
  readonly apiKey: string | undefined;
  readonly kept: readonly KeptCheckpoint[];
  /** Verifier keys, as text that was checked. */
  readonly trustedKeys: readonly string[];
  readonly onProgress: (checked: number, size: number) => void | Promise<void>;
}

/**
 * Verifies a log by what its server shows: that all hashes give the root that was signed, and every kept checkpoint on the
 * way; with an administrator's key, that every leaf has its hash; with another's, which is shown no leaves, the hashes alone. Refuses with `invalid`
 * a server that doesn't answer.
 */
export async function verifyRemoteLog(remote: RemoteLog): Promise<VerificationReport> {
  const proxy = findProxy(baseOf(remote), proxyVariables());
  if (proxy === undefined) return verifyThrough(remote);
  // Node sends what it fetches through a proxy only for the whole process.
  const restore = setGlobalProxyFromEnv({ http_proxy: proxy.url, https_proxy: proxy.url });
  try {
    return await verifyThrough({ ...remote, proxy });
  } finally {
    restore();
  }
}

/** A log, and what stands between. */
interface ReachedLog extends RemoteLog {
  readonly proxy?: Proxy;
}

async function verifyThrough(remote: ReachedLog): Promise<VerificationReport> {
  const { trustedKeys, kept, onProgress } = remote;
  const keys = trustedKeys.map(parseVerifier);
  const note = (await fetchBytes(remote, "checkpoint")).toString("utf8");
  const newest = readSigned(note, "the server's checkpoint", keys);
  const findings = new Findings();
  findings.size = newest.size;
  findings.basis = remote.apiKey === undefined ? "hashes" : "leaves";
  findings.areKeysTrusted = keys.length > 0;
  findings.lastSigned = newest.seconds === undefined ? undefined : newest.seconds * 1_000_000;
  for (const { note: given, where } of kept) {
    const other = findOtherLog(given, where, new Set(keys.map(({ name }) => name)));
    if (other !== undefined) throw new Refusal("invalid", other);
  }
  const claims = [newest, ...kept.flatMap((one) => readKept(one, keys, findings))].toSorted((a, b) => a.size - b.size);
  const tree = GrowingTree.from(0, Buffer.alloc(0));
  const compare = (): void => {
    for (const claim of claims.filter(({ size }) => size === tree.size)) {
      findings.checkpoints += 1;
      if (tree.root().equals(claim.root)) continue;
      findings.in("tree").fault(null, `the first ${claim.size} events are not those that ${claim.where} has signed`);
    }
  };
  compare();
  for (let first = 0; first < newest.size; first += tileWidth) {
    const width = Math.min(tileWidth, newest.size - first);
    const tile = { index: first / tileWidth, width };
    const hashes = await fetchBytes(remote, `tile/${tilePath({ level: 0, ...tile })}`);
    if (hashes.length !== width * hashBytes) throw new Refusal("invalid", "the server sent a tile of a wrong size");
    const leaves =
      findings.basis === "hashes" ? undefined : await readLeaves(remote, tilePath({ level: "entries", ...tile }));
    if (leaves === undefined) findings.basis = "hashes";
    for (let at = 0; at < width; at += 1) {
      const hash = hashes.subarray(at * hashBytes, (at + 1) * hashBytes);
      const leaf = leaves?.[at];
      if (leaves !== undefined && (leaf === undefined || !isLeaf(leaf, hash, tree.size + 1))) {
        findings.in("events").fault(tree.size + 1, "its leaf is not what was recorded");
      }
      tree.append(hash);
      findings.checked += 1;
      compare();
    }
    await onProgress(tree.size, newest.size);
  }
  findings.root = tree.root();
  findings.in("tree").checkedTo(tree.size);
  if (findings.basis === "leaves") findings.in("events").checkedTo(findings.checked);
  for (const claim of claims.filter(({ size }) => size > newest.size)) {
    findings.gap(newest.size + 1, claim.size);
    findings
      .in("tree")
      .fault(
        null,
        `${claim.where} has signed ${claim.size} events, and the log shows ${newest.size}: its end was cut off`,
      );
  }
  return findings.report();
}

interface Claim extends Checkpoint {
  readonly where: string;
  readonly seconds: number | undefined;
}

/** Without trusted keys nobody can say who signed; with them, somebody trusted must have. */
function readSigned(note: string, where: string, keys: readonly Verifier[]): Claim {
  try {
    const signed = parseNote(note);
    const checkpoint = parseCheckpoint(signed.text);
    const signatures = checkNote(signed, keys);
    if (keys.length > 0 && !signatures.some(({ verifier }) => verifier.kind === "log")) {
      throw new Error(`no trusted key has signed it, it is of '${checkpoint.origin}'`);
    }
    return { ...checkpoint, where, seconds: signatures.find(({ seconds }) => seconds !== undefined)?.seconds };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal("invalid", `${where} is wrong: ${reason}`, { cause: error });
  }
}

function readKept({ note, where }: KeptCheckpoint, keys: readonly Verifier[], findings: Findings): readonly Claim[] {
  try {
    return [readSigned(note, where, keys)];
  } catch (error) {
    findings.in("tree").fault(null, error instanceof Error ? error.message : String(error));
    return [];
  }
}

function isLeaf(leaf: Buffer, hash: Buffer, id: number): boolean {
  try {
    const { id: own } = JSON.parse(leaf.toString("utf8")) as { readonly id?: unknown };
    return own === id && leafHash(leaf).equals(hash);
  } catch {
    return false;
  }
}

/** Undefined if the server shows them to administrators only, and the key is somebody else's. */
async function readLeaves(remote: ReachedLog, path: string): Promise<readonly Buffer[] | undefined> {
  try {
    return entries(await fetchBytes(remote, `tile/${path}`));
  } catch (error) {
    if (error instanceof Refusal && error.code === "forbidden") return undefined;
    throw error;
  }
}

/** Takes an entry bundle apart. */
function entries(bundle: Buffer): readonly Buffer[] {
  const leaves: Buffer[] = [];
  for (let at = 0; at + 2 <= bundle.length;) {
    const end = at + 2 + bundle.readUInt16BE(at);
    leaves.push(bundle.subarray(at + 2, end));
    at = end;
  }
  return leaves;
}

/** The server's address without `/MAAS/`. */
function baseOf({ url }: RemoteLog): string {
  return url.replace(/\/+$/, "").replace(/\/MAAS$/, "");
}

async function fetchBytes(remote: ReachedLog, path: string): Promise<Buffer> {
  const { apiKey, proxy } = remote;
  const base = baseOf(remote);
  const headers: Record<string, string> = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  let response: Response;
  try {
    response = await fetch(`${base}/log/${path}`, { headers, signal: AbortSignal.timeout(answerTimeoutMs) });
  } catch (error) {
    const way = proxy === undefined ? "" : ` through the proxy ${proxy.shown}, which ${proxy.name} names`;
    const question =
      proxy === undefined ? "is the server running there?" : "is the proxy running, and does it reach it?";
    throw new Refusal("invalid", `no answer from ${base}${way}: ${question}`, { cause: error });
  }
  const body = Buffer.from(await response.arrayBuffer());
  if (response.ok) return body;
  const words = body.toString("utf8").trim().slice(0, 300);
  throw new Refusal(
    response.status === 403 ? "forbidden" : "invalid",
    `${base}/log/${path} was refused (${response.status}): ${words}`,
  );
}
