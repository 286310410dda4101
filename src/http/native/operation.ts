import type { IncomingHttpHeaders } from "node:http";
import type { Static, TObject, TSchema } from "typebox";
import { type Call, command, type CommandParts, query, type Work } from "../operations/operation.ts";
import type { AccessRule } from "../authentication/permission.ts";
import type { BodySize } from "../request/request-body.ts";
import type { OpenAnswers } from "./open-answers.ts";
import type { StreamedBody } from "./streamed-body.ts";

export type NativeMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One request of the native API, with its query and body checked against their schemas. */
export interface NativeRequest<Query, Body> {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Query;
  /** The query as it was sent, for links to the next page. */
  readonly search: string;
  /** Those that the operation declares, by their names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
  /** True if cookies may travel over TLS only. */
  readonly isSecure: boolean;
  /** Scheme, host and base path under which the caller knows this server. */
  readonly baseUrl: string;
  /** What stands before this server's paths in the address that people use; empty mostly. */
  readonly basePath: string;
}

export interface NativeAnswer {
  readonly status: number;
  /** Sent as JSON; undefined for an answer without a body. */
  readonly body?: unknown;
  /** Sent instead of a body of JSON, while it is made. */
  readonly stream?: StreamedBody;
  readonly cookies?: readonly string[];
}

/** A body with the headers of its request. */
export interface SentBody {
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/** Formats of others, made into what the operation takes. */
export interface OtherFormats {
  /** Their media types, with what is sent under them. */
  readonly content: Readonly<Record<string, TSchema>>;
  /** The bodies that a request holds, not checked yet; undefined where it is in none of the formats. */
  read(sent: SentBody): readonly unknown[] | undefined;
}

/** One operation of the native API: it makes the route, the checks and its part of the OpenAPI document. */
export interface NativeOperation extends AccessRule, BodySize {
  /** Below `/api/v1`: `/users/{username}`. */
  readonly path: string;
  readonly method: NativeMethod;
  /** Its `operationId`. */
  readonly id: string;
  /** What asks for it on the command line behind a profile's name: a resource and an operation. Not where MAAS's API has the same. */
  readonly command?: readonly [resource: string, operation: string];
  /** The members of its items that a table shows on a terminal; all plain ones unless given. */
  readonly columns?: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly query?: TObject;
  /** Headers that it reads, by their names in small letters, and what they are for. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: TObject;
  /** Set where the body may be one object, an array or lines of them: at most so many. The work gets a list. */
  readonly bodiesMax?: number;
  /** What else its body may be, where it takes formats of others. */
  readonly otherFormats?: OtherFormats;
  readonly answer: {
    readonly status: number;
    readonly description: string;
    readonly schema?: TSchema;
    /** The media types of an answer that is streamed. */
    readonly streams?: readonly string[];
    /** True where the answer lasts, or is recorded: then there is no HEAD. */
    readonly isGetOnly?: boolean;
    /** How many of it may be open at a time; without a limit unless given. */
    readonly open?: OpenAnswers;
  };
  readonly does: Work<NativeRequest<never, never>, NativeAnswer>;
}

/** `query` and `command` for a request whose types the schemas have given. */
export interface NativeWork<Request> {
  query(answer: (call: Call<Request>) => Promise<NativeAnswer>): Work<Request, NativeAnswer>;
  command<Input, Given extends Input, Result>(
    parts: CommandParts<Request, NativeAnswer, Input, Given, Result>,
  ): Work<Request, NativeAnswer>;
}

/** Declares an operation, so that its work gets the types of its schemas. */
export function nativeOperation<Query extends TObject = TObject, Body extends TObject = TObject>(
  operation: Omit<NativeOperation, "query" | "body" | "does"> & {
    readonly query?: Query;
    readonly body?: Body;
    readonly does: (
      work: NativeWork<NativeRequest<Static<Query>, Static<Body>>>,
    ) => Work<NativeRequest<Static<Query>, Static<Body>>, NativeAnswer>;
  },
): NativeOperation {
  const does = operation.does({ query, command: (parts) => command(parts) });
  return { ...operation, does };
}

/** Declares an operation whose body is one object, an array of them, or one on each line: its work gets a list. */
export function nativeBatchOperation<Body extends TObject>(
  operation: Omit<NativeOperation, "query" | "body" | "bodiesMax" | "does"> & {
    readonly body: Body;
    readonly bodiesMax: number;
    readonly does: (
      work: NativeWork<NativeRequest<object, readonly Static<Body>[]>>,
    ) => Work<NativeRequest<object, readonly Static<Body>[]>, NativeAnswer>;
  },
): NativeOperation {
  return { ...operation, does: operation.does({ query, command: (parts) => command(parts) }) };
}

/** The path as it appears in documents and in the log. */
export function nativePath({ path }: Pick<NativeOperation, "path">): string {
  return `/api/v1${path}`;
}
