import { findPercentDecoded } from "../http/text.ts";

/** What stands for a secret that was given. */
export const hidden = "********";

/** Percent-encoding within percent-encoding, undone so many times. */
const decodingsMax = 3;

/** Longer texts are looked at by nobody, and looking for secrets in them would take long. */
const quotedLengthMax = 1_024;

/** Words that a name of something secret ends with, and short ones that are the whole word. */
const secretWord =
  /(?:password|passwd|passphrase|passcode|secret|token|key|signature|credentials?)$|^(?:pass|pwd|pw|sig|auth|authorization|authentication|cred|creds|jwt|bearer|session|sessionid|sid)$/;

/**
 * The text with `********` for each value whose name sounds secret, as in `?password=…` and `token="…"`, and for each
 * value that holds such a pair or a user of its own, encoded or not.
 */
export function hideSecretValues(text: string): string {
  return text.replaceAll(
    /([^\s&?;,#"'=/]+)=("[^"]*"?|'[^']*'?|[^\s&]*)/g,
    (pair: string, name: string, value: string) =>
      isSecretName(name) || holdsSecret(value) ? `${name}=${hidden}` : pair,
  );
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
export function quoted(word: string, given = word): string {
  return given.length > quotedLengthMax || given.includes("://") || holdsSecret(given) ? hidden : word;
}

function isSecretName(name: string): boolean {
  const words = decoded(name).replaceAll(/([a-z])([A-Z])/g, "$1 $2");
  return words
    .toLowerCase()
    .split(/[^a-z]+/)
    .some((word) => secretWord.test(word));
}

function decoded(text: string): string {
  let plain = text;
  for (let times = 0; times < decodingsMax; times += 1) plain = findPercentDecoded(plain) ?? plain;
  return plain;
}
