import type { Proxy } from "../../terminal/proxy.ts";

/** A server to ask, and how far to trust it. */
export interface Server {
  /** The API's root. */
  readonly url: string;
  /** The authorities to trust instead of the usual ones, as PEM text. */
  readonly cacerts: string | undefined;
  /** Takes any certificate, for `--insecure`. */
  readonly isInsecure: boolean;
  /** What stands between, where the environment names it. */
  readonly proxy?: Proxy | undefined;
  /** The profile it is asked for, named in what people are told when it cannot be reached. */
  readonly profileName: string;
}

/** What a server answered. */
export interface ServerAnswer {
  readonly status: number;
  readonly reason: string;
  /** As they came: name, value. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
}

/** The value of the answer's header, or `undefined`. */
export function findHeader(answer: ServerAnswer, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return answer.headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}

/** Whether the server did what it was asked to. A redirection is none: credentials do not follow one to another host. */
export function isSuccess(answer: ServerAnswer): boolean {
  return answer.status >= 200 && answer.status < 300;
}
