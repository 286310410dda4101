/** What stands for a secret that was given. */
export const hidden = "********";

/** Longer texts are looked at by nobody, and looking for secrets in them would take long. */
const quotedLengthMax = 1_024;

/** How the name of something secret ends, in small letters; the short ones are the whole word. */
const secretWord =
  /(?:password|passwd|passphrase|passcode|(?<!by|com|tres)pass|pwd|secret|token|key|signature|credential|verifier|sess?id|sessionid)s?$|^(?:pw|sig|auth|authorization|authentication|cred|jwt|bearer|session|sid|otp|pin)s?$/;

/** A value: quoted parts with what is escaped in them, and whatever stands up to a blank or the next parameter. */
const value = String.raw`(?:"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|[^\s&"'])*`;
const pairs = new RegExp(String.raw`([^\s&?;,#"'=/]+)=(${value})`, "g");
/** Other ways to write one: `password: …`, `"token":"…"`, `key = …`. */
const looserPairs = new RegExp(String.raw`(["']?)([^\s&?;,#"'=:/]+)\1(\s*[:=]\s*)(${value})`, "g");

/** The query of an address, or of its end alone. */
const queries = /(:\/\/[^\s?]*\?|^(?:\/[^\s?]*)?\?)([^\s#]+)/g;

/**
 * The text with `********` for each value whose name sounds secret, as in `?password=…` and `token: "…"`, and for each
 * value that holds such a pair or a user of its own, encoded or not.
 */
export function hideSecretValues(text: string): string {
  return text
    .replaceAll(looserPairs, (pair: string, quote: string, name: string, between: string, given: string) =>
      given !== "" && isSecretName(name) ? `${quote}${name}${quote}${between}${hidden}` : pair,
    )
    .replaceAll(pairs, (pair: string, name: string, given: string) =>
      given !== "" && (isSecretName(name) || holdsSecret(given)) ? `${name}=${hidden}` : pair,
    )
    .replaceAll(queries, (_query, before: string, query: string) => before + hideNameless(query));
}

/** What stands in a query without a name may be a key. */
function hideNameless(query: string): string {
  const parts = query.split("&");
  return parts.map((part) => (part === "" || part.includes("=") ? part : hidden)).join("&");
}

/**
 * Whether the text holds a user, password or token before an `@`. Kernel parameters such as `crashkernel=512M@64M` and
 * `netconsole=6666@10.0.0.1/eth0` hold none: there an amount stands before it.
 */
export function holdsUser(text: string): boolean {
  const plain = decoded(text);
  return [...plain.matchAll(/@/g)].some(({ index }) => {
    const before = /[^\s,=;]*$/.exec(plain.slice(0, index))?.[0] ?? "";
    const isHostWithPort = /^[^\s,;/@]+:\d/.test(plain.slice(index + 1));
    return isHostWithPort || !/^(?:[\dKMGT]*-[\dKMGT]*:)?(?:0x[\da-f]+|\d*[KMGT]?)$/i.test(before);
  });
}

/** Whether the text holds what must be hidden. */
export function holdsSecret(text: string): boolean {
  const plain = decoded(text);
  return holdsUser(plain) || hideSecretValues(plain) !== plain;
}

/**
 * A word of what was given, for a sentence that refuses it. All of it is hidden where what was given may hold a secret:
 * which part of it that is can't be told of a text that isn't as it should be.
 */
export function quoteOrHide(word: string, given = word): string {
  return given.length > quotedLengthMax || given.includes("://") || holdsSecret(given) ? hidden : word;
}

/** Words as `apiKey` has them, and the whole name in small letters: `pASSWORD` has none. */
function isSecretName(name: string): boolean {
  const plain = decoded(name);
  const words = `${plain} ${plain.replaceAll(/([a-z])([A-Z])/g, "$1 $2")}`;
  return words
    .toLowerCase()
    .split(/[^a-z]+/)
    .some((word) => secretWord.test(word));
}

/** Undoes percent-encoding, each escape by itself and however often it was done, and wide letters and signs. */
function decoded(text: string): string {
  let plain = text;
  for (let before = ""; before !== plain;) {
    before = plain;
    plain = plain.replaceAll(/%([\dA-Fa-f]{2})/g, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    );
  }
  return plain.normalize("NFKC");
}
