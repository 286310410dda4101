import type { FastifyBaseLogger } from "fastify";
import type { Database } from "../database/database.ts";
import type { ActLimit } from "./act-limit.ts";
import type { Authenticate } from "./caller.ts";
import type { RefusedOperations } from "./refused-operations.ts";
import type { Site } from "./request-facts.ts";

/** What both doors, MAAS's and the native one, are built with. */
export interface DoorParts {
  readonly db: Database;
  readonly authenticate: Authenticate;
  readonly refused: RefusedOperations;
  readonly acts: ActLimit;
  readonly site: Site;
  readonly log: FastifyBaseLogger;
}
