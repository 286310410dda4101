import type { FastifyBaseLogger } from "fastify";
import type { Database } from "../../database/database.ts";
import type { ActLimit } from "../authentication/act-limit.ts";
import type { Authenticate } from "../authentication/caller.ts";
import type { RefusedOperations } from "../authentication/refused-operations.ts";
import type { Site } from "../request/request-facts.ts";

/** What both APIs, MAAS's and the native one, are built with. */
export interface ApiParts {
  readonly db: Database;
  readonly authenticate: Authenticate;
  readonly refused: RefusedOperations;
  readonly acts: ActLimit;
  readonly site: Site;
  readonly log: FastifyBaseLogger;
}
