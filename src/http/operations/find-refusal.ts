import type { FastifyBaseLogger } from "fastify";
import { databaseRefusal } from "../../database/failures.ts";
import { Refusal } from "../../refusal.ts";
import { refusalStatus } from "./refusal-status.ts";

/**
 * The refusal that an error is, or that a failure of the database means; undefined for any other error. What keeps the server
 * from its work is logged, with its cause.
 */
export function findRefusal(error: unknown, log: Pick<FastifyBaseLogger, "warn">): Refusal | undefined {
  const refusal = error instanceof Refusal ? error : databaseRefusal(error);
  if (refusal !== undefined && refusalStatus[refusal.code] >= 500) {
    log.warn({ err: error, code: refusal.code }, "a request was refused");
  }
  return refusal;
}
