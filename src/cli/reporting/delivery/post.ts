import { ask } from "../../client/ask.ts";
import { findHeader, isSuccess, type Server, type ServerAnswer } from "../../client/server.ts";
import { commandName } from "../../command-name.ts";
import { problemIn } from "../../native/problem.ts";
import { nativeRoot, serverOf } from "../../native/native-store.ts";
import type { Profile } from "../../profiles/profile.ts";
import { CommandFailure, exitStatus } from "../../../terminal/exit.ts";
import type { Reported } from "../reported.ts";

/** A server that doesn't answer for so long is away: sending the same again is harmless. */
const patienceMs = 60_000;

/** What became of events that were posted. */
export type Posted =
  | { readonly state: "recorded" }
  /** To be tried again: the server is away, busy or broken. */
  | { readonly state: "later"; readonly why: string; readonly afterMs: number }
  /** One of them can't be recorded; `index` says which, where the server does. */
  | { readonly state: "refused"; readonly why: string; readonly index: number | undefined };

export type Post = (events: readonly Reported[]) => Promise<Posted>;

/** Posts to the profile's server. Throws a `CommandFailure` for an answer that says nothing of the events, such as a rejected key. */
export function postTo(profile: Profile, isInsecure: boolean, stop: AbortSignal): Post {
  const server = serverOf(profile, isInsecure);
  return async (events) => {
    let answer: ServerAnswer;
    try {
      answer = await send(server, profile, events, stop);
    } catch (error) {
      return { state: "later", why: error instanceof Error ? error.message : String(error), afterMs: 0 };
    }
    return understand(answer, profile);
  };
}

function send(server: Server, profile: Profile, events: readonly Reported[], stop: AbortSignal): Promise<ServerAnswer> {
  const body = Buffer.from(JSON.stringify(events));
  const path = new URL(`${nativeRoot(profile.url)}events`).pathname;
  const headers = { "Content-Type": "application/json", "Content-Length": String(body.length) };
  const signal = AbortSignal.any([stop, AbortSignal.timeout(patienceMs)]);
  return ask(server, { method: "POST", path, headers, body, signal }, profile.key);
}

/** A request that was too slow (408), too many (429), and whatever a server or a proxy in front of it can't do now. */
const isPassing = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** Statuses that are about what was sent. */
const aboutEvents = [400, 409, 413, 422];

function understand(answer: ServerAnswer, { name, url }: Profile): Posted {
  const { status, reason, body } = answer;
  if (isSuccess(answer)) return { state: "recorded" };
  const problem = problemIn(Buffer.from(body).toString("utf8"));
  const why = problem?.text ?? `${url} answered ${status} ${reason}.`;
  if (isPassing(status)) {
    return { state: "later", why, afterMs: Number(findHeader(answer, "Retry-After") ?? 0) * 1_000 || 0 };
  }
  if (aboutEvents.includes(status)) {
    const fields = problem?.fields ?? [];
    const sentences = fields.map(([field, sentence]) => `${field}: ${sentence}`);
    return { state: "refused", why: sentences.join(" ") || why, index: indexIn(fields.map(([field]) => field)) };
  }
  const login = status === 401 ? ` Log in with another API key: ${commandName} login ${name} ${url}` : "";
  throw new CommandFailure(status === 401 ? exitStatus.gaveUp : exitStatus.refused, why + login);
}

/** Which event a refusal names first: `[3].type`. */
function indexIn(fields: readonly string[]): number | undefined {
  const [index] = fields.flatMap((field) => /^\[(\d+)\]/.exec(field)?.[1] ?? []);
  return index === undefined ? undefined : Number(index);
}
