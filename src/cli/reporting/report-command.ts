import path from "node:path";
import { commandName } from "../command-name.ts";
import { columns, section, sections, wrap } from "../help/text-layout.ts";
import { type ParsedWords, parseWords } from "../options.ts";
import type { Profile } from "../profiles/profile.ts";
import { findProfile } from "../profiles/profile-store.ts";
import { misuse, refuseWords } from "../../terminal/exit.ts";
import { printError } from "../../terminal/print.ts";
import type { CommandBody } from "../../terminal/local-command.ts";
import { formatNames, formats, isFormat } from "./formats/formats.ts";
import { parseEntry } from "./formats/journald.ts";
import { reportOptions } from "./report-options.ts";
import { type ReportPlan, runReport } from "./run-report.ts";
import { journal } from "./sources/journal.ts";
import { standardInput } from "./sources/standard-input.ts";
import { defaultSpoolFolder } from "./spool/spool-folder.ts";

const spoolMebibytes = 256;

/** `report`: delivers what other programs write to a server. */
export const reportCommand: CommandBody = {
  usage: sections([
    `Usage: ${commandName} report --profile PROFILE --format FORMAT [OPTION ...]`,
    wrap(
      "Report events of other programs: each line of standard input, or each entry of a unit in systemd's journal. They wait in a folder on disk until the server has recorded them: neither a restart nor a server that is away loses one, and none is recorded twice.",
    ),
    wrap(
      "Standard input is read to its end, and the journal until a signal. What the server refuses is kept with the reason in refused.jsonl, in that folder.",
    ),
    section(
      "Options:",
      columns([
        ["--profile PROFILE", "The server, and the API key. The key needs the scope events:write."],
        ["--format FORMAT", `What the lines are: ${formatNames.join(", ")}.`],
        ["--journal UNIT", "Read the journal's entries of this unit, from the oldest on, with journalctl."],
        ["--source maas:NAME", "Whose events these are. The key must have been made for that source."],
        ["--spool FOLDER", "Where events wait. One below ~/.local/state/ironlog/report unless given."],
        ["--spool-size MIB", `Reading stops while so much waits. ${spoolMebibytes} unless given.`],
        ["-k, --insecure", "Take any certificate the server shows."],
        ["-h, --help", "Show this help."],
      ]),
    ),
    section(
      "Examples:",
      [
        `  ${commandName} report --profile prod --format maas-security --journal snap.maas.pebble --source maas:prod`,
        `  ${commandName} report --profile prod --format journald --journal ssh.service`,
        `  tail -F /var/log/fw.log | ${commandName} report --profile prod --format cef`,
        `  ${commandName} report --profile prod --format json < events.jsonl`,
      ].join("\n"),
    ),
  ]),
  run: report,
};

async function report(args: readonly string[]): Promise<number> {
  const { words, values, switches } = parseWords(args, reportOptions);
  refuseWords(words);
  const format = needed(values, "format");
  if (!isFormat(format)) throw misuse(`There is no format '${format}'. There are: ${formatNames.join(", ")}`);
  const profile = await getProfile(needed(values, "profile"));
  const unit = values.get("journal");
  return runReport({
    profile,
    ...(unit === undefined ? fromStandardInput : fromJournal(unit)),
    isInsecure: switches.has("insecure"),
    format: formats[format](),
    source: values.get("source"),
    spoolFolder: path.resolve(values.get("spool") ?? defaultSpoolFolder(profile.name, unit ?? "stdin")),
    spoolBytesMax: parseMebibytes(values.get("spool-size")),
  });
}

type Read = Pick<ReportPlan, "read" | "unwrap">;

const fromStandardInput: Read = { read: (_, stop) => standardInput(stop), unwrap: (text) => ({ text }) };

function fromJournal(unit: string): Read {
  if (unit === "") throw misuse("'--journal' takes the name of a unit.");
  return {
    read: (cursor, stop) => journal({ unit, cursor, stop, tell: printError }),
    unwrap(line) {
      const entry = parseEntry(line);
      return { text: entry.fields.get("MESSAGE") ?? "", entry };
    },
  };
}

function needed(values: ParsedWords["values"], option: string): string {
  const value = values.get(option);
  if (value === undefined) throw misuse(`Give --${option}: see --help.`);
  return value;
}

async function getProfile(name: string): Promise<Profile> {
  const profile = await findProfile(name);
  if (profile === undefined)
    throw misuse(`There is no profile '${name}'. To make it: ${commandName} login ${name} URL`);
  return profile;
}

function parseMebibytes(text = String(spoolMebibytes)): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw misuse(`'--spool-size' takes a number of MiB from 1 on, and not '${text}'.`);
  return Number(text) * 1024 * 1024;
}
