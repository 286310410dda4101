import { readFileSync } from "node:fs";
import path from "node:path";
import { Refusal } from "../../refusal.ts";
import { findErrorCode } from "../../terminal/exit.ts";
import { newNamedKey, writeNamedKeys } from "../../terminal/key-file.ts";
import { writeWhole } from "../../terminal/whole-file.ts";
import { GrowingTree } from "../../verifiable-log/tree.ts";
import { rowDigest, type RowImage } from "../../verifiable-log/row-digest.ts";
import type { RowChange, RowMac, RowState } from "./row-changes.ts";
import { type AppendKey, appendKeyFile, readAppendKeys } from "./append-key-file.ts";
import { makeFolder } from "../make-folder.ts";
import { isSameMac, lengthPrefixedMac } from "./mac.ts";
import { type NewestDraft, newestMac, NewestStates } from "./newest-states.ts";

/** What of the head is authenticated. */
export interface AuthenticatedHead {
  readonly last_event_id: number;
  readonly last_created: number;
  /** Covers every event, and so what each of them says. */
  readonly frontier: Uint8Array;
  /** The name of the log; null before it has one. */
  readonly origin: string | null;
  /** What it vouches for of the rows that let somebody in; null before the first event. */
  readonly newest_mac: Uint8Array | null;
}

/** The head as it is stored: without events it bears no key. */
export type StoredHead = AuthenticatedHead & { readonly key_id: string | null; readonly mac: Uint8Array | null };

/** Why nobody may append to a log whose head this is; undefined where it is as this log's key has left it. */
export type HeadDoubt = Refusal | undefined;

/** A tree as it once was: whatever the log is later must have grown from it. */
export interface SeenTree {
  readonly size: number;
  /** Base64. */
  readonly root: string;
}

const notePauseMs = 1_000;

/**
 * The keys that append to one log, in a file beside the data. The one that the head bears is used; a log without events takes
 * the first, which is made where there is none.
 */
