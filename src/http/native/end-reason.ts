import type { Database } from "../../database/database.ts";
import type { Caller } from "../authentication/caller.ts";

/** Why an answer that goes on and on has to end. */
export type EndReason = "session_ended" | "token_ended" | "user_deactivated" | "demoted" | "server_stopped";

/**
 * Says why a caller would no longer get the answer that they are getting; undefined while they would. `now` is in
 * microseconds.
 */
export type FindEnd = (db: Database, caller: Caller, now: number) => Promise<EndReason | undefined>;
