import type { HttpAnswer } from "./http-client.ts";
import { shownText } from "./http-status.ts";
import { jsonOf, memberOf } from "./json-answer.ts";

/** What a receiver of OTLP refused of a request that it took. */
export interface PartialSuccess {
  /** Undefined where what it gives is no count. */
  readonly rejected: number | undefined;
  /** Empty where it gives no reason. */
  readonly message: string;
}

const none: PartialSuccess = { rejected: 0, message: "" };

/** Reads an ExportLogsServiceResponse, in JSON or Protocol Buffers; undefined where it is neither. */
export function partialSuccessIn(answer: HttpAnswer): PartialSuccess | undefined {
  if (answer.body.length === 0) return none;
  if (!isProtobuf(answer)) {
    const response = jsonOf(answer);
    if (typeof response !== "object" || response === null) return undefined;
    const partial = memberOf(response, "partialSuccess");
    const rejected = countIn(memberOf(partial, "rejectedLogRecords") ?? 0);
    return { rejected, message: shownText(memberOf(partial, "errorMessage")) };
  }
  try {
    const partial = new Map(fieldsIn(answer.body)).get(1);
    if (partial === undefined) return none;
    const fields = new Map(fieldsIn(Buffer.from(partial as Buffer)));
    return { rejected: countIn(fields.get(1) ?? 0), message: shownText(textOf(fields.get(2))) };
  } catch {
    return undefined;
  }
}

/** What a receiver of OTLP says of a request that it refused: a google.rpc.Status, or other text. */
export function statusMessageIn(answer: HttpAnswer): string {
  if (!isProtobuf(answer)) {
    const message = memberOf(jsonOf(answer), "message");
    return typeof message === "string" ? message : answer.body.toString("utf8");
  }
  try {
    return textOf(new Map(fieldsIn(answer.body)).get(2));
  } catch {
    return "";
  }
}

/** An int64, which JSON has as text; undefined for anything that counts no records. */
function countIn(value: unknown): number | undefined {
  const count = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof count === "number" && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

function isProtobuf({ headers }: HttpAnswer): boolean {
  return (headers["content-type"] ?? "").startsWith("application/x-protobuf");
}

function textOf(value: number | Buffer | undefined): string {
  return typeof value === "object" ? value.toString("utf8") : "";
}

/** The numbers (varint) and bytes of a message, by the numbers of their fields. Throws where it has anything else. */
function* fieldsIn(message: Buffer): Generator<readonly [number, number | Buffer], void, undefined> {
  let at = 0;
  const varint = (): number => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = message[at++];
      if (byte === undefined || factor > 2 ** 63) throw new Error("a number doesn't end");
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const value = varint();
    if (tag % 8 === 0) yield [Math.floor(tag / 8), value];
    else if (tag % 8 === 2 && value <= message.length - at) {
      yield [Math.floor(tag / 8), message.subarray(at, at + value)];
      at += value;
    } else throw new Error("not a field of these messages");
  }
}
