import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import type { Tables } from "../../database/tables.ts";

export type EventBuilder = ExpressionBuilder<Tables, "event">;
/** A condition on a row of `event`. */
export type Condition = (eb: EventBuilder) => Expression<SqlBool>;
