import { readBounded } from "../../http/read-bounded.ts";
import { Refusal } from "../../refusal.ts";
import { type ParsedSshKey, parseSshKey } from "./ssh-key.ts";

/** Where keys are imported from: a protocol and who has published them there. */
export interface KeySource {
  readonly protocol: "lp" | "gh";
  readonly name: string;
}

/** Base addresses of both, without a slash at the end. */
export interface KeyServers {
  readonly github: string;
  readonly launchpad: string;
}

const serverNames = { lp: "launchpad", gh: "github" } as const;

/** A server that needs longer is down: whoever imports must not wait for it. */
const fetchTimeoutMs = 10_000;
/** Of one person at one source. Every one of them is named by the event of the import. */
export const keysPerSourceMax = 100;
/** Far more than so many long keys. */
const answerBytesMax = 1024 * 1024;
const redirectsMax = 3;

/** `lp:NAME`, `gh:NAME`, or `NAME` for Launchpad. Refuses with MAAS's sentences. */
export function parseKeySource(text: string): KeySource {
  const at = text.indexOf(":");
  const protocol = at < 0 ? "lp" : text.slice(0, at);
  const name = text.slice(at + 1);
  if (protocol !== "lp" && protocol !== "gh") {
    const sentence = `Value '${protocol}' is not a valid choice.`;
    throw new Refusal("invalid", sentence, { fields: { protocol: [sentence] } });
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9._+-]{0,99}$/.test(name)) {
    throw new Refusal("invalid", "Importing SSH keys failed. Input needs to be in protocol:auth_id or auth_id format.");
  }
  return { protocol, name };
}

export function sourceText({ protocol, name }: KeySource): string {
  return `${protocol}:${name}`;
}

/**
 * Fetches the keys that somebody has published, at most `keysPerSourceMax`. All of them are keys, or none is given.
 *
 * Refuses with `invalid`, a sentence of its own for each: nobody of that name, no keys, too many, a malformed answer, a
 * server that is away, too slow, too talkative, or that sends us elsewhere.
 */
export async function fetchKeys(source: KeySource, servers: KeyServers): Promise<readonly ParsedSshKey[]> {
  const who = `${serverNames[source.protocol]} user ${source.name}`;
  const url =
    source.protocol === "gh"
      ? new URL(`${servers.github}/users/${encodeURIComponent(source.name)}/keys?per_page=${keysPerSourceMax}`)
      : new URL(`${servers.launchpad}/~${encodeURIComponent(source.name)}/+sshkeys`);
  if (hasCredentials(url)) throw unable(`${url.host} isn't asked, since its address in the settings has a password.`);
  const answer = await get(url);
  if (answer.status === 404 || answer.status === 410) throw unable(`${who} doesn't exist.`);
  if (answer.status !== 200) throw unable(`${url.host} answered ${answer.status}.`);
  const lines = source.protocol === "gh" ? githubKeys(answer.text, url) : answer.text.split("\n");
  const keys = lines.map((line) => line.trim()).filter((line) => line !== "");
  if (keys.length === 0) throw unable(`There are no SSH keys for ${who}.`);
  if (keys.length > keysPerSourceMax || answer.hasMore) {
    throw unable(
      `${who} has more than ${keysPerSourceMax} SSH keys, and at most so many are taken. None was imported.`,
    );
  }
  return keys.map((key) => parsePublished(key, who));
}

/** Whoever imports has sent no field of that name: what is wrong is wrong at the source. */
function parsePublished(key: string, who: string): ParsedSshKey {
  try {
    return parseSshKey(key);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw unable(`One of the keys of ${who} can't be used. ${error.fields?.["key"]?.[0] ?? error.message}`);
  }
}

/** GitHub lists objects; what has no key is of no interest. */
function githubKeys(text: string, url: URL): readonly string[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    throw unable(`${url.host} answered with something that is not JSON.`, error);
  }
  if (!Array.isArray(list)) throw unable(`${url.host} answered with something that is no list of keys.`);
  return list.flatMap((item: unknown) => {
    return typeof item === "object" && item !== null && "key" in item && typeof item.key === "string" ? [item.key] : [];
  });
}

interface KeyAnswer {
  readonly status: number;
  readonly text: string;
  /** True if the answer is a page, and not the last one. */
  readonly hasMore: boolean;
}

async function get(start: URL): Promise<KeyAnswer> {
  const signal = AbortSignal.timeout(fetchTimeoutMs);
  let url = start;
  try {
    for (let redirects = 0; redirects <= redirectsMax; redirects += 1) {
      const response = await fetch(url, {
        redirect: "manual",
        signal,
        headers: { "user-agent": "ironlog", accept: "*/*" },
      });
      const location = response.headers.get("location");
      if (response.status < 300 || response.status >= 400 || location === null) {
        const hasMore = /;\s*rel="?next\b/i.test(response.headers.get("link") ?? "");
        return { status: response.status, text: await readText(response, url), hasMore };
      }
      await response.body?.cancel();
      const next = URL.parse(location, url);
      if (next === null || hasCredentials(next)) throw unable(`${start.host} redirects to an address that is none.`);
      // Whoever answers for this host must not make us ask another one, least of all one inside our network.
      if (next.host !== start.host || next.protocol !== start.protocol)
        throw unable(`${start.host} redirects to ${next.host}.`);
      url = next;
    }
    throw unable(`${start.host} redirects again and again.`);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw unable(`${start.host} can't be reached: ${reasonOf(error)}.`);
  }
}

async function readText(response: Response, url: URL): Promise<string> {
  const bytes = await readBounded(response, answerBytesMax, () =>
    unable(`${url.host} answered with more than ${answerBytesMax} bytes.`),
  );
  // Unlike a buffer's own decoder this leaves a byte order mark out.
  return new TextDecoder().decode(bytes);
}

function hasCredentials({ username, password }: URL): boolean {
  return username !== "" || password !== "";
}

/** In our own words: those of the library may repeat the address, and with it what must stay secret. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "the connection failed";
  if (error.name === "TimeoutError") return `no answer within ${fetchTimeoutMs / 1000} seconds`;
  const { cause } = error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return (
    reasons[code] ?? (/^[A-Z0-9_]{1,64}$/.test(code) ? `the connection failed (${code})` : "the connection failed")
  );
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was cut",
  ENOTFOUND: "there is no host of that name",
  EAI_AGAIN: "its name can't be looked up now",
  ENETUNREACH: "there is no way to its network",
  EHOSTUNREACH: "there is no way to it",
  UND_ERR_SOCKET: "the connection was cut",
  CERT_HAS_EXPIRED: "its certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate isn't trusted",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate isn't trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate isn't trusted",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
};

function unable(reason: string, cause?: unknown): Refusal {
  return new Refusal("invalid", `Unable to import SSH keys. ${reason}`, { cause });
}
