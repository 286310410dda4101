import { Refusal } from "../../../refusal.ts";

// The wire format of Protocol Buffers, as far as OTLP's messages need it.

/** One field of a message: a number (varint, fixed32, fixed64) or bytes (text, a message). */
export interface WireField {
  readonly number: number;
  readonly value: bigint | Buffer;
}

const varint = 0;
const fixed64 = 1;
const delimited = 2;
const fixed32 = 5;

/** The fields of a message in their order. Refuses (`invalid`) bytes that are none. */
export function* readFields(message: Buffer): Generator<WireField, void, undefined> {
  let at = 0;
  const take = (length: number): Buffer => {
    if (length > message.length - at) throw notProtobuf("a field ends behind its message");
    at += length;
    return message.subarray(at - length, at);
  };
  const takeVarint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = take(1)[0] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw notProtobuf("a number has more than ten bytes");
  };
  while (at < message.length) {
    const tag = takeVarint();
    const number = Number(tag >> 3n);
    const type = Number(tag & 7n);
    if (number === 0) throw notProtobuf("a field has the number 0");
    if (type === varint) yield { number, value: takeVarint() };
    else if (type === fixed64) yield { number, value: take(8).readBigUInt64LE() };
    else if (type === delimited) yield { number, value: take(Number(takeVarint())) };
    else if (type === fixed32) yield { number, value: BigInt(take(4).readUInt32LE()) };
    else throw notProtobuf(`there is no wire type ${type}`);
  }
}

/** A field's value as bytes. Refuses a number in their place. */
export function bytesOf({ value }: WireField): Buffer {
  if (typeof value === "bigint") throw notProtobuf("a number stands where text or a message belongs");
  return value;
}

/** A field's value as a number. Refuses bytes in its place. */
export function numberOf({ value }: WireField): bigint {
  if (typeof value !== "bigint") throw notProtobuf("text or a message stands where a number belongs");
  return value;
}

/** A message of numbers and texts, by field number; what is 0 or empty is left out. */
export function writeMessage(fields: Readonly<Record<number, number | string | Buffer>>): Buffer {
  const parts = Object.entries(fields).map(([number, value]) =>
    value === 0 || (typeof value !== "number" && value.length === 0)
      ? Buffer.alloc(0)
      : writeField(Number(number), value),
  );
  return Buffer.concat(parts);
}

/** One field, also where it is 0 or empty: a member of a choice says by being there which one was chosen. */
export function writeField(number: number, value: number | string | Buffer): Buffer {
  if (typeof value === "number") return Buffer.concat([writeTag(number, varint), writeVarint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([writeTag(number, delimited), writeVarint(bytes.length), bytes]);
}

/** One number of 64 bits at its whole length. */
export function writeFixed64(number: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return Buffer.concat([writeTag(number, fixed64), bytes]);
}

function writeTag(number: number, type: number): Buffer {
  return writeVarint((number << 3) | type);
}

function writeVarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...bytes, rest]);
}

function notProtobuf(why: string): Refusal {
  return new Refusal("invalid", `This is no message of OTLP in Protocol Buffers: ${why}.`);
}
