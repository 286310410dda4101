import type { OpenSource } from "../sources/source-queries.ts";
import { wayOf } from "../sources/source.ts";
import { Api2Reader } from "./api2-reader.ts";
import type { EventReader } from "./event-reader.ts";
import { V3Reader } from "./v3-reader.ts";

/** Opens the API by which a source is read that has no database. Throws where it can't be read. */
export function openReader(source: OpenSource): Promise<EventReader> {
  return wayOf(source) === "v3" ? V3Reader.open(source) : Api2Reader.open(source);
}
