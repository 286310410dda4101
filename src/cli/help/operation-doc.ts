/** What a server says of an operation, taken apart. */
export interface OperationDoc {
  /** The first paragraph. */
  readonly title: string;
  /** The paragraphs between the title and the parameters, as written. */
  readonly description: string;
  readonly parameters: readonly Parameter[];
  /** Command lines as the server writes them, after `maas $PROFILE`. */
  readonly examples: readonly string[];
}

/** A parameter that is given as `name=value`. */
export interface Parameter {
  readonly name: string;
  /** The server's word for its type, such as `String`. */
  readonly type: string | undefined;
  /** Begins with `Required.` or `Optional.` where the server says so. */
  readonly text: string;
}

/** Takes apart an operation's doc: a title, a blank line, a description, then `:param NAME:` and `:type NAME:` lines. */
export function parseOperationDoc(doc: string): OperationDoc {
  const { lines, examples } = takeExamples(doc.trim().split("\n"));
  const firstField = lines.findIndex((line) => fieldPattern.test(line));
  const prose = firstField === -1 ? lines : lines.slice(0, firstField);
  const [title = "", ...description] = prose.join("\n").split(/\n\s*\n/);
  return {
    // Python's formatting wants a percent sign twice in a title.
    title: title.replaceAll(/\s+/g, " ").replaceAll("%%", "%").trim(),
    description: description.join("\n\n").trim(),
    parameters: firstField === -1 ? [] : parseParameters(lines.slice(firstField)),
    examples,
  };
}

/** Examples are a headed paragraph of commands; another paragraph of that heading is prose. */
function takeExamples(lines: readonly string[]): {
  readonly lines: readonly string[];
  readonly examples: readonly string[];
} {
  const command = /^\s+maas \$PROFILE (.+)$/;
  const heading = lines.findIndex((line, at) => line === "Example:" && command.test(lines[at + 1] ?? ""));
  if (heading === -1) return { lines, examples: [] };
  const rest = lines.slice(heading + 1);
  const end = rest.findIndex((line) => !command.test(line));
  const examples = end === -1 ? rest : rest.slice(0, end);
  return {
    lines: [...lines.slice(0, heading), ...rest.slice(examples.length)],
    examples: examples.map((line) => command.exec(line)?.[1] ?? ""),
  };
}

/** The names of the parameters alone, in the doc's order. */
export function parameterNames(doc: string): readonly string[] {
  return [...doc.matchAll(/^\s*:param\s+(\S+?):/gm)].map(([, name = ""]) => name);
}

/** `:param NAME: TEXT`, or another field of that form. */
const fieldPattern = /^\s*:(\w+)(?:\s+(\S+?))?:\s*(.*)$/;

function parseParameters(lines: readonly string[]): readonly Parameter[] {
  const texts = new Map<string, string[]>();
  const types = new Map<string, string>();
  let current: string[] | undefined;
  for (const line of lines) {
    const [isField, field, name = "", text = ""] = fieldPattern.exec(line) ?? [];
    if (isField === undefined) {
      current?.push(line.trim());
      continue;
    }
    current = field === "param" ? [text] : undefined;
    if (current) texts.set(name, current);
    if (field === "type") types.set(name, text.trim());
  }
  return [...texts].map(([name, text]) => ({ name, type: types.get(name), text: text.join(" ").trim() }));
}
