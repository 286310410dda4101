import { isUtf8 } from "node:buffer";
import { Refusal } from "../../../refusal.ts";
import { findHeaderValue, type HeaderValue } from "./header-value.ts";

/** A part of a `multipart/form-data` body, its transfer encoding undone. */
export interface Part {
  readonly name: string;
  /** Undefined for a field; an upload may well have the empty one. */
  readonly filename: string | undefined;
  /** As the client wrote it, undefined where it did not. */
  readonly contentType: string | undefined;
  /** May share memory with all of the body. */
  readonly content: Buffer;
}

/** In bytes, for one part. */
const partHeadersLengthMax = 8_192;

/** In characters: RFC 2046 section 5.1.1. */
const boundaryLengthMax = 70;

const crlf = Buffer.from("\r\n");
const blankLine = Buffer.from("\r\n\r\n");

/**
 * The parts of a `multipart/form-data` body (RFC 7578), in order. Base64 parts, as MAAS's Python clients send them, are
 * decoded; an empty part without headers, which is how those clients send no parameters at all, is left out. Text
 * before the first boundary and after the last is ignored. Refuses (`invalid`) what is malformed or cut short, other
 * transfer encodings, and more than `partCountMax` parts.
 */
export function parseMultipart(body: Buffer, contentType: HeaderValue, partCountMax: number): readonly Part[] {
  const parts: Part[] = [];
  let count = 0;
  for (const region of partRegions(body, boundaryOf(contentType))) {
    count += 1;
    if (count > partCountMax) throw new Refusal("invalid", `Send at most ${partCountMax} parts.`);
    const part = parsePart(region);
    if (part !== undefined) parts.push(part);
  }
  return parts;
}

function boundaryOf(contentType: HeaderValue): string {
  const boundary = contentType.parameters.get("boundary") ?? "";
  if (boundary === "") throw new Refusal("invalid", "Name the multipart body's boundary in its Content-Type.");
  if (boundary.length > boundaryLengthMax || !/^[\x20-\x7e]*[\x21-\x7e]$/.test(boundary)) {
    throw new Refusal("invalid", `Use a multipart boundary of at most ${boundaryLengthMax} ASCII characters.`);
  }
  return boundary;
}

/** What stands between the boundaries, from the first to the final one. */
function* partRegions(body: Buffer, boundary: string): Generator<Buffer> {
  // The first boundary may stand at the very start; with a line end before it, it looks like the others.
  const bytes = Buffer.concat([crlf, body]);
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  let start: number | undefined;
  let at = bytes.indexOf(delimiter);
  while (at >= 0) {
    const line = findDelimiterLine(bytes, at + delimiter.length);
    if (line !== undefined) {
      if (start !== undefined) yield bytes.subarray(start, Math.max(start, at));
      if (line.isFinal) return;
      start = line.end;
    }
    // A line end may close one boundary's line and open the next one's.
    at = bytes.indexOf(delimiter, line === undefined ? at + delimiter.length : line.end - crlf.length);
  }
  throw new Refusal("invalid", "Send the multipart body whole: its final boundary is missing.");
}

/** The rest of a boundary's line, from `from`; undefined where more follows, so that it is no boundary but content. */
function findDelimiterLine(bytes: Buffer, from: number): { isFinal: boolean; end: number } | undefined {
  const isFinal = bytes.toString("latin1", from, from + 2) === "--";
  let end = isFinal ? from + 2 : from;
  while (bytes[end] === 0x20 || bytes[end] === 0x09) end += 1;
  if (isFinal && end === bytes.length) return { isFinal, end };
  return bytes.toString("latin1", end, end + 2) === "\r\n" ? { isFinal, end: end + 2 } : undefined;
}

function parsePart(region: Buffer): Part | undefined {
  const { headers, content } = splitPart(region);
  if (headers.size === 0 && content.length === 0) return undefined;
  const disposition = findHeaderValue(headers.get("content-disposition") ?? "");
  const name = disposition?.parameters.get("name");
  if (disposition === undefined || name === undefined) {
    throw new Refusal("invalid", 'Give each part a header Content-Disposition: form-data; name="…".');
  }
  return {
    name,
    filename: disposition.parameters.get("filename"),
    contentType: headers.get("content-type"),
    content: decodeTransfer(headers.get("content-transfer-encoding"), content),
  };
}

function splitPart(region: Buffer): { headers: ReadonlyMap<string, string>; content: Buffer } {
  if (region.subarray(0, 2).equals(crlf)) return { headers: new Map(), content: region.subarray(2) };
  const end = region.indexOf(blankLine);
  // Python leaves out the line end before the boundary where there is no content.
  const headerBytes = end < 0 ? region : region.subarray(0, end);
  const content = end < 0 ? region.subarray(region.length) : region.subarray(end + blankLine.length);
  if (headerBytes.length > partHeadersLengthMax || !isUtf8(headerBytes)) {
    throw new Refusal("invalid", `Send each part's headers as at most ${partHeadersLengthMax} bytes of UTF-8.`);
  }
  return { headers: parsePartHeaders(headerBytes.toString("utf8")), content };
}

function parsePartHeaders(text: string): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  // Python folds long headers: a line that starts with a blank continues the one before it.
  for (const line of text.replaceAll(/\r\n(?=[ \t])/g, "").split("\r\n")) {
    if (line === "") continue;
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    if (name === "" || headers.has(name)) {
      throw new Refusal("invalid", "Send each part's headers as 'Name: value' lines, each name once.");
    }
    headers.set(name, line.slice(colon + 1).trim());
  }
  return headers;
}

function decodeTransfer(encoding: string | undefined, content: Buffer): Buffer {
  switch (encoding?.toLowerCase()) {
    case undefined:
    case "7bit":
    case "8bit":
    case "binary":
      return content;
    case "base64":
      return decodeBase64(content);
    default:
      throw new Refusal("invalid", "Send multipart parts as they are or as base64, in no other transfer encoding.");
  }
}

function decodeBase64(content: Buffer): Buffer {
  const text = content.toString("latin1").replaceAll(/[\r\n\t ]+/g, "");
  // Node skips over what is not base64, so it is looked for first.
  if (text.length % 4 !== 0 || /[^A-Za-z0-9+/]/.test(text.replace(/={1,2}$/, ""))) {
    throw new Refusal("invalid", "Send base64 parts as valid base64 with its padding.");
  }
  return Buffer.from(text, "base64");
}
