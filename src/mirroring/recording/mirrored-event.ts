import { mirroredSource } from "../../verifiable-log/event-source.ts";
import type { MirroredDraft } from "../../audit/event-draft.ts";
import { type Source } from "../sources/source.ts";

/** A row of `maasserver_event`, with its type. Times are microseconds since 1970 UTC. */
export interface MaasEvent {
  readonly id: number;
  readonly created: number;
  /** Its name; null where only its words are shown. */
  readonly type: string | null;
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
  const named = row.type === "" ? unknownTypeName : row.type;
  const type = named ?? typeOfWords(row.typeWords);
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
    sourceType: named,
    sourceTypeWords: row.typeWords,
    // Nobody acted, or nobody of whom that MAAS still knows.
    realm: row.userId === null ? null : name,
    realmUserId: row.userId,
  };
}

/**
 * A type's name made of its words, where MAAS shows nothing else: capitals, with `_` for what is no letter or digit. Audit events
 * get the names that MAAS has for them; others may be worded otherwise than they are named.
 */
function typeOfWords(words: string): string {
  const name = words.toUpperCase().replaceAll(/[^\p{L}\p{N}]+/gu, "_");
  return name.replaceAll(/^_|_$/g, "") || unknownTypeName;
}

/** MAAS has an empty text where there is nothing. */
function textOrNull(text: string): string | null {
  return text === "" ? null : text;
}
