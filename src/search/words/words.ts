import { isIPv6, SocketAddress } from "node:net";
import { normalText } from "./normal-text.ts";

/** In UTF-16 code units. Longer words are cut, in events and in questions alike. */
export const wordLengthMax = 256;

/** What a word is made of, and emoji, each of which is a word. */
const runs = /[\p{L}\p{M}\p{N}._:@/+-]+|[\p{Extended_Pictographic}\p{Regional_Indicator}]/gu;
/** Letters of scripts that put no blanks between words, and of Korean, whose particles follow without one. */
const dense =
  /[[\p{L}\p{M}\p{N}]&&[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hangul}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Mymr}]]+/gv;
const nonAscii = /[^\0-\x7f]/;
const ends = /^[._:@/+-]+|[._:@/+-]+$/g;
const endings = /[._@/+-]+$/;
const mac = /^[\da-f]{2}(?:([:-])[\da-f]{2})(?:\1[\da-f]{2}){4}$/;
const dottedMac = /^[\da-f]{4}\.[\da-f]{4}\.[\da-f]{4}$/;
const longId = /^(?:[\da-f]{32,}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/;

/** The words of a text that was recorded, each as often as it is there. */
export function wordsOf(text: string): readonly string[] {
  return split(text, true);
}

/** The words that somebody looks for: the last letter of a run without blanks is in the pair before it. */
export function soughtWordsOf(text: string): readonly string[] {
  return [...new Set(split(text, false))];
}

/**
 * Whether a recorded word is found by one that is looked for: any part of it finds it. One or two letters are in almost every word, and
 * the middle of a long id is nothing that people know: there it takes the word's beginning.
 */
export function isFoundBy(word: string, sought: string): boolean {
  return isShort(sought) || isLongId(word) ? word.startsWith(sought) : word.includes(sought);
}

/** One or two characters. */
export function isShort(word: string): boolean {
  return word.length <= 2 || (word.length <= 4 && Array.from(word).length <= 2);
}

/** Hashes and other hexadecimal of 32 digits or more, and UUIDs. */
export function isLongId(word: string): boolean {
  return word.length >= 32 && longId.test(word);
}

function split(text: string, isRecorded: boolean): readonly string[] {
  const words: string[] = [];
  for (const run of normalText(text).match(runs) ?? []) addRun(words, run, isRecorded);
  return words;
}

function addRun(words: string[], run: string, isRecorded: boolean): void {
  const address = findAddress(run);
  if (address !== undefined) words.push(address);
  else if (nonAscii.test(run)) addMixed(words, run, isRecorded);
  else addWord(words, run);
}

/** Scripts without blanks within a run, and what stands between. */
function addMixed(words: string[], run: string, isRecorded: boolean): void {
  let at = 0;
  for (const { 0: letters, index } of run.matchAll(dense)) {
    addWord(words, run.slice(at, index));
    addPairs(words, letters, isRecorded);
    at = index + letters.length;
  }
  addWord(words, run.slice(at));
}

/** Each two characters in a row, so that whatever stands within is found, and of what was recorded the last one too. */
function addPairs(words: string[], letters: string, isRecorded: boolean): void {
  const all = Array.from(letters);
  for (let at = 1; at < all.length; at += 1) words.push(`${all[at - 1]}${all[at]}`);
  if (isRecorded || all.length === 1) words.push(all.at(-1) ?? "");
}

function addWord(words: string[], run: string): void {
  const word = run.replaceAll(ends, "");
  if (word === "") return;
  if (word.length <= wordLengthMax) words.push(word);
  else words.push(word.slice(0, wordLengthMax).replace(/[\uD800-\uDBFF]$/, ""));
}

/** A MAC or IPv6 address in the one form that all its forms are found by; IPv4 has only one. */
function findAddress(run: string): string | undefined {
  const trimmed = run.replaceAll(ends, "");
  if (mac.test(trimmed)) return trimmed.replaceAll("-", ":");
  if (dottedMac.test(trimmed)) return (trimmed.replaceAll(".", "").match(/../g) ?? []).join(":");
  if (!/:.*:/.test(run)) return undefined;
  // An address may end in colons, and a sentence behind it.
  for (const candidate of [run, run.replace(endings, ""), trimmed]) {
    const [, address = "", prefix = ""] = /^([\da-f:.]+)(\/\d{1,3})?$/.exec(candidate) ?? [];
    if (isIPv6(address)) return canonicalAddress(address) + prefix;
  }
  return undefined;
}

/** As RFC 5952 writes it, and IPv4 within IPv6 as IPv4. */
function canonicalAddress(address: string): string {
  return new SocketAddress({ address, family: "ipv6" }).address.replace(/^::ffff:(?=\d+\.)/, "");
}
