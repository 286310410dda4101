import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { createParser, type EventSourceMessage } from "eventsource-parser";
import type { ApiRequest } from "../client/api-request.ts";
import { CommandFailure, exitStatus } from "../../terminal/exit.ts";
import { printError } from "../../terminal/print.ts";

/** How long to wait before coming back, at first and at most. */
const backOffMs = { first: 250, most: 10_000 };

/** What a stream that the server ended says of why. */
const ends: Readonly<Record<string, string>> = {
  token_ended: "The API key of this profile has ended",
  session_ended: "The session has ended",
  user_deactivated: "The account was deactivated",
};

export interface Followed {
  /** Asks for what comes after an event. Throws a `CommandFailure` for a refusal that stays one. */
  open(request: ApiRequest): Promise<IncomingMessage>;
  /** The request for what is newer than the event of that id. */
  after(id: number): ApiRequest;
  /** False once nobody reads any more. */
  show(event: string): Promise<boolean>;
}

/**
 * Shows the events of a stream behind the event `from`, and comes back behind the last one that was shown, as long as somebody reads them:
 * none is missed, none comes twice. Gives the exit status; an API key that has ended is a failure.
 */
export async function followStream({ open, after, show }: Followed, from: number): Promise<number> {
  let last = from;
  let waitMs = backOffMs.first;
  let isAway = false;
  for (;;) {
    try {
      const incoming = await open(after(last));
      if (isAway) await printError("The server is back.\n");
      isAway = false;
      for await (const message of messagesOf(incoming)) {
        if (message.event === "end") {
          const why = ends[reasonIn(message.data)];
          if (why !== undefined)
            throw new CommandFailure(exitStatus.gaveUp, `${why}. The last event shown is ${last}.`);
          break;
        }
        if (message.event !== "event" || message.id === undefined) continue;
        if (!(await show(message.data))) return exitStatus.success;
        last = Number(message.id);
        waitMs = backOffMs.first;
      }
    } catch (error) {
      if (error instanceof CommandFailure && !isPassing(error)) throw error;
      if (!isAway) await printError(`${reasonOf(error)} Coming back behind event ${last}.\n`);
      isAway = true;
    }
    await sleep(waitMs);
    waitMs = Math.min(backOffMs.most, waitMs * 2);
  }
}

/** A server that can't be reached may come back; one that refuses does so again. */
export class Passing extends CommandFailure {
  constructor(message: string, options: ErrorOptions = {}) {
    super(exitStatus.refused, message, options);
    this.name = "Passing";
  }
}

function isPassing(error: CommandFailure): boolean {
  return error instanceof Passing;
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.endsWith(".") ? message : `${message}.`;
}

function reasonIn(data: string): string {
  const end: unknown = JSON.parse(data);
  return typeof end === "object" && end !== null && "reason" in end ? String(end.reason) : "";
}

async function* messagesOf(incoming: IncomingMessage): AsyncGenerator<EventSourceMessage> {
  let waiting: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => waiting.push(message) });
  incoming.setEncoding("utf8");
  try {
    for await (const text of incoming) {
      parser.feed(String(text));
      const ready = waiting;
      waiting = [];
      yield* ready;
    }
  } finally {
    incoming.destroy();
  }
}
