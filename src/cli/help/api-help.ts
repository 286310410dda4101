import { findByName } from "../client/api.ts";
import type { OperationCommand, ResourceCommand } from "../client/api.ts";
import type { NativeApi } from "../native/native-api.ts";
import { commandName } from "../command-name.ts";
import { parseOperationDoc } from "./operation-doc.ts";
import type { Parameter } from "./operation-doc.ts";
import type { Profile } from "../profiles/profile.ts";
import { columns, section, sections, wrap } from "./text-layout.ts";

/** The help of a profile, or of one of its resources, with what Ironlog's own API adds where that is known. */
export function resourceHelpFor(
  profile: Profile,
  resourceWord: string | undefined,
  native: NativeApi | undefined,
): string {
  if (resourceWord === undefined) return profileHelp(profile, native);
  const resource = findByName(profile.api.resources, resourceWord);
  return resourceHelp(profile, resource ?? { name: resourceWord, doc: "", operations: {} }, native);
}

function profileHelp({ name, url, key, api }: Profile, native: NativeApi | undefined): string {
  const own = Object.entries(native?.resources ?? {}).filter(
    ([resource]) => findByName(api.resources, resource) === undefined,
  );
  const rows = [
    ...Object.values(api.resources).map((resource) => [resource.name, titleOf(resource.doc)] as const),
    ...own.map(([resource, commands]) => [resource, Object.keys(commands).join(", ")] as const),
  ].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sections([
    `Usage: ${commandName} ${name} RESOURCE OPERATION [ARGUMENT ...] [KEY=VALUE ...]`,
    wrap(`Interact with ${url}${key === undefined ? ", without an API key" : ""}.`),
    section("Resources:", columns(rows)),
    `For the operations of one: ${commandName} ${name} RESOURCE --help`,
  ]);
}

function resourceHelp({ name }: Profile, resource: ResourceCommand, native: NativeApi | undefined): string {
  const { title, description } = parseOperationDoc(resource.doc);
  const rows = Object.values(resource.operations).map(
    (operation) => [[operation.name, ...words(operation)].join(" "), titleOf(operation.doc)] as const,
  );
  const ownRows = Object.values(findByName(native?.resources ?? {}, resource.name) ?? {}).map(
    (command) => [[command.name, ...words(command)].join(" "), command.summary] as const,
  );
  return sections([
    `Usage: ${commandName} ${name} ${resource.name} OPERATION [ARGUMENT ...] [KEY=VALUE ...]`,
    wrap(title),
    prose(description),
    section("Operations:", columns([...rows, ...ownRows])),
    `For what one takes: ${commandName} ${name} ${resource.name} OPERATION --help`,
  ]);
}

/** The help of an operation of MAAS's API. */
export function helpFor({ name }: Profile, resource: ResourceCommand, operation: OperationCommand): string {
  const { title, description, parameters, examples } = parseOperationDoc(operation.doc);
  const paragraphs = description.split(/\n\s*\n/);
  const positionals = words(operation).map((word) => {
    const explained = paragraphs.find((paragraph) => paragraph.startsWith(`${word}: `)) ?? "";
    return [word, explained.slice(word.length + 2)] as const;
  });
  const others = paragraphs.filter((one) => !positionals.some(([word]) => one.startsWith(`${word}: `)));
  const usage = [commandName, name, resource.name, operation.name, ...words(operation), "[KEY=VALUE ...]"];
  return sections([
    `Usage: ${usage.join(" ")}`,
    wrap(title),
    prose(others.join("\n\n")),
    section("Positional arguments:", columns(positionals)),
    section("Parameters, as KEY=VALUE (or KEY@=FILE for a file's content):", columns(parameters.map(parameterRow))),
    section("Example:", examples.map((words) => `  ${commandName} ${name} ${words}`).join("\n")),
    section("Options:", columns(optionRows)),
  ]);
}

/** A description's paragraphs, each broken to fit unless its lines mean something: lists, examples. */
function prose(description: string): string {
  return description
    .split(/\n\s*\n/)
    .map((paragraph) => (/^(\s|[-*|])/m.test(paragraph) ? paragraph.trimEnd() : wrap(paragraph)))
    .join("\n\n");
}

const optionRows = [
  ["-h, --help", "Show this help."],
  ["-d, --debug", "Show the answer's status and headers, on standard error."],
  ["-k, --insecure", "Take any certificate the server shows."],
] as const;

function parameterRow({ name, type, text }: Parameter): readonly [string, string] {
  return [`${name}=${(type ?? "").toUpperCase()}`, text];
}

function words({ params }: Pick<OperationCommand, "params">): readonly string[] {
  return params.map((param) => param.toUpperCase());
}

function titleOf(doc: string): string {
  return parseOperationDoc(doc).title;
}
