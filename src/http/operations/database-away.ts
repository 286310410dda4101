import { failureKind } from "../../database/failures.ts";
import { Refusal } from "../../refusal.ts";

/** The refusal for a query that failed because the database is away or overloaded; undefined for any other error. */
export function findRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  const kind = failureKind(error);
  if (kind === "other") return undefined;
  return new Refusal("unavailable", "The database is away or overloaded. Try again.", {
    retryAfterSeconds: 5,
    cause: error,
  });
}
