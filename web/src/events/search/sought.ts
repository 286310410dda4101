import { foldText } from "./folded-text.ts";

/** What a filter's words look for, as `marksOf` needs it. */
export interface Sought {
  /** Words and phrases, folded. */
  readonly texts: readonly string[];
  /** MAC and IPv6 addresses, in the one form that all their forms have. */
  readonly addresses: readonly string[];
}

/** A part of a text, from one UTF-16 unit up to another. */
export interface Mark {
  readonly start: number;
  readonly end: number;
}

const runs = /[\p{L}\p{M}\p{N}._:@/+-]+|[\p{Extended_Pictographic}\p{Regional_Indicator}]/gu;
const ends = /^[._:@/+-]+|[._:@/+-]+$/g;
/** Scripts that put no blanks between words: of their letters any two in a row are found. */
const denseScripts = String.raw`[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hangul}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Mymr}]`;
const letter = String.raw`[\p{L}\p{M}\p{N}]`;
const dense = new RegExp(`[${letter}&&${denseScripts}]+`, "gv");
/** The end of a text within a word. */
const withinWord = new RegExp(String.raw`[${letter}--${denseScripts}][._:@\/+\-]*$`, "v");

/** Reads words and phrases as the filter has them; undefined where there are none. */
export function soughtBy(values: readonly string[]): Sought | undefined {
  if (values.length === 0) return undefined;
  const texts = new Set<string>();
  const addresses = new Set<string>();
  for (const value of values) {
    const { text } = foldText(value.startsWith('"') ? value.slice(1, -1) : value);
    const address = addressOf(text.trim());
    if (address !== undefined) addresses.add(address);
    else if (value.startsWith('"')) texts.add(text.trim());
    else for (const [run] of text.matchAll(runs)) for (const word of wordsOf(run)) texts.add(word);
  }
  return { texts: [...texts].filter((text) => text !== ""), addresses: [...addresses] };
}

/** Where a text has what is looked for: the parts to be marked, in their order, none within another. */
export function marksOf(text: string, { texts, addresses }: Sought): readonly Mark[] {
  const folded = foldText(text);
  const marks: Mark[] = [];
  const add = (from: number, to: number): void => {
    marks.push({ start: folded.starts[from] ?? 0, end: folded.ends[to - 1] ?? 0 });
  };
  for (const wanted of texts) {
    const isBeginning = isShort(wanted);
    for (let at = folded.text.indexOf(wanted); at >= 0; at = folded.text.indexOf(wanted, at + wanted.length)) {
      if (!isBeginning || !withinWord.test(folded.text.slice(0, at))) add(at, at + wanted.length);
    }
  }
  if (addresses.length > 0) {
    for (const { 0: run, index } of folded.text.matchAll(runs)) {
      const address = addressOf(run);
      if (address !== undefined && addresses.includes(address)) add(index, index + run.length);
    }
  }
  return joined(marks);
}

/** The words of a run without blanks. */
function wordsOf(run: string): readonly string[] {
  const words: string[] = [];
  let at = 0;
  for (const { 0: letters, index } of run.matchAll(dense)) {
    words.push(run.slice(at, index).replaceAll(ends, ""));
    const all = Array.from(letters);
    if (all.length === 1) words.push(letters);
    for (let next = 1; next < all.length; next += 1) words.push(`${all[next - 1]}${all[next]}`);
    at = index + letters.length;
  }
  return [...words, run.slice(at).replaceAll(ends, "")];
}

/** One or two letters find words that begin so; where words have no blanks between them, they may stand anywhere. */
function isShort(word: string): boolean {
  return Array.from(word).length <= 2 && word.search(dense) < 0;
}

/** Undefined for what is no MAC or IPv6 address. */
function addressOf(run: string): string | undefined {
  const trimmed = run.replace(/[._@/+-]+$/, "");
  if (/^[\da-f]{2}(?:([:-])[\da-f]{2})(?:\1[\da-f]{2}){4}$/.test(trimmed)) return trimmed.replaceAll("-", ":");
  if (/^[\da-f]{4}\.[\da-f]{4}\.[\da-f]{4}$/.test(trimmed)) {
    return (trimmed.replaceAll(".", "").match(/../g) ?? []).join(":");
  }
  const [, address = "", prefix = ""] = /^([\da-f:.]*:[\da-f:.]*:[\da-f:.]*)(\/\d{1,3})?$/.exec(trimmed) ?? [];
  if (address === "" || !URL.canParse(`http://[${address}]/`)) return undefined;
  return new URL(`http://[${address}]/`).hostname + prefix;
}

/** Parts that touch or overlap become one. */
function joined(marks: readonly Mark[]): readonly Mark[] {
  const whole: Mark[] = [];
  for (const mark of marks.toSorted((one, other) => one.start - other.start)) {
    const last = whole.at(-1);
    if (last === undefined || mark.start > last.end) whole.push(mark);
    else whole[whole.length - 1] = { start: last.start, end: Math.max(last.end, mark.end) };
  }
  return whole;
}
