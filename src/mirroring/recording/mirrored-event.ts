import { mirroredSource } from "../../verifiable-log/event-source.ts";
import type { MirroredDraft } from "../../audit/event-draft.ts";
import { type Source } from "../sources/source.ts";

/** A row of `maasserver_event`, with its type. Times are microseconds since 1970 UTC. */
export interface MaasEvent {
  readonly id: number;
  readonly created: number;
  readonly type: string;
  readonly typeWords: string;
  readonly level: number;
  readonly action: string;
  readonly description: string;
  readonly systemId: string | null;
  readonly hostname: string;
  readonly username: string;
  readonly userId: number | null;
  readonly ip: string | null;
  readonly userAgent: string;
  /** 0 API, 1 UI, 2 CLI; null where it isn't told. */
  readonly endpoint: number | null;
}

const endpoints = ["API", "UI", "CLI"];
/** Of a row whose type is none: every event has one. */
const unknownTypeName = "UNKNOWN";

/** The event that is recorded of a row: as it stands there, with nothing rendered or made up. */
export function mirroredDraft(
  { name, generation }: Pick<Source, "name" | "generation">,
  row: MaasEvent,
): MirroredDraft {
  const type = row.type === "" ? unknownTypeName : row.type;
  return {
    source: mirroredSource(name),
    level: row.level,
    type,
    action: `maas.${type.toLowerCase()}`,
    outcome: "success",
    occurred: row.created,
    username: textOrNull(row.username),
    description: row.description,
    details: row.action === "" ? null : { action: row.action },
    target: null,
    ip: row.ip,
    userAgent: textOrNull(row.userAgent),
    endpoint: row.endpoint === null ? null : (endpoints[row.endpoint] ?? String(row.endpoint)),
    node: row.systemId,
    hostname: textOrNull(row.hostname),
    generation,
    sourceEventId: row.id,
    sourceType: type,
    sourceTypeWords: row.typeWords,
    // Nobody acted, or nobody of whom that MAAS still knows.
    realm: row.userId === null ? null : name,
    realmUserId: row.userId,
  };
}

/** MAAS has an empty text where there is nothing. */
function textOrNull(text: string): string | null {
  return text === "" ? null : text;
}
