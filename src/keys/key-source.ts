import { Refusal } from "../refusal.ts";
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
/** A thousand long keys. */
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
 * Fetches the keys that somebody has published. All of them are keys, or none is given.
 *
 * Refuses with `invalid`, a sentence of its own for each: nobody of that name, no keys, a malformed answer, a server that
 * is away, too slow, too talkative, or that sends us elsewhere.
 */
export async function fetchKeys(source: KeySource, servers: KeyServers): Promise<readonly ParsedSshKey[]> {
  const who = `${serverNames[source.protocol]} user ${source.name}`;
  const url =
    source.protocol === "gh"
      ? new URL(`${servers.github}/users/${encodeURIComponent(source.name)}/keys`)
      : new URL(`${servers.launchpad}/~${encodeURIComponent(source.name)}/+sshkeys`);
  const answer = await get(url);
  if (answer.status === 404 || answer.status === 410) throw unable(`${who} doesn't exist.`);
  if (answer.status !== 200) throw unable(`${url.host} answered ${answer.status}.`);
  const lines = source.protocol === "gh" ? githubKeys(answer.text, url) : answer.text.split("\n");
  const keys = lines.map((line) => line.trim()).filter((line) => line !== "");
  if (keys.length === 0) throw unable(`There are no SSH keys for ${who}.`);
  return keys.map(parseSshKey);
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

async function get(start: URL): Promise<{ readonly status: number; readonly text: string }> {
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
        return { status: response.status, text: await readBounded(response, url) };
      }
      await response.body?.cancel();
      const next = new URL(location, url);
      // Whoever answers for this host must not make us ask another one, least of all one inside our network.
      if (next.host !== start.host || next.protocol !== start.protocol)
        throw unable(`${start.host} redirects to ${next.host}.`);
      url = next;
    }
    throw unable(`${start.host} redirects again and again.`);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw unable(`${start.host} can't be reached: ${reasonOf(error)}.`, error);
  }
}

async function readBounded(response: Response, url: URL): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > answerBytesMax) throw unable(`${url.host} answered with more than ${answerBytesMax} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${fetchTimeoutMs / 1000} seconds`;
  const { cause } = error;
  return cause instanceof Error && cause.message !== "" ? cause.message : error.message;
}

function unable(reason: string, cause?: unknown): Refusal {
  return new Refusal("invalid", `Unable to import SSH keys. ${reason}`, { cause });
}
