import { isDeepStrictEqual } from "node:util";
import type { WireAnswer } from "./statements/wire.ts";

/** Thrown where a server doesn't keep a statement. Both sides are for people, and say what was asked. */
export class Unmet extends Error {
  readonly expected: string;
  readonly came: string;

  constructor(about: string, expected: string, came: string) {
    super(`${about}: expected ${expected}, came ${came}`);
    this.expected = `${about}: ${expected}`;
    this.came = came;
  }
}

/** What an answer must be; what isn't said may be anything. */
export interface Wanted {
  readonly status: number;
  /** The whole header `Content-Type`. */
  readonly type?: string;
  /** The whole body, or a pattern in it. */
  readonly text?: string | RegExp;
  /** The body's value. */
  readonly json?: unknown;
}

/** Fails unless the answer is as wanted; gives it back, so that a check can go on with it. */
export function expectAnswer(answer: WireAnswer, wanted: Wanted): WireAnswer {
  const { status, type, text, json } = wanted;
  const isKept =
    answer.status === status &&
    (type === undefined || answer.type === type) &&
    (text === undefined || (typeof text === "string" ? answer.text === text : text.test(answer.text))) &&
    (json === undefined || isDeepStrictEqual(parsed(answer.text), json));
  if (isKept) return answer;
  const body = json === undefined ? text : JSON.stringify(json);
  const came = shown(answer.status, answer.type ?? "no Content-Type", answer.text);
  throw new Unmet(answer.asked, shown(status, type, body), came);
}

/** Fails unless a value is what it must be. */
export function expectSame(about: string, came: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(came, expected))
    throw new Unmet(about, clipped(inspected(expected)), clipped(inspected(came)));
}

/** Fails unless a text matches. */
export function expectMatch(about: string, came: unknown, expected: RegExp): void {
  const text = typeof came === "string" ? came : inspected(came);
  if (!expected.test(text)) throw new Unmet(about, `something like ${String(expected)}`, clipped(text));
}

/** Fails unless something holds, said in words. */
export function expectThat(about: string, holds: boolean, expected: string, came: unknown): void {
  if (!holds) throw new Unmet(about, expected, clipped(inspected(came)));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function inspected(value: unknown): string {
  return value === undefined ? "nothing" : (JSON.stringify(value) ?? typeof value);
}

function shown(status: number, type: string | undefined, body: string | RegExp | undefined): string {
  const words = [String(status), type === undefined ? "" : `(${type})`, body === undefined ? "" : String(body)];
  return clipped(words.filter((word) => word !== "").join(" "));
}

/** One line that fits into a report. */
function clipped(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= 400 ? line : `${line.slice(0, 400)} … (${line.length} characters)`;
}
