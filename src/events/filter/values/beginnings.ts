import { invalidField } from "../../../refusal.ts";

/** A text, or what texts begin with. */
interface GivenText {
  readonly text: string;
  readonly isBeginning: boolean;
}

/** Reads `svc-*` as a beginning. A backslash before a star makes it a letter, a second one makes the first a letter. */
export function parseGivenText(given: string, field: string): GivenText {
  let isBeginning = false;
  const text = given.replaceAll(/(\\*)\*/g, (all: string, slashes: string, at: number) => {
    const before = "\\".repeat(slashes.length / 2);
    if (slashes.length % 2 === 1) return `${before}*`;
    if (at + all.length < given.length) {
      throw invalidField(field, `In '${given}' a * stands before the end: write \\* for a star itself.`);
    }
    isBeginning = true;
    return before;
  });
  return { text, isBeginning };
}

/** The texts and the beginnings among what is given, each undefined where there is none. */
export function parseGivenTexts(given: readonly string[] | undefined, field: string) {
  const all = given?.map((one) => parseGivenText(one, field)) ?? [];
  const those = (areBeginnings: boolean): readonly string[] | undefined => {
    const texts = all.filter(({ isBeginning }) => isBeginning === areBeginnings).map(({ text }) => text);
    return texts.length === 0 ? undefined : texts;
  };
  return { texts: those(false), beginnings: those(true) };
}
