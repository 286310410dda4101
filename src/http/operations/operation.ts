import { type Action, AlreadyDone } from "../../audit/action.ts";
import type { Actor } from "../../audit/actor.ts";
import { perform } from "../../audit/perform.ts";
import { whileEntitled } from "../../audit/while-entitled.ts";
import type { Database } from "../../database/database.ts";
import type { ActLimit } from "../authentication/act-limit.ts";
import type { Credentials } from "../authentication/credentials.ts";

/** One call of an operation, after its permission and its parameters were checked. */
export interface Call<Request> {
  readonly db: Database;
  readonly actor: Actor;
  readonly credentials: Credentials;
  readonly request: Request;
  /** The version of the log at some moment since it came, where that was read already. */
  readonly asOf?: string;
  /** What keeps one user from acting without end; an API always gives it. */
  readonly acts?: ActLimit;
  /** When it came, in microseconds since 1970 UTC. */
  readonly now: number;
}

/** What an operation does: it asks, or it acts. Made by `query` and `command` alone. */
export interface Work<Request, Answer> {
  readonly kind: "query" | "command";
  carryOut(call: Call<Request>): Promise<Answer>;
}

/** Asks: it gets a database that can't be written to. */
export function query<Request, Answer>(answer: (call: Call<Request>) => Promise<Answer>): Work<Request, Answer> {
  return { kind: "query", carryOut: answer };
}

/** An answer known before the action: nothing is left to be done, and nothing is recorded. */
export class Finished<Answer> {
  readonly answer: Answer;

  constructor(answer: Answer) {
    this.answer = answer;
  }
}

/** An action and its two translations. There is no handler, so there is no place for an unaudited write. */
export interface CommandParts<Request, Answer, Input, Given extends Input, Result> {
  readonly action: Action<Input, Result>;
  /** What is slow or random happens here, before the transaction. It may give more than the action takes. */
  input(call: Call<Request>): Promise<Given | Finished<Answer>>;
  /** What an act that recorded a failure has to say, it says by throwing a refusal. */
  output(result: Result, call: Call<Request>, given: Given): Answer | Promise<Answer>;
}

/** Acts: performs the action with what `input` makes of the request. */
export function command<Request, Answer, Input, Given extends Input, Result>(
  parts: CommandParts<Request, Answer, Input, Given, Result>,
): Work<Request, Answer> {
  const action = whileEntitled(parts.action);
  return {
    kind: "command",
    async carryOut(call) {
      const given = await parts.input(call);
      if (given instanceof Finished) return given.answer;
      try {
        const limited = call.acts?.around(action) ?? action;
        const result = await perform(call.db, call.actor, limited, given);
        return await parts.output(result, call, given);
      } catch (error) {
        if (!(error instanceof AlreadyDone)) throw error;
        const again = await parts.input(call);
        if (again instanceof Finished) return again.answer;
        throw error;
      }
    },
  };
}
