import { Refusal } from "../../../refusal.ts";
import type { CanonicalValue } from "../../../verifiable-log/canonical-json.ts";
import {
  type Attributes,
  cleanText,
  doubleText,
  type LogRecord,
  refuseTooMany,
  type LogScope,
  valueNestingMax,
  wholeNumber,
} from "./log-record.ts";
import { bytesOf, numberOf, readFields, type WireField } from "./wire.ts";

/** The records of an ExportLogsServiceRequest in Protocol Buffers. Fields that aren't known are passed over. */
export function decodeProtobufLogs(message: Buffer): readonly LogRecord[] {
  const found = messagesAt(message, 1).flatMap((resourceLogs) => {
    const resource = attributesAt(lastAt(resourceLogs, 1), 1);
    return messagesAt(resourceLogs, 2).flatMap((scopeLogs) => {
      const scope = decodeScope(lastAt(scopeLogs, 1));
      return messagesAt(scopeLogs, 2).map((record) => ({ record, resource, scope }));
    });
  });
  refuseTooMany(found.length);
  return found.map(({ record, resource, scope }) => decodeRecord(record, resource, scope));
}

function messagesAt(message: Buffer, number: number): readonly Buffer[] {
  return [...readFields(message)].filter((field) => field.number === number).map(bytesOf);
}

function lastAt(message: Buffer, number: number): Buffer {
  return messagesAt(message, number).at(-1) ?? Buffer.alloc(0);
}

function attributesAt(message: Buffer, number: number, nesting = 0): Attributes {
  return Object.fromEntries(messagesAt(message, number).map((pair) => decodePair(pair, nesting)));
}

function decodePair(pair: Buffer, nesting: number): readonly [string, CanonicalValue] {
  return [textOf(lastAt(pair, 1)), decodeValue(lastAt(pair, 2), nesting)];
}

function decodeScope(scope: Buffer): LogScope {
  return { name: textOf(lastAt(scope, 1)), version: textOf(lastAt(scope, 2)), attributes: attributesAt(scope, 3) };
}

function decodeRecord(message: Buffer, resource: Attributes, scope: LogScope): LogRecord {
  const fields = new Map<number, WireField>();
  for (const field of readFields(message)) fields.set(field.number, field);
  const number = (at: number): bigint => {
    const field = fields.get(at);
    return field === undefined ? 0n : numberOf(field);
  };
  const bytes = (at: number): Buffer => {
    const field = fields.get(at);
    return field === undefined ? Buffer.alloc(0) : bytesOf(field);
  };
  return {
    resource,
    scope,
    timeNanos: number(1),
    observedNanos: number(11),
    severityNumber: Number(BigInt.asIntN(32, number(2))),
    severityText: textOf(bytes(3)),
    body: decodeValue(bytes(5), 0),
    attributes: attributesAt(message, 6),
    droppedAttributes: Number(BigInt.asUintN(32, number(7))),
    flags: Number(BigInt.asUintN(32, number(8))),
    traceId: bytes(9).toString("hex"),
    spanId: bytes(10).toString("hex"),
    eventName: textOf(bytes(12)),
  };
}

/** An AnyValue; null for an empty one. */
function decodeValue(message: Buffer, nesting: number): CanonicalValue {
  if (nesting > valueNestingMax) throw new Refusal("invalid", `Nest values at most ${valueNestingMax} levels deep.`);
  // The last one counts: it is one of several.
  const field = [...readFields(message)].findLast(({ number }) => number >= 1 && number <= 7);
  if (field === undefined) return null;
  switch (field.number) {
    case 1:
      return textOf(bytesOf(field));
    case 2:
      return numberOf(field) !== 0n;
    case 3:
      return wholeNumber(BigInt.asIntN(64, numberOf(field)));
    case 4:
      return doubleText(doubleOf(numberOf(field)));
    case 5:
      return messagesAt(bytesOf(field), 1).map((value) => decodeValue(value, nesting + 1));
    case 6:
      return attributesAt(bytesOf(field), 1, nesting + 1);
    case 7:
      return bytesOf(field).toString("base64");
    default:
      return null;
  }
}

function doubleOf(bits: bigint): number {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(bits);
  return bytes.readDoubleLE();
}

function textOf(bytes: Buffer): string {
  return cleanText(bytes.toString("utf8"));
}
