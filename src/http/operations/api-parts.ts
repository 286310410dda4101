import type { FastifyBaseLogger } from "fastify";
import type { Database } from "../../database/database.ts";
import type { ActLimit } from "../authentication/act-limit.ts";
import type { AdmissionParts } from "./carry-out.ts";
import type { Site } from "../request/request-facts.ts";

/** What both APIs, MAAS's and the native one, are built with. */
export interface ApiParts extends AdmissionParts {
  readonly db: Database;
  readonly acts: ActLimit;
  readonly site: Site;
  readonly log: FastifyBaseLogger;
}
