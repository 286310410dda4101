import { wrap } from "../../src/cli/help/text-layout.ts";

/** A part of a help text, as its blank lines divide it. */
interface Block {
  /** The line in front that ends with a colon, without it. */
  readonly heading: string | undefined;
  readonly lines: readonly string[];
}

/** A man page, before it is written. */
export interface Page {
  /** What `man` is asked for, such as `ironlog-log-verify`. */
  readonly name: string;
  readonly section: 1 | 8;
  /** One line, for the list of pages. */
  readonly summary: string;
  /** All that `--help` prints. */
  readonly help: string;
  /** Parts that the help doesn't have, by their headings: a term and what it is. */
  readonly more?: Readonly<Record<string, readonly (readonly [string, string])[]>>;
  /** Other pages, such as `ironlog(1)`. */
  readonly seeAlso: readonly string[];
}

/** The page in the language of `man`, dated by the release. */
export function roffPage(page: Page, { version, date }: { readonly version: string; readonly date: string }): string {
  const { usage, blocks } = parseHelp(page.help);
  const sections = new Map<string, string[]>([["DESCRIPTION", []]]);
  for (const block of blocks) {
    const title = titleOf(block);
    sections.set(title, [...(sections.get(title) ?? []), ...roffBlock(block)]);
  }
  for (const [title, rows] of Object.entries(page.more ?? {})) {
    sections.set(title, rows.flatMap(roffRow));
  }
  const summary = page.summary.replace(/\.$/, "").replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
  const lines = [
    `.TH ${code(page.name.toUpperCase())} ${page.section} ${date} "Ironlog ${version}" Ironlog`,
    ".SH NAME",
    wrap(`${code(page.name)} \\- ${prose(summary)}`),
    ".SH SYNOPSIS",
    ...verbatim(usage),
    ...[...sections].flatMap(([title, body]) => (body.length === 0 ? [] : [`.SH ${prose(title)}`, ...unspaced(body)])),
    ".SH SEE ALSO",
    page.seeAlso
      .map((other) => other.replace(/^(.+)(\(\d\))$/, (_, name: string, at: string) => `.BR ${code(name)} ${at}`))
      .join(" ,\n"),
  ];
  return `${lines.join("\n")}\n`;
}

function parseHelp(help: string): { readonly usage: readonly string[]; readonly blocks: readonly Block[] } {
  const [first = "", ...others] = help.trimEnd().split(/\n\n+/);
  const usage = first.split("\n").map((line) => line.slice("Usage: ".length));
  const blocks = others.map((text): Block => {
    const [head = "", ...lines] = text.split("\n");
    const isHeaded = head.endsWith(":") && !head.startsWith(" ") && lines.every((line) => line.startsWith(" "));
    return isHeaded && lines.length > 0
      ? { heading: head.slice(0, -1), lines }
      : { heading: undefined, lines: [head, ...lines] };
  });
  return { usage, blocks };
}

/** The section that a block belongs to. */
function titleOf({ heading, lines }: Block): string {
  if (heading === undefined) return lines[0]?.startsWith("  -") === true ? "OPTIONS" : "DESCRIPTION";
  if (/^Options\b/.test(heading)) return "OPTIONS";
  return heading.replace(/,.*$/, "").toUpperCase();
}

function roffBlock({ heading, lines }: Block): readonly string[] {
  const isExample = heading === undefined || /^Examples?$/.test(heading);
  // What a heading says beside its first word.
  const said = heading?.includes(",") === true ? [".PP", `${prose(heading)}:`] : [];
  if (!lines.every((line) => line.startsWith("  "))) return [...said, ".PP", prose(lines.join("\n"))];
  const rows = rowsOf(lines);
  if (rows.some(([, text]) => text !== "")) return [...said, ...rows.flatMap(roffRow)];
  if (isExample && rows[0]?.[0].startsWith("-") !== true) return [...said, ".PP", ...verbatim(lines)];
  return heading === undefined
    ? rows.flatMap(roffRow)
    : [...said, ".RS", prose(rows.map(([term]) => term).join("\n")), ".RE"];
}

/** Terms and what they are, from either form: beside each other in columns, or the text below and further in. */
function rowsOf(lines: readonly string[]): readonly (readonly [string, string])[] {
  const rows: [string, string][] = [];
  for (const line of lines) {
    const last = rows.at(-1);
    if (line.startsWith("   ") && last !== undefined) {
      last[1] = `${last[1]}\n${line.trim()}`.trim();
      continue;
    }
    const [, term = "", text = ""] = /^ {2}(\S.*?)(?: {2,}(.*))?$/.exec(line) ?? [];
    rows.push([term, text]);
  }
  return rows;
}

function roffRow([term, text]: readonly [string, string]): readonly string[] {
  // A setting's variable has a line of its own.
  const [, said = text, variable] = /^([^]*?)\n?(\[IRONLOG_\w+\])$/.exec(text) ?? [];
  return [
    ".TP",
    `\\fB${code(term)}\\fR`,
    ...(said === "" ? [] : [prose(said)]),
    ...(variable === undefined ? [] : [...(said === "" ? [] : [".br"]), code(variable)]),
    ...(text === "" ? ["\\&"] : []),
  ];
}

function verbatim(lines: readonly string[]): readonly string[] {
  return [".nf", ...lines.map((line) => code(line.replace(/^ {2}/, ""))), ".fi"];
}

/** A section begins without the space that a paragraph has above it. */
function unspaced([first, ...others]: readonly string[]): readonly string[] {
  return first === ".PP" ? others : first === undefined ? [] : [first, ...others];
}

/** Text that is broken anew. Words that begin like an option keep their hyphens as they are typed. */
function prose(text: string): string {
  const escaped = escape(text).replaceAll(/(?<![\w-])-+(?=\w)[\w-]*/g, (option) => option.replaceAll("-", "\\-"));
  return wrap(escaped).replaceAll(/^(?=[.'])/gm, "\\&");
}

/** Text that people type: no typesetter's quotes and hyphens. */
function code(text: string): string {
  return escape(text)
    .replaceAll("-", "\\-")
    .replaceAll("'", "\\(aq")
    .replaceAll("`", "\\(ga")
    .replaceAll("~", "\\(ti")
    .replaceAll("^", "\\(ha")
    .replaceAll(/^(?=\.)/gm, "\\&");
}

function escape(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("…", "...")
    .replaceAll(/[^\n -~]/g, (letter) => `\\[u${letter.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}]`);
}
