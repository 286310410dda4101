import { isMirrored } from "../../verifiable-log/event-source.ts";
import { columnPlaces as place } from "../../database/event-columns.ts";
import type { EventArray } from "../../database/reading.ts";
import type { RowImage } from "../../verifiable-log/row-digest.ts";
import { CredentialRoll } from "./credential-roll.ts";
import type { LayerFindings } from "./verification-report.ts";

/** The act that an event belongs to, as far as its events show it. */
interface Act {
  readonly created: unknown;
  readonly traceId: unknown;
  /** False where nobody can say who acted: somebody has emptied the group. */
  readonly hasOrigin: boolean;
}

/**
 * Which sessions and API keys exist at each event, and whether those that events name do. What an act states of rows stands in its first
 * event, so further ones may name what the act itself has ended. Memory follows rows, not events.
 */
export class CredentialCheck {
  readonly #rolls: readonly CredentialRoll[];
  #act: Act = { created: undefined, traceId: undefined, hasOrigin: true };

  constructor(findings: LayerFindings) {
    this.#rolls = [
      new CredentialRoll(findings, {
        table: "session",
        words: "session",
        column: "session",
        of: "token_hash",
        told: { by: "auth.login", column: "session", salt: "origin_salt" },
      }),
      new CredentialRoll(findings, {
        table: "token",
        words: "API key",
        column: "key",
        of: "token_key",
        told: { by: "token.create", column: "target_id", salt: "subject_salt" },
      }),
    ];
  }

  /** Takes an event, before what it states of rows. */
  take(row: EventArray): void {
    if (!this.#goesOn(row)) {
      this.end();
      const [created, traceId] = [row[place.created], row[place.trace_id]];
      this.#act = { created, traceId, hasOrigin: row[place.origin_salt] !== null };
    }
    // What a mirrored source records was done with credentials of its own.
    const source_event_id = row[place.source_event_id] as number | null;
    if (isMirrored({ source: String(row[place.source]), source_event_id })) return;
    for (const roll of this.#rolls) {
      roll.noteTold(row);
      roll.check(row, !this.#act.hasOrigin);
    }
  }

  /** Takes what an event states of a row. */
  apply(event: number, table: string, key: string, { isNew, isGone }: { isNew: boolean; isGone: boolean }): void {
    const roll = this.#rollOf(table);
    if (isNew) roll?.made(event, key);
    if (isGone) roll?.gone(key);
  }

  /** All that an event states has been taken. */
  pair(): void {
    for (const roll of this.#rolls) roll.pair();
  }

  /** The act has ended. */
  end(): void {
    for (const roll of this.#rolls) roll.endAct();
  }

  /** Says what is wrong with the name that events have for a row; undefined if nothing is. */
  faultOf(table: string, key: string, image: RowImage): string | undefined {
    return this.#rollOf(table)?.faultOf(key, image);
  }

  #rollOf(table: string): CredentialRoll | undefined {
    return this.#rolls.find((roll) => roll.table === table);
  }

  /** All events of an act have one time and one trace id, and the first of them states its rows. */
  #goesOn(row: EventArray): boolean {
    if (row[place.created] !== this.#act.created) return false;
    if (row[place.state] !== null && row[place.action] !== "state.more") return false;
    return row[place.trace_id] === this.#act.traceId || row[place.origin_salt] === null || !this.#act.hasOrigin;
  }
}
