import { base } from "./base.ts";
import type { Operations } from "./operations.ts";

type PathParameter<Path> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | PathParameter<Rest> : never;
type PathPart<Key> = [PathParameter<Key>] extends [never]
  ? object
  : { readonly path: Readonly<Record<PathParameter<Key>, string | number>> };
type BodyPart<Body> = [Body] extends [undefined] ? object : { readonly body: Body };

/** What goes with a request: path, body, query and a signal that ends it. */
export type RequestParts<Key extends keyof Operations> = PathPart<Key> &
  BodyPart<Operations[Key]["body"]> & {
    readonly query?: URLSearchParams;
    readonly signal?: AbortSignal;
  };

/** What an operation answers with. */
export type Answer<Key extends keyof Operations> = Operations[Key]["answer"];

/** One thing of a list that an operation answers with. */
export type Item<Key extends keyof Operations> =
  Answer<Key> extends { readonly items: readonly (infer One)[] } ? One : never;

interface AnyParts {
  readonly path?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  readonly query?: URLSearchParams;
  readonly signal?: AbortSignal;
}

/** The server said no: RFC 9457, as docs/api/errors.md lists them. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  /** Sentences for each field that is wrong. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  readonly traceId: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** What else the answer says, for programs. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(response: Response, body: ProblemBody) {
    super(body.detail ?? `The server answered ${response.status}.`);
    this.name = "ApiProblem";
    this.status = response.status;
    this.code = body.code ?? "internal";
    this.fields = body.errors ?? {};
    this.members = { ...body };
    this.traceId = body.trace_id ?? response.headers.get("maas-trace-id") ?? undefined;
    const wait = Number(response.headers.get("retry-after") ?? Number.NaN);
    this.retryAfterSeconds = Number.isFinite(wait) ? wait : undefined;
  }
}

/** There was no answer at all. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super("The server can't be reached.", { cause });
    this.name = "Unreachable";
  }
}

interface ProblemBody {
  readonly detail?: string;
  readonly code?: string;
  readonly errors?: Readonly<Record<string, readonly string[]>>;
  readonly trace_id?: string;
}

/** Asks one operation of the native API. Throws an ApiProblem where it is refused, an Unreachable where nobody answers. */
export async function request<Key extends keyof Operations>(
  key: Key,
  ...[parts]: object extends RequestParts<Key> ? [RequestParts<Key>?] : [RequestParts<Key>]
): Promise<Answer<Key>> {
  const [method = "GET", template = ""] = key.split(" ");
  const given: AnyParts = parts ?? {};
  const response = await send(method, apiUrl(template, given), given);
  // The server's schemas are those that the types were written from.
  if (response.status === 204) return undefined;
  return (await response.json()) as Answer<Key>;
}

/** The same for an answer that is text. */
export async function requestText(url: string, signal?: AbortSignal): Promise<string> {
  const response = await send("GET", url, { ...(signal !== undefined && { signal }) });
  return response.text();
}

/** The address of an operation, as links and event streams need it. */
export function apiUrl(template: string, { path = {}, query }: Pick<AnyParts, "path" | "query"> = {}): string {
  const filled = template.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(String(path[name])));
  const search = query?.toString() ?? "";
  return `${base}/api/v1${filled}${search === "" ? "" : `?${search}`}`;
}

let giveFactor: () => Promise<boolean> = async () => false;

/** Says what happens where a session's second factor has to be given again; true once it was, so that the request goes on. */
export function whenFactorNeeded(act: () => Promise<boolean>): void {
  giveFactor = act;
}

async function send(method: string, url: string, parts: AnyParts): Promise<Response> {
  try {
    return await sendOnce(method, url, parts);
  } catch (error) {
    // A login asks by itself.
    const isAsked = error instanceof ApiProblem && error.code === "factor_needed" && !url.endsWith("/api/v1/session");
    if (!isAsked || !(await giveFactor())) throw error;
    return sendOnce(method, url, parts);
  }
}

async function sendOnce(method: string, url: string, { body, signal }: AnyParts): Promise<Response> {
  const headers = new Headers({ accept: "application/json" });
  if (method !== "GET") headers.set("x-csrftoken", csrfToken());
  if (body !== undefined) headers.set("content-type", "application/json");
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal !== undefined && { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new Unreachable(error);
  }
  noteClock(response);
  if (response.ok) return response;
  throw new ApiProblem(response, await problemOf(response));
}

let skewMs = 0;

/** By how much this browser's clock is ahead of the server's, in milliseconds, as the last answer showed. */
export function clockSkewMs(): number {
  return skewMs;
}

/** A server's Date header is in whole seconds, and the answer was on its way. */
function noteClock(response: Response): void {
  const served = Date.parse(response.headers.get("date") ?? "");
  if (!Number.isNaN(served)) skewMs = Date.now() - served;
}

async function problemOf(response: Response): Promise<ProblemBody> {
  try {
    return (await response.json()) as ProblemBody;
  } catch {
    return {};
  }
}

function csrfToken(): string {
  return /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? "";
}
