/** A line of the Common Event Format, taken apart. */
export interface CefRecord {
  /** Vendor, product, version, class id, name, severity. */
  readonly header: readonly string[];
  readonly extension: ReadonlyMap<string, string>;
}

/** How many characters a receiver's field for a key holds. */
const lengths: Readonly<Record<string, number>> = {
  act: 63,
  app: 31,
  cat: 1023,
  dvchost: 100,
  externalId: 40,
  outcome: 63,
  msg: 1023,
  reason: 1023,
  requestClientApplication: 1023,
  suser: 1023,
  suid: 1023,
  duser: 1023,
  duid: 1023,
  dhost: 1023,
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6].flatMap((at) => [[`cs${at}`, 4000] as const, [`cs${at}Label`, 1023] as const]),
  ),
};

/** Reads a line, and throws where a strict receiver would refuse it. */
export function parseCef(line: string): CefRecord {
  if (/[\r\n]/.test(line)) throw new Error("a line end");
  if (!line.startsWith("CEF:0|")) throw new Error("no CEF of version 0");
  const header: string[] = [];
  let at = "CEF:0|".length;
  while (header.length < 6) {
    let field = "";
    for (; line[at] !== "|"; at += 1) {
      if (at >= line.length) throw new Error("the header ends early");
      if (line[at] === "\\") {
        at += 1;
        if (line[at] !== "\\" && line[at] !== "|") throw new Error(`the header escapes ${line[at]}`);
      }
      field += line[at];
    }
    header.push(field);
    at += 1;
  }
  const longest = [63, 63, 31, 1023, 512, 2];
  if (header.some((field, place) => field.length > (longest[place] ?? 0))) throw new Error("a header is too long");
  if (!/^(\d|10)$/.test(header[5] ?? "")) throw new Error(`the severity is ${header[5]}`);
  return { header, extension: parseExtension(line.slice(at)) };
}

function parseExtension(text: string): ReadonlyMap<string, string> {
  if (text.endsWith(" ")) throw new Error("a blank at the end");
  // A pair begins where a name and an equals sign without a backslash in front follow a blank.
  const starts = [...text.matchAll(/(?:^| )(\w+)=/g)];
  const extension = new Map<string, string>();
  for (const [place, start] of starts.entries()) {
    const [whole, key = ""] = start;
    const end = starts[place + 1]?.index ?? text.length;
    const value = unescape(text.slice(start.index + whole.length, end));
    if (extension.has(key)) throw new Error(`${key} comes twice`);
    if (value.length > (lengths[key] ?? 4000)) throw new Error(`${key} is too long`);
    extension.set(key, value);
  }
  if (starts[0]?.index !== 0) throw new Error("text before the first key");
  return extension;
}

function unescape(value: string): string {
  let text = "";
  for (let at = 0; at < value.length; at += 1) {
    const char = value[at] ?? "";
    if (char === "=") throw new Error("an equals sign without a backslash");
    if (char !== "\\") {
      text += char;
      continue;
    }
    at += 1;
    const escaped = { "\\": "\\", "=": "=", n: "\n", r: "\r" }[value[at] ?? ""];
    if (escaped === undefined) throw new Error(`the extension escapes ${value[at]}`);
    text += escaped;
  }
  return text;
}
