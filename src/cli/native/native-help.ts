import { commandName } from "../command-name.ts";
import { columns, section, sections, wrap } from "../help/text-layout.ts";
import type { Field, NativeCommand } from "./native-api.ts";
import { outputFormats } from "./native-output.ts";
import { wholeBody } from "./native-request.ts";

/** The help of one operation of the native API. */
export function nativeHelp(profileName: string, command: NativeCommand): string {
  const { resource, name, params, summary, description, query, body, takesMany, answers } = command;
  const words = params.map((param) => param.toUpperCase());
  const fields = [...query, ...body].filter((field) => !(isExport(command) && field.name === "format"));
  const isFollow = answers.includes("text/event-stream");
  return sections([
    `Usage: ${[commandName, profileName, resource, name, ...words, ...(query.some(({ takesWords }) => takesWords) ? ["[WORD ...]"] : []), ...(fields.length === 0 ? [] : ["[KEY=VALUE ...]"])].join(" ")}`,
    `${summary}.`,
    wrap(description),
    section("Parameters, as KEY=VALUE (or KEY@=FILE for a file's content):", columns(fields.map(fieldRow))),
    takesMany ? wrap(`Many at once: ${wholeBody}@=FILE, a JSON array or an object on each line.`) : "",
    section("Example:", `  ${[commandName, profileName, resource, name, ...exampleWords(command)].join(" ")}`),
    section("Options:", columns([...outputRows(command, isFollow), ...optionRows])),
  ]);
}

function isExport({ answers }: NativeCommand): boolean {
  return answers.includes("text/csv");
}

function fieldRow({
  name,
  type,
  isList,
  isRequired,
  text,
  values,
  isClosed,
  takesWords,
}: Field): readonly [string, string] {
  const notes = [
    isRequired ? "Required." : "",
    text,
    isClosed ? `One of ${values.join(", ")}.` : "",
    type === "time" ? "24h, 7d and 2w are so long ago." : "",
    isList ? "May be repeated." : "",
    takesWords ? "Also as words without a name; a quoted word with blanks is a phrase." : "",
  ];
  return [`${name}=${type.toUpperCase()}`, notes.filter((note) => note !== "").join(" ")];
}

function outputRows(command: NativeCommand, isFollow: boolean): readonly (readonly [string, string])[] {
  if (isFollow)
    return [["--output FORMAT", "table: a line for people, as on a terminal. jsonl: JSON on each line, as in a pipe."]];
  const file: readonly [string, string] = [
    "-o, --file FILE",
    "Write into a new file, which has its name when it is whole.",
  ];
  if (isExport(command)) return [["--output FORMAT", "csv or jsonl: as the file's name ends, else jsonl."], file];
  if (command.answers.length === 0) return [];
  if (command.answers.includes("application/x-tar")) return [file];
  const formats = `${outputFormats.join(", ")}: table on a terminal, json in a pipe unless given.`;
  return [["--output FORMAT", formats], file];
}

const optionRows = [
  ["-h, --help", "Show this help."],
  ["-d, --debug", "Show the answer's status and headers, on standard error."],
  ["-k, --insecure", "Take any certificate the server shows."],
] as const;

/** A value of each kind that can be typed as it stands. */
const samples: Readonly<Record<string, string>> = {
  "events search": `backup "logged in" user=bob since=24h`,
  "events follow": "outcome=failure",
  "events export": "-o october.csv since=2026-10-01T00:00:00Z until=2026-11-01T00:00:00Z",
  "events evidence": "-o evidence.tar owner=bob since=2026-10-01T00:00:00Z",
  "events report": `${wholeBody}@=events.jsonl`,
  "events histogram": "since=7d time_zone=Europe/Berlin",
};

function exampleWords(command: NativeCommand): readonly string[] {
  const { resource, name, params, query, body } = command;
  const sample = samples[`${resource} ${name}`];
  const positionals = params.map((param) => ({ username: "bob", id: "42" })[param] ?? param.toUpperCase());
  if (sample !== undefined) return [...positionals, sample];
  const required = [...query, ...body].filter(({ isRequired }) => isRequired);
  return [...positionals, ...required.map(({ name: key, values }) => `${key}=${values[0] ?? "…"}`)];
}
