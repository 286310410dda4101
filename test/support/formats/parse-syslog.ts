/** A record of RFC 5424, taken apart. */
export interface SyslogRecord {
  readonly facility: number;
  readonly severity: number;
  readonly timestamp: string;
  readonly hostname: string;
  readonly appName: string;
  readonly procId: string;
  readonly msgId: string;
  readonly data: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly hasByteOrderMark: boolean;
  readonly message: string;
}

const header =
  /^<(0|[1-9]\d{0,2})>1 (-|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)) ([\x21-\x7e]{1,255}) ([\x21-\x7e]{1,48}) ([\x21-\x7e]{1,128}) ([\x21-\x7e]{1,32}) /;

/** Reads the octets of a record as RFC 5424 has them, and throws where they are none. */
export function parseSyslog5424(octets: Buffer): SyslogRecord {
  const text = decode(octets);
  const found = header.exec(text);
  if (found === null) throw new Error(`no header: ${text.slice(0, 200)}`);
  const [whole, priority, timestamp = "", hostname = "", appName = "", procId = "", msgId = ""] = found;
  if (Number(priority) > 191) throw new Error(`the priority is ${priority}`);
  const { data, end } = parseData(text, whole.length);
  if (end < text.length && text[end] !== " ") throw new Error("no blank before the message");
  const message = text.slice(end + 1);
  const hasByteOrderMark = message.startsWith("\ufeff");
  return {
    facility: Math.floor(Number(priority) / 8),
    severity: Number(priority) % 8,
    timestamp,
    hostname,
    appName,
    procId,
    msgId,
    data,
    hasByteOrderMark,
    message: hasByteOrderMark ? message.slice(1) : message,
  };
}

/** A record of RFC 3164: its time, host, and the text behind the tag. */
export function parseSyslog3164(octets: Buffer) {
  const text = decode(octets);
  const found =
    /^<(\d{1,3})>((?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 123]\d \d\d:\d\d:\d\d) ([\x21-\x7e]+) (\w{1,32}): (.*)$/s.exec(
      text,
    );
  if (found === null) throw new Error(`no record: ${text.slice(0, 200)}`);
  const [, priority, timestamp = "", hostname = "", tag = "", message = ""] = found;
  return { priority: Number(priority), timestamp, hostname, tag, message };
}

/** As text without what ends a record in a stream of lines, or moves a terminal's cursor. */
function decode(octets: Buffer): string {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets);
  const control = /\p{Cc}/u.exec(text);
  if (control !== null) throw new Error(`the control character ${control[0].codePointAt(0)} at ${control.index}`);
  return text;
}

/** The elements from a place on, and where they end. */
export function parseData(text: string, start: number) {
  const data = new Map<string, ReadonlyMap<string, string>>();
  if (text[start] === "-") return { data, end: start + 1 };
  let at = start;
  while (text[at] === "[") {
    const id = nameAt(text, at + 1);
    at += 1 + id.length;
    if (data.has(id)) throw new Error(`${id} comes twice`);
    const values = new Map<string, string>();
    while (text[at] === " ") {
      const name = nameAt(text, at + 1);
      at += 1 + name.length;
      if (text.slice(at, at + 2) !== '="') throw new Error(`no value of ${name}`);
      at += 2;
      let value = "";
      for (; text[at] !== '"'; at += 1) {
        if (at >= text.length) throw new Error(`the value of ${name} has no end`);
        if (text[at] === "]") throw new Error(`a bracket in the value of ${name}`);
        if (text[at] === "\\" && /["\\\]]/.test(text[at + 1] ?? "")) at += 1;
        value += text[at];
      }
      at += 1;
      values.set(name, value);
    }
    if (text[at] !== "]") throw new Error(`${id} has no end`);
    at += 1;
    data.set(id, values);
  }
  if (at === start) throw new Error("no structured data");
  return { data, end: at };
}

function nameAt(text: string, at: number): string {
  const [name = ""] = /^[^\s="\]]{1,32}/.exec(text.slice(at, at + 40)) ?? [];
  if (!/^[\x21-\x7e]+$/.test(name)) throw new Error(`no name at ${at}`);
  return name;
}
