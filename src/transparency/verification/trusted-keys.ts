import { misuse } from "../../terminal/exit.ts";
import { parseVerifier, type Verifier } from "../../verifiable-log/signed-note.ts";

/** The verifier keys of `--key`, separated by commas or spaces. Throws what ends the command with status 2 at one that is none. */
export function parseTrustedKeys(given: string): readonly Verifier[] {
  return given.split(/[\s,]+/).map((text) => {
    try {
      return parseVerifier(text);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw misuse(`--key: '${text}' is no verifier key: ${reason}.`);
    }
  });
}
