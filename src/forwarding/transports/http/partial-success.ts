import { bytesOf, numberOf, readFields, type WireField } from "../../../events/reporting/otlp/wire.ts";
import { Refusal } from "../../../refusal.ts";
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
export function partialSuccessIn(answer: Pick<HttpAnswer, "headers" | "body">): PartialSuccess | undefined {
  if (answer.body.length === 0) return none;
  return isProtobuf(answer) ? inProtobuf(answer.body) : inJson(jsonOf(answer));
}

function inJson(response: unknown): PartialSuccess | undefined {
  if (!isObject(response)) return undefined;
  // A reader of protobuf's JSON takes the names of the fields, too.
  const partial = memberOf(response, "partialSuccess") ?? memberOf(response, "partial_success");
  if (partial === undefined || partial === null) return none;
  if (!isObject(partial)) return undefined;
  const rejected = memberOf(partial, "rejectedLogRecords") ?? memberOf(partial, "rejected_log_records") ?? 0;
  const message = memberOf(partial, "errorMessage") ?? memberOf(partial, "error_message");
  return { rejected: countIn(rejected), message: shownText(message) };
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function inProtobuf(body: Buffer): PartialSuccess | undefined {
  return unlessMalformed(() => {
    const partial = lastField(body, 1);
    if (partial === undefined) return none;
    const rejected = lastField(bytesOf(partial), 1);
    const count = rejected === undefined ? 0 : Number(BigInt.asIntN(64, numberOf(rejected)));
    return { rejected: countIn(count), message: shownText(textOf(lastField(bytesOf(partial), 2))) };
  });
}

/** What a receiver of OTLP says of a request that it refused: a google.rpc.Status, or other text. */
export function statusMessageIn(answer: HttpAnswer): string {
  if (!isProtobuf(answer)) {
    const message = memberOf(jsonOf(answer), "message");
    return typeof message === "string" ? message : answer.body.toString("utf8");
  }
  return unlessMalformed(() => textOf(lastField(answer.body, 2))) ?? "";
}

/** An int64, which JSON has as text; undefined for anything that counts no records. */
function countIn(value: unknown): number | undefined {
  const count = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof count === "number" && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

function isProtobuf({ headers }: Pick<HttpAnswer, "headers">): boolean {
  return (headers["content-type"] ?? "").startsWith("application/x-protobuf");
}

function textOf(field: WireField | undefined): string {
  return field === undefined ? "" : bytesOf(field).toString("utf8");
}

/** The field of that number; of several the last one counts. */
function lastField(message: Buffer, number: number): WireField | undefined {
  return [...readFields(message)].findLast((field) => field.number === number);
}

/** What is read; undefined where the bytes are no message. */
function unlessMalformed<Read>(read: () => Read): Read | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
