import type { FastifyBaseLogger } from "fastify";
import type { Database } from "../../database/database.ts";
import type { ActLimit } from "../authentication/act-limit.ts";
import type { AdmissionParts } from "./carry-out.ts";
import type { Site } from "../request/request-facts.ts";

/** What is served over HTTP is built with: MAAS's API, the native one, the log, health. */
export interface ApiParts extends AdmissionParts {
  readonly db: Database;
  readonly acts: ActLimit;
  readonly site: Site;
  readonly log: FastifyBaseLogger;
}
