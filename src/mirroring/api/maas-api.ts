import { authorizationHeader } from "../../cli/client/oauth.ts";
import type { ApiKey } from "../../cli/profiles/api-key.ts";
import { readBounded } from "../../http/read-bounded.ts";

/** A MAAS that doesn't answer must not hold up who asks it. */
const answerTimeoutMs = 10_000;
/** Pages of events are smaller. */
const answerBytesMax = 16 * 1024 * 1024;

/** An answer of a MAAS, read as JSON. */
export interface SourceAnswer {
  readonly status: number;
  /** Undefined where it isn't JSON. Only what is known of it may be shown: an error of MAAS can contain the key. */
  readonly body: unknown;
}

/**
 * Asks a MAAS over its API 2.0, as the owner of a key or as nobody. `path` is what stands behind `api/2.0/`.
 *
 * Throws where nothing answers in time. Follows no redirects: they would take the key elsewhere.
 */
export async function askMaas(url: string, key: ApiKey | undefined, path: string): Promise<SourceAnswer> {
  return askAddress(url, `api/2.0/${path}`, {
    ...(key !== undefined && { headers: { authorization: authorizationHeader(key, Date.now()) } }),
  });
}

/** What is sent beside the address. */
export interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  /** A form that is sent with POST; else it is a GET. */
  readonly form?: URLSearchParams;
}

/** Asks a MAAS for what stands at `path` below its address. Throws where nothing answers in time; follows no redirects. */
export async function askAddress(url: string, path: string, { headers, form }: Sent): Promise<SourceAnswer> {
  let answer: Response;
  try {
    answer = await fetch(`${url}/${path}`, {
      headers: { accept: "application/json", "user-agent": "ironlog", ...headers },
      ...(form !== undefined && { method: "POST", body: form }),
      redirect: "manual",
      signal: AbortSignal.timeout(answerTimeoutMs),
    });
  } catch (error) {
    throw new Error(`${url} doesn't answer: ${reasonOf(error)}`, { cause: error });
  }
  if (answer.status >= 300 && answer.status < 400) {
    await answer.body?.cancel();
    throw new Error(`${url} answers with a redirect, which isn't followed: enter the address that it leads to`);
  }
  const bytes = await readBounded(answer, answerBytesMax, () => new Error("the answer is too long"));
  return { status: answer.status, body: parsed(bytes.toString("utf8")) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== "" ? error.cause.message : error.message;
}

/** Whether an answer about a user says that they are an administrator; undefined where it says neither. */
export function isSuperuserIn(body: unknown): boolean | undefined {
  const { is_superuser: isSuperuser } = (body ?? {}) as { readonly is_superuser?: unknown };
  return typeof isSuperuser === "boolean" ? isSuperuser : undefined;
}
