import assert from "node:assert/strict";
import { argon2, type Argon2Parameters, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { assertText } from "../../http/request/text.ts";
import { invalidField } from "../../refusal.ts";
import { HashingQueue } from "./hashing-queue.ts";

/** A password fit to be set: long enough, not too long, in Unicode's composed form (NFC). Never to be printed. */
export type Password = string & { readonly __brand: "Password" };

/** A stored password: argon2id in PHC form, `$argon2id$v=19$m=19456,t=2,p=1$SALT$TAG`, base64 without padding. */
export type PasswordHash = string & { readonly __brand: "PasswordHash" };

const phcForm = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]{11,})\$([A-Za-z0-9+/]{22,})$/;

/** What a hash costs; `memory` in KiB. */
export interface PasswordCost {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** OWASP's first choice for argon2id: 19 MiB (in KiB here), two passes, one lane; some 20 ms. */
const standardCost: PasswordCost = { memory: 19_456, passes: 2, parallelism: 1 };

const saltLengthBytes = 16;
const tagLengthBytes = 32;

/** In code points (contract D3). */
const passwordLengthMin = 8;
const passwordLengthMax = 1_024;

/** In UTF-16 code units: no password can be longer, so nothing longer is normalised or hashed. */
const attemptLengthMax = 4 * passwordLengthMax;

/** New passwords are hashed for people who have proved who they are, so they don't wait behind strangers. */
const settingPasswords = "setting passwords";

const deriveKey = promisify(argon2);

/** Hashes and checks passwords for one server, whose logins wait in a queue of their own. */
export class PasswordHasher {
  readonly #cost: PasswordCost;
  /** Two of libuv's four threads: files and names must be served while people log in. */
  readonly #queue = new HashingQueue({ concurrency: 2, waitingMax: 64, keptMax: 16, keptPerCallerMax: 4 });

  /** Another cost than the standard one is for tests, which make many people. */
  constructor(cost: PasswordCost = standardCost) {
    this.#cost = cost;
  }

  /** The hash to store for a password, with a salt of its own. Refuses (`queue_full`) when too many are waiting. */
  async hash(password: Password): Promise<PasswordHash> {
    const salt = randomBytes(saltLengthBytes);
    const tag = await this.#derive(password, salt, this.#cost, tagLengthBytes, settingPasswords);
    const { memory, passes, parallelism } = this.#cost;
    return asPasswordHash(`$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`);
  }

  /**
   * Whether `text`, as somebody typed it at a login, is the password behind `stored`. NFC-normalises it first. Takes as long
   * for a wrong one as for the right one. Refuses (`queue_full`) when too many are waiting; for a `knownCaller` places are
   * kept.
   */
  async verify(text: string, stored: PasswordHash, knownCaller?: string): Promise<boolean> {
    const { cost, salt, tag } = parsePasswordHash(stored);
    if (!isPossible(text)) return this.verifyAgainstNobody(text, knownCaller);
    return timingSafeEqual(await this.#derive(text, salt, cost, tag.length, knownCaller), tag);
  }

  /**
   * Spends what `verify` spends on a hash of the current cost, and says no: for logins to accounts that do not exist or may
   * not log in, which must not answer sooner. Refuses (`queue_full`) when too many are waiting.
   */
  async verifyAgainstNobody(text: string, knownCaller?: string): Promise<false> {
    const salt = Buffer.alloc(saltLengthBytes);
    await this.#derive(isPossible(text) ? text : "", salt, this.#cost, tagLengthBytes, knownCaller);
    return false;
  }

  /** Whether a stored password was hashed at another cost than the current one, so that its next login is to renew it. */
  needsRehash(stored: PasswordHash): boolean {
    const { cost: was, salt, tag } = parsePasswordHash(stored);
    const { memory, passes, parallelism } = this.#cost;
    const isSameCost = was.memory === memory && was.passes === passes && was.parallelism === parallelism;
    return !isSameCost || salt.length !== saltLengthBytes || tag.length !== tagLengthBytes;
  }

  #derive(
    text: string,
    salt: Buffer,
    { memory, passes, parallelism }: PasswordCost,
    tagLength: number,
    knownCaller: string | undefined,
  ): Promise<Buffer> {
    const message = Buffer.from(text.normalize("NFC"), "utf8");
    const parameters: Argon2Parameters = { message, nonce: salt, parallelism, tagLength, memory, passes };
    return this.#queue.run(() => deriveKey("argon2id", parameters), knownCaller);
  }
}

/**
 * Reads a new password: 8 to 1,024 code points, counted after NFC normalisation, which lets `é` be typed on any keyboard.
 * Refuses (`invalid`, for `field`) others, and text that is not well-formed or holds a NUL. Blanks count.
 */
export function parsePassword(text: string, field: string): Password {
  assertText(field, text);
  const password = text.length > attemptLengthMax ? text : text.normalize("NFC");
  if (!isPassword(password)) throw invalidField(field, "Choose a password of 8 to 1,024 characters.");
  return password;
}

function isPassword(text: string): text is Password {
  if (text.length > attemptLengthMax) return false;
  const length = Array.from(text).length;
  return length >= passwordLengthMin && length <= passwordLengthMax;
}

/** The hash that the database gave back. One in another form is a bug: it throws an AssertionError, without the text. */
export function asPasswordHash(stored: string): PasswordHash {
  assert(isPasswordHash(stored), "a stored password is an argon2id hash in PHC form");
  return stored;
}

function isPasswordHash(text: string): text is PasswordHash {
  return phcForm.test(text);
}

function parsePasswordHash(stored: PasswordHash): { cost: PasswordCost; salt: Buffer; tag: Buffer } {
  const match = phcForm.exec(stored);
  assert(match !== null, "a stored password is an argon2id hash in PHC form");
  const [, memory, passes, parallelism, salt = "", tag = ""] = match;
  return {
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, "base64"),
    tag: Buffer.from(tag, "base64"),
  };
}

/** What is not well-formed would be hashed as U+FFFD, and so match another password. */
function isPossible(text: string): boolean {
  return text.length <= attemptLengthMax && text.isWellFormed();
}

function base64(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
