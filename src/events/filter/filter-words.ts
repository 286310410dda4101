import { Type } from "typebox";
import { Parameters } from "../../http/maas/parameters/parameters.ts";
import { checkQuery } from "../../http/native/check.ts";
import { misuse } from "../../terminal/exit.ts";
import { filterFields, type GivenFilter } from "./native-filter.ts";

const wordSchema = Type.Object(filterFields, { additionalProperties: false });

/** The filters of local commands, `FILTER=VALUE` each: those of the native API, refused in the same words. */
export function parseFilterWords(words: readonly string[]): GivenFilter {
  const pairs = words.map((word) => {
    const at = word.indexOf("=");
    if (at < 1) throw misuse(`'${word}' is no filter: give FILTER=VALUE, such as owner=ada.`);
    return [word.slice(0, at), word.slice(at + 1)] as const;
  });
  // Its schema has just been checked.
  return checkQuery(wordSchema, new Parameters(pairs, [])) as GivenFilter;
}
