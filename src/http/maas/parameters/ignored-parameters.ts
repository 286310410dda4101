import type { MaasAnswer } from "../answer.ts";
import type { MaasOperation, MaasParameter } from "../operation.ts";
import type { Parameters } from "./parameters.ts";

// MAAS knows parameters that nothing here can use. They are declared with the reason, and from that one declaration come
// the help, the documents and the `Warning` of an answer.

/** What people are told of a parameter, also that it is ignored. */
export function parameterDoc({ doc, ignored }: MaasParameter): string {
  return ignored === undefined ? doc : `${doc} Ignored: ${ignored}.`;
}

/** A sentence for each parameter of the request that the operation ignores. */
export function ignoredIn({ parameters: declared }: MaasOperation, given: Parameters): readonly string[] {
  return given.names.flatMap((name) => {
    const why = findParameter(declared, name)?.ignored;
    return why === undefined ? [] : [`${name} is ignored: ${why}`];
  });
}

/** In characters: a proxy in front may take no more than 4 KiB of headers from here. */
const warningsLengthMax = 3_000;

/**
 * The answer with one `Warning` more for each sentence (RFC 7234, section 5.5.7: 299 is for what lasts). Beyond the room
 * that there is, the last one says how many there are more.
 */
export function withWarnings(answer: MaasAnswer, sentences: readonly string[]): MaasAnswer {
  if (sentences.length === 0) return answer;
  const all = [...new Set(sentences)].map(warning);
  let warnings = answer.headers?.["warning"] ?? "";
  for (const [at, one] of all.entries()) {
    const longer = warnings === "" ? one : `${warnings}, ${one}`;
    if (longer.length > warningsLengthMax) {
      warnings += `, ${warning(`${all.length - at} more are ignored`)}`;
      break;
    }
    warnings = longer;
  }
  return { ...answer, headers: { ...answer.headers, warning: warnings } };
}

function warning(sentence: string): string {
  return `299 - "${sentence.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** The declaration of a name. One that ends in `*` is of all names that begin so. */
function findParameter(declared: MaasOperation["parameters"], name: string): MaasParameter | undefined {
  if (Object.hasOwn(declared, name)) return declared[name];
  // The rest of such a name is the caller's, and goes into a header.
  if (!/^\w+$/.test(name)) return undefined;
  return Object.entries(declared).find(([own]) => own.endsWith("*") && name.startsWith(own.slice(0, -1)))?.[1];
}
