import { existsSync } from "node:fs";
import { machineActor } from "../../audit/actor.ts";
import { openLog } from "../../audit/open-log.ts";
import { perform } from "../../audit/perform.ts";
import { type DataConfig, dataConfig, dataSettings } from "../../config.ts";
import { UnusableDatabase } from "../../database/failures.ts";
import { settingsHelp } from "../../settings-help.ts";
import { exitStatus, misuse } from "../../terminal/exit.ts";
import type { CommandBody } from "../../terminal/local-command.ts";
import { osUser } from "../../terminal/os-user.ts";
import { recordExport } from "./export-actions.ts";
import { exportEvents, exportFormats, exportOrders, measureExport } from "./export.ts";
import { openExportOutput } from "./export-output.ts";
import { parseFilterWords } from "../filter/filter-words.ts";
import { filterFields, parseFilter, shownFilter } from "../filter/native-filter.ts";

/** Whoever may read the data directory may read all of it. */
const localViewer = { id: 0, username: "", isSuperuser: true };

/** `events export`: the log, or a part of it, as a file. */
export const eventsExportCommand: CommandBody = {
  usage: `Usage: ironlog events export [FILTER=VALUE …] [--format csv|jsonl] [-o FILE] [OPTION …]

Write the events that match to standard output or to FILE, newest first. The export
is recorded in the log first, and goes up to the newest event before it.

Filters, each of which may be repeated for any of several values:
  ${Object.keys(filterFields).join(", ")}
owner, type, node and target take a * at the end, ip also a network (198.51.100.0/24).

Examples:
  ironlog events export action=auth.* since=2026-11-01T00:00:00Z -o logins.csv
  ironlog events export owner=ada exclude=outcome:success --format jsonl

  --format csv|jsonl
      Comma-separated values, or a JSON object on each line. Without it jsonl for a FILE
      that ends in .jsonl or .ndjson, csv for any other and for standard output.
  --order newest|oldest
      Which events come first (default: newest).
  -o, --output FILE
      Where to write. FILE is there, whole, when the export is done, and only then.

${settingsHelp(dataSettings)}`,

  async run(args) {
    return await runExport(args);
  },
};

async function runExport(args: readonly string[]): Promise<number> {
  const { config, own, words } = dataConfig(args, {
    format: "text",
    order: "text",
    output: "text",
  });
  const format = parseChoice("--format", own.get("format") ?? formatOf(own.get("output")), exportFormats);
  const order = parseChoice("--order", own.get("order") ?? "newest", exportOrders);
  const given = parseFilterWords(words);
  const filter = parseFilter(given);
  refuseWithoutDatabase(config);
  await using output = await openExportOutput(own.get("output"));
  const machine = machineActor(osUser());
  await using open = await openLog(config.database, machine);
  const extent = await measureExport(open.db, localViewer, filter);
  const { upToId } = extent;
  await perform(open.db, machine, recordExport, { format, order, shown: shownFilter(given), ...extent });
  for await (const text of exportEvents(open.db, {
    viewer: localViewer,
    filter,
    format,
    order,
    upToId,
    check: async () => {},
  })) {
    await output.write(text);
    if (output.isClosed) return exitStatus.success;
  }
  await output.finish();
  return exitStatus.success;
}

function parseChoice<Choice extends string>(flag: string, text: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) throw misuse(`${flag} takes one of ${choices.join(", ")}, not '${text}'.`);
  return choice;
}

/** An export of a log that isn't there would begin one. */
function refuseWithoutDatabase({ database }: DataConfig): void {
  if (database.kind === "postgres" || existsSync(database.file)) return;
  throw new UnusableDatabase(`there is no database at ${database.file}: name its folder with --data`);
}

/** What a reader expects behind that name. */
function formatOf(file: string | undefined): (typeof exportFormats)[number] {
  return file !== undefined && /\.(jsonl|ndjson)$/.test(file) ? "jsonl" : "csv";
}
