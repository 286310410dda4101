import { bytesOf, numberOf, readFields, type WireField } from "../../events/reporting/otlp/wire.ts";
import { Refusal } from "../../refusal.ts";

/** What a receiver of OTLP says of a request that it took. */
export interface OtlpAnswer {
  /** How many of the records it didn't take. Sending them again doesn't help. */
  readonly rejected: number;
  /** Why, or a warning where none was rejected; empty where all is well. */
  readonly message: string;
}

const allIsWell: OtlpAnswer = { rejected: 0, message: "" };

/** An ExportLogsServiceResponse in the encoding in which the request was sent; undefined for bytes that are none. */
export function readOtlpAnswer(body: Buffer, encoding: "json" | "protobuf"): OtlpAnswer | undefined {
  if (body.length === 0) return allIsWell;
  return encoding === "json" ? readJson(body) : readProtobuf(body);
}

function readJson(body: Buffer): OtlpAnswer | undefined {
  const response = findMembers(parse(body));
  if (response === undefined) return undefined;
  // A reader of protobuf's JSON takes the names of the fields, too.
  const partial = response.get("partialSuccess") ?? response.get("partial_success");
  if (partial === undefined || partial === null) return allIsWell;
  const members = findMembers(partial);
  if (members === undefined) return undefined;
  const rejected = Number(members.get("rejectedLogRecords") ?? members.get("rejected_log_records") ?? 0);
  const message = members.get("errorMessage") ?? members.get("error_message") ?? "";
  return typeof message === "string" ? answerOf(rejected, message) : undefined;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    // No JSON: a proxy's page, for example.
    return undefined;
  }
}

function findMembers(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return new Map<string, unknown>(Object.entries(value));
}

function readProtobuf(body: Buffer): OtlpAnswer | undefined {
  try {
    const partial = lastField(body, 1);
    if (partial === undefined) return allIsWell;
    const rejected = lastField(bytesOf(partial), 1);
    const message = lastField(bytesOf(partial), 2);
    return answerOf(
      rejected === undefined ? 0 : Number(BigInt.asIntN(64, numberOf(rejected))),
      message === undefined ? "" : bytesOf(message).toString("utf8"),
    );
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** The field of that number; of several the last one counts. */
function lastField(message: Buffer, number: number): WireField | undefined {
  return [...readFields(message)].findLast((field) => field.number === number);
}

function answerOf(rejected: number, message: string): OtlpAnswer | undefined {
  return Number.isSafeInteger(rejected) && rejected >= 0 ? { rejected, message } : undefined;
}