export class AppendKeys {
  readonly file: string;
  /** An older row bears a right code too: what the head says of the newest. */
  readonly newest = new NewestStates();
  #keys: readonly AppendKey[] | undefined;
  /** The key that the next head is to bear, where that is another than the last one's. */
  #next: string | undefined;
  #isAccepted = false;
  #follows = false;
  /** The size that the log had last. */
  #size = 0;
  #seen: SeenTree | undefined;
  #noted: Pick<AuthenticatedHead, "last_event_id" | "frontier"> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(file: string) {
    this.file = file;
  }

  /** Refuses with `append_key` what is no file of append keys. Empty where there is no file. */
  all(): readonly AppendKey[] {
    this.#keys ??= readAppendKeys(this.file);
    return this.#keys;
  }

  /** The key of that id. The file is read again for one that isn't known: somebody may have added it. */
  find(id: string): AppendKey | undefined {
    const known = this.all().find((key) => key.id === id);
    if (known !== undefined) return known;
    this.#keys = undefined;
    return this.all().find((key) => key.id === id);
  }

  /** Has the next head bear that key. */
  use(id: string): void {
    this.#next = id;
  }

  /** True once somebody has said so. */
  get isAccepted(): boolean {
    return this.#isAccepted;
  }

  /** Has the next action go on behind whatever head there is: an operator has looked at it. */
  accept(): void {
    this.#isAccepted = true;
    this.#follows = true;
    this.makeIfMissing();
  }

  /** Makes a key where there is no file. On disk on return. */
  makeIfMissing(): void {
    if (this.all().length > 0) return;
    makeFolder(path.dirname(this.file));
    try {
      writeWhole(this.file, writeNamedKeys(appendKeyFile, [newNamedKey()]), "refuse");
    } catch (error) {
      // Another process on the same data was quicker.
      if (findErrorCode(error) !== "EEXIST") throw error;
    }
    this.#keys = undefined;
  }

  /** What this place has itself appended or seen last; undefined before its first event. */
  get seen(): SeenTree | undefined {
    this.#seen ??= readSeen(this.seenFile);
    return this.#seen;
  }

  /** What was seen last is replaced from here on: somebody has found that the log has grown from it. */
  follow(): void {
    this.#follows = true;
  }

  /**
   * Told of a head that was committed. Where the log is known to have grown from what was seen before, it is written beside the keys
   * after a while: a crash leaves an older one, which is as true.
   */
  note({ last_event_id, frontier }: Pick<AuthenticatedHead, "last_event_id" | "frontier">): void {
    if (!this.#follows && this.seen !== undefined) return;
    this.#noted = { last_event_id, frontier };
    this.#size = last_event_id;
    this.#timer ??= setTimeout(() => this.flush(), notePauseMs).unref();
  }

  /** Writes down what was noted. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#noted === undefined) return;
    const { last_event_id: size, frontier } = this.#noted;
    this.#noted = undefined;
    this.#seen = { size, root: GrowingTree.from(size, frontier).root().toString("base64") };
    try {
      writeWhole(this.seenFile, `${JSON.stringify(this.#seen)}\n`, "replace");
    } catch {
      // What was appended is on disk; the older note stays as true as it was.
    }
  }

  /** Where that stands. */
  get seenFile(): string {
    return `${this.file}.seen`;
  }

  /** What stands against appending behind a head. Makes the key of a log that has no events yet. */
  doubtOf(head: StoredHead): HeadDoubt {
    if (this.#isAccepted) return undefined;
    // It was set back while this process ran: what it had seen is kept for whoever looks.
    if (head.last_event_id < this.#size) {
      this.flush();
      this.#follows = false;
    }
    return this.forgeryOf(head);
  }

  /** Why the head isn't one that somebody with the log's key has left, however old it is. */
  forgeryOf(head: StoredHead): HeadDoubt {
    if (this.#isAccepted) return undefined;
    if (head.last_event_id === 0 && head.key_id === null) {
      this.makeIfMissing();
      return undefined;
    }
    if (head.key_id === null || head.mac === null) return forgedHead();
    const key = this.find(head.key_id);
    if (key === undefined) return this.#unknown(head.key_id);
    return isSameMac(headMac(key, head), head.mac) ? undefined : forgedHead();
  }

  /** Begins a group of actions behind a head that bears `before`: what its own head is to say of the newest rows. */
  beginNewest(before: string | null): NewestDraft {
    return this.newest.begin(this.#current(before));
  }

  /** What a head without one before it is to say of them. */
  newestMac(events: ReadonlyMap<string, number>): Buffer {
    return newestMac(this.#current(null), events);
  }

  /** The key and the codes that a head is to bear behind one that bears `before`. */
  authenticate(
    head: Omit<AuthenticatedHead, "newest_mac">,
    newest: Pick<NewestDraft, "mac">,
    before: string | null,
  ): { readonly key_id: string; readonly newest_mac: Buffer; readonly mac: Buffer } {
    const key = this.#current(before);
    const newest_mac = newest.mac;
    return { key_id: key.id, newest_mac, mac: headMac(key, { ...head, newest_mac }) };
  }

  #current(before: string | null): AppendKey {
    const id = this.#next ?? before;
    const own = id === null ? undefined : this.find(id);
    const key = own ?? (id === null || this.#isAccepted ? this.all()[0] : undefined);
    if (key === undefined) throw this.#unknown(id ?? "none");
    return key;
  }

  /** What a row bears beside it in that state, under the key that the head bears. */
  authenticateRow(
    state: RowState & { readonly digest: Uint8Array },
    headKey: string | null,
  ): Pick<RowMac, "key_id" | "mac"> {
    const key = this.#current(headKey);
    return { key_id: key.id, mac: rowMac(key, state) };
  }

  /** Whether somebody with one of the keys has left the row so. */
  isAuthenticRow(table: string, key: string, image: RowImage, beside: RowMac | null): boolean {
    const own = beside === null ? undefined : this.find(beside.key_id);
    if (beside === null || own === undefined) return false;
    const digest = rowDigest(beside.salt, table, image);
    return isSameMac(rowMac(own, { table, key, event_id: beside.event_id, digest }), beside.mac);
  }

  /** Whether a row was what the log had committed to before it was changed. */
  isAuthenticChange({ table, key, before, mac }: RowChange): boolean {
    return before === null ? mac === null : this.isAuthenticRow(table, key, before, mac);
  }

  #unknown(id: string): Refusal {
    const what =
      this.all().length === 0
        ? `${this.file} is not there, and the log has events`
        : `${this.file} does not hold the key '${id}' that the log was last appended to with`;
    return new Refusal(
      "append_key",
      `${what}: bring that key with ironlog log append-key add, or name its file with --append-key. Nothing was changed.`,
    );
  }
}

/** What is said of a log that somebody else has written to. */
export function forgedHead(): Refusal {
  return new Refusal(
    "forged_head",
    "The head of the log was not left by anybody who has its append key: somebody has written to the database, or an older state of it came back. Nothing was changed; run ironlog log verify, then see ironlog log accept-head.",
  );
}

/**
 * HMAC-SHA-256 over "ironlog-head-v1" and a line feed, then the origin (empty for none), the size, the time of the last event,
 * the key's id, the frontier, and what is said of the newest rows: each as its length in 4 bytes, the highest first, and its bytes. Numbers are decimal digits.
 */
export function headMac(key: AppendKey, head: AuthenticatedHead): Buffer {
  const { origin, last_event_id, last_created, frontier, newest_mac } = head;
  const fields = [
    origin ?? "",
    String(last_event_id),
    String(last_created),
    key.id,
    frontier,
    newest_mac ?? Buffer.alloc(0),
  ];
  return lengthPrefixedMac(key.secret, "ironlog-head-v1\n", fields);
}

/** HMAC-SHA-256 over "ironlog-row-v1" and a line feed, then the table, the row's key, the id of the event, and the digest, as in a head. */
function rowMac(
  { secret }: AppendKey,
  { table, key, event_id, digest }: Pick<RowState, "table" | "key" | "event_id"> & { readonly digest: Uint8Array },
): Buffer {
  return lengthPrefixedMac(secret, "ironlog-row-v1\n", [table, key, String(event_id), digest]);
}

/** What stands beside the keys; undefined where there is nothing that can be read. */
function readSeen(file: string): SeenTree | undefined {
  try {
    const seen: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof seen !== "object" || seen === null || !("size" in seen) || !("root" in seen)) return undefined;
    const { size, root } = seen;
    const isSize = typeof size === "number" && Number.isSafeInteger(size) && size > 0;
    return isSize && typeof root === "string" ? { size, root } : undefined;
  } catch {
    return undefined;
  }
}
