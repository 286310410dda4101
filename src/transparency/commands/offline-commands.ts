import { rfc3339Seconds } from "../../time.ts";
import { readFileSync } from "node:fs";
import { Refusal } from "../../refusal.ts";
import { exitStatus, misuse, refuseWords } from "../../terminal/exit.ts";
import { print } from "../../terminal/print.ts";
import { visible } from "../../terminal/visible.ts";
import { shellWord } from "../../terminal/shell/shell-word.ts";
import type { Verifier } from "../../verifiable-log/signed-note.ts";
import { oneLine } from "../verification/one-line.ts";
import { parseTrustedKeys } from "../verification/trusted-keys.ts";
import { type CheckedProof, checkProof, parseProof, withheldGroups } from "../../verifiable-log/tlog-proof.ts";
import { Unreadable } from "../../verifiable-log/unreadable.ts";
import type { LogCall, LogSubcommand } from "./log-subcommand.ts";
import { openBundle } from "../bundles/bundle-source.ts";
import { type BundleResult, checkBundle } from "../verification/bundle-check.ts";

/** `log check-proof`: without a server, without the log. */
export const checkProofCommand: LogSubcommand = {
  usage: "log check-proof FILE --key KEY [--json]",
  summary: "Check a proof against a log's key, without a server.",
  help: `Exit status: 0 it holds, 1 it doesn't, 2 it could not be checked, as where FILE is no proof.

  --key KEY
      The log's verifier key, from a place that you trust and not from the log itself. May be
      repeated by commas, to check the cosigner's too.
  --json
      Print the event as JSON.`,
  own: { key: "text", json: "flag" },
  async run(call) {
    const [file, ...more] = call.words;
    refuseWords(more);
    if (file === undefined) throw misuse("Give the file with the proof.");
    const text = read(file);
    const keys = trustedKeys(call);
    const proof = orUnreadable(file, () => parseProof(text));
    let checked: CheckedProof;
    try {
      checked = checkProof(proof, keys);
    } catch (error) {
      await print(`${file}: does NOT hold: ${oneLine(error instanceof Error ? error.message : String(error))}.\n`);
      return 1;
    }
    await print(call.own.has("json") ? `${JSON.stringify(provedEvent(checked), null, 2)}\n` : describe(file, checked));
    return exitStatus.success;
  },
};

/** `log check-bundle`: the same for a folder or an archive of evidence. */
export const checkBundleCommand: LogSubcommand = {
  usage: "log check-bundle DIR|FILE.tar --key KEY [--json]",
  summary: "Check a bundle of evidence against a log's key, without a server.",
  help: `Exit status: 0 all of it holds, 1 something doesn't, 2 it could not be checked, as where a file of it is damaged.

  --key KEY
      The log's verifier key, from a place that you trust and not from the bundle itself.
  --json
      Print the result as JSON.`,
  own: { key: "text", json: "flag" },
  async run(call) {
    const [folder, ...more] = call.words;
    refuseWords(more);
    if (folder === undefined) throw misuse("Give the folder or the archive of the bundle.");
    const keys = trustedKeys(call);
    using bundle = openBundle(folder);
    const result = checkBundle(bundle, keys);
    if (call.own.has("json")) {
      await print(`${JSON.stringify(result, null, 2)}\n`);
    } else {
      await print(describeBundle(folder, result));
    }
    if (result.faults.length > 0) return 1;
    return result.unreadable.length > 0 ? exitStatus.refused : exitStatus.success;
  },
};

function describeBundle(folder: string, result: BundleResult): string {
  return `${folder}: ${describeOutcome(result)}${describeUnchecked(result)}`;
}

function describeOutcome(result: BundleResult): string {
  const { faults, unreadable, events, origin, size } = result;
  const list = (lines: readonly string[]): string => lines.map((line) => `  ${line}\n`).join("");
  if (faults.length > 0) return `does NOT hold:\n${list([...faults, ...unreadable])}`;
  if (unreadable.length > 0) return `cannot be read:\n${list(unreadable)}`;
  if (events === 0) return `it holds no events of the log '${origin}'.\n`;
  const all = events === 1 ? "its event is" : `all ${events} events are`;
  return `${all} in the log '${origin}' of ${size} events.\n${describeHidden(result)}`;
}

/** Who unpacks a bundle may take anything in it for checked. */
function describeUnchecked({ unchecked }: BundleResult): string {
  if (unchecked.length === 0) return "";
  const shown = unchecked.slice(0, uncheckedShownMax).map(shellWord).join(", ");
  const more = unchecked.length - uncheckedShownMax;
  return `Not checked: ${shown}${more > 0 ? ` and ${more} more files` : ""}.\n`;
}

/** What is beyond is in the JSON. */
const uncheckedShownMax = 20;

/** A proof may withhold a group: its commitment in the leaf stands for it. */
function describeHidden({ hidden }: BundleResult): string {
  return hidden.map(({ event, groups }) => `Event ${event} does not show: ${groups.join(", ")} (withheld).\n`).join("");
}

function trustedKeys({ own }: LogCall): readonly Verifier[] {
  const given = own.get("key");
  if (given === undefined) throw misuse("Give --key: what the log itself says of its key proves nothing.");
  return parseTrustedKeys(given);
}

function orUnreadable<Result>(file: string, parse: () => Result): Result {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new Refusal("invalid", `${file} cannot be read: ${oneLine(error.message)}`);
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal("invalid", `cannot read ${file} (${reason})`, { cause: error });
  }
}

/** The event as the proof shows it: the leaf's members and those of the opened groups. */
export function provedEvent({
  leaf,
  opened,
}: Pick<CheckedProof, "leaf" | "opened">): Readonly<Record<string, unknown>> {
  const { commitments: _, v: __, ...lasting } = leaf;
  return { ...lasting, ...opened.actor, ...opened.origin, ...opened.subject, ...opened.node, ...opened.provenance };
}

function describe(file: string, checked: CheckedProof): string {
  const event = provedEvent(checked);
  const cosigned = checked.signatures.find(({ seconds }) => seconds !== undefined)?.seconds;
  const closed = withheldGroups(checked);
  const lines = [
    `${file}: holds.`,
    `Event ${String(event["id"])} is in the log '${checked.origin}' of ${checked.size} events, and says:`,
    ...Object.entries(event)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => `  ${name}: ${shownValue(value)}`),
    ...(closed.length === 0 ? [] : [`The proof does not show: ${closed.join(", ")}.`]),
    ...(cosigned === undefined ? [] : [`Cosigned ${rfc3339Seconds(cosigned * 1_000_000)}.`]),
  ];
  return `${lines.join("\n")}\n`;
}

/** On one line: a text of others must not read as what the check says. */
function shownValue(value: unknown): string {
  const isPlain = typeof value === "string" && !/[\t\n\r]/.test(value) && visible(value) === value;
  return isPlain ? value : visible(JSON.stringify(value));
}
