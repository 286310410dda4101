// Where the terms of a filter's text are. Everything can be scanned: what is wrong with it is for whoever parses it.

export interface ScannedValue {
  readonly start: number;
  readonly end: number;
  /** Without quotes. */
  readonly text: string;
  readonly isQuoted: boolean;
}

export interface ScannedTerm {
  readonly start: number;
  readonly end: number;
  readonly isExcluded: boolean;
  /** Where the name, or a word without one, begins: behind the minus sign. */
  readonly nameStart: number;
  /** Undefined for a word without a colon. */
  readonly name: string | undefined;
  readonly values: readonly ScannedValue[];
  readonly fault: "unclosed" | "behind-quote" | undefined;
}

/** The terms of a text, in their order. */
export function scanFilter(text: string): readonly ScannedTerm[] {
  const terms: ScannedTerm[] = [];
  for (let at = skip(text, 0); at < text.length;) {
    const term = scanTerm(text, at);
    terms.push(term);
    at = skip(text, term.end);
  }
  return terms;
}

/** The value as it is written in a filter: in quotes where it needs them. */
export function quoteValue(value: string): string {
  return /^$|^"|[\s,]/.test(value) ? `"${value.replaceAll(/["\\]/g, "\\$&")}"` : value;
}

function skip(text: string, at: number): number {
  return at + matchAt(/\s*/y, text, at).length;
}

function scanTerm(text: string, start: number): ScannedTerm {
  const isExcluded = text[start] === "-";
  const nameStart = isExcluded ? start + 1 : start;
  // Names have no digits: with some it is a word, such as a MAC address.
  const name = matchAt(/[^\s:"\d]+(?=:)/y, text, nameStart);
  const term = { start, isExcluded, nameStart };
  if (name === "") {
    // A phrase is as the server takes it: there is no quotation mark in it.
    const word = matchAt(/"[^"]*"?|[^\s"]+/y, text, nameStart);
    const fault = /^"[^"]*$/.test(word) ? "unclosed" : undefined;
    return { ...term, end: nameStart + word.length, name: undefined, values: [], fault };
  }
  const values: ScannedValue[] = [];
  let at = nameStart + name.length;
  let isClosed: boolean;
  do {
    const value = scanValue(text, at + 1);
    values.push(value);
    isClosed = value.isClosed;
    at = value.end;
  } while (isClosed && text[at] === ",");
  const behind = matchAt(/\S*/y, text, at).length;
  const fault = behind > 0 ? "behind-quote" : undefined;
  return { ...term, end: at + behind, name, values, fault: isClosed ? fault : "unclosed" };
}

function scanValue(text: string, start: number): ScannedValue & { readonly isClosed: boolean } {
  if (text[start] !== '"') {
    const bare = matchAt(/[^\s,]*/y, text, start);
    return { start, end: start + bare.length, text: bare, isQuoted: false, isClosed: true };
  }
  const inside = matchAt(/(?:[^"\\]|\\.)*/sy, text, start + 1);
  const isClosed = text[start + 1 + inside.length] === '"';
  // What isn't closed goes to the end of the text.
  const end = isClosed ? start + inside.length + 2 : text.length;
  const value = (isClosed ? inside : text.slice(start + 1)).replaceAll(/\\(["\\])/g, "$1");
  return { start, end, text: value, isQuoted: true, isClosed };
}

/** `pattern` is sticky. */
function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}
