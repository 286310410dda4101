import type { ServerConfig } from "../../config.ts";
import type { Database } from "../../database/database.ts";
import type { OpenDestination } from "../destinations/destination-queries.ts";
import type { Receiver } from "../transports/receiver.ts";

export function receiverOpener(_db: Database, _config: ServerConfig) {
  return async ({ transport }: OpenDestination): Promise<Receiver> => {
    throw new Error(`nothing is sent by ${transport} yet`);
  };
}
