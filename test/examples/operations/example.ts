import type { Sender } from "../../support/worlds/sender.ts";
import type { World } from "../../support/worlds/server-world.ts";

/** What an event of a request must say, apart from what it shares with every event of its request. */
export interface ExpectedEvent {
  readonly action: string;
  readonly description: string;
  /** Kind and name of what was acted upon. */
  readonly target: readonly [kind: string, name: string] | null;
  readonly outcome: "success" | "failure";
  /** The sender's, unless given. */
  readonly username?: string | null;
  /** The mirrored MAAS that knows who acted; an account of this server unless given. */
  readonly realm?: string;
  /** Set for an event of another program: it brings these with it. */
  readonly external?: { readonly level: string; readonly type: string };
}

/** One request to the operation, and everything that it leaves in the log. */
export interface Attempt {
  /** What tells it from the others of its example. */
  readonly what: string;
  /** The administrator by API key, unless given. */
  readonly by?: Sender;
  /** The parameters of the path. */
  readonly path?: Readonly<Record<string, string>>;
  /** Members of a JSON body for the native API, fields of a form for MAAS's; the query where there is no body. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** Sent in place of `values`, where a body is a list. */
  readonly list?: readonly Readonly<Record<string, unknown>>[];
  /** Sent as files, each under its own name. */
  readonly files?: readonly (readonly [name: string, content: string])[];
  readonly status: number;
  /** Oldest first; nothing unless given. */
  readonly records?: readonly ExpectedEvent[];
}

/** Prepares the world through the API, and gives the requests to send then, one after the other. */
export type OperationExample = (world: World) => Promise<readonly Attempt[]>;

/** Examples by the names of their operations. */
export type OperationExamples = Readonly<Record<string, OperationExample>>;

/** An event that tells of a success. */
export function told(
  action: string,
  description: string,
  target: ExpectedEvent["target"],
  more: Partial<Pick<ExpectedEvent, "username" | "external" | "outcome" | "realm">> = {},
): ExpectedEvent {
  return { action, description, target, outcome: "success", ...more };
}

/** The event of an operation that only administrators may carry out. */
export function refused(operation: string): ExpectedEvent {
  return { action: "operation.refuse", description: `Refused: ${operation}.`, target: null, outcome: "failure" };
}

/** The event of a wrong password. `username` is null for a name that is nobody's. */
export function loginFailed(username: string | null): ExpectedEvent {
  const whose = username === null ? "an unknown user" : `'${username}'`;
  const target = username === null ? null : (["user", username] as const);
  return {
    action: "auth.login.failure",
    description: `Login failed for ${whose}.`,
    target,
    outcome: "failure",
    username,
  };
}
