import { isIP } from "node:net";
import os from "node:os";
import { invalidField } from "../../refusal.ts";

/** Names that this server answers to, in small letters. */
export type KnownHosts = ReadonlySet<string>;

/** Reads host names of `--allowed-host`. Refuses (`invalid`, field `--allowed-host`) anything else. */
export function parseAllowedHosts(names: readonly string[]): readonly string[] {
  for (const name of names) {
    if (name.length <= 253 && /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/.test(name)) continue;
    throw invalidField(
      "--allowed-host",
      `--allowed-host takes a host name such as audit.example.com, without scheme and port, not '${name}'.`,
    );
  }
  return names;
}

/** The names under which people and proxies may reach this server, beside its addresses. */
export function knownHosts(url: string | undefined, allowed: readonly string[]): KnownHosts {
  const ownName = os.hostname();
  const [ownLabel = ""] = ownName.split(".");
  const names = ["localhost", ownName, ownLabel, ...allowed, ...(url === undefined ? [] : [new URL(url).hostname])];
  return new Set(names.map((name) => name.toLowerCase()));
}

/**
 * True where a request's `Host` is an address or a name that this server is known by. A page elsewhere can point a name of
 * its own at this server (DNS rebinding), and would then speak to it as to its own: it can't do so with an address.
 */
export function isKnownHost(header: string, known: KnownHosts): boolean {
  const [, name = ""] = /^(\[[^\]]*\]|[^:[\]]*)(?::\d{0,5})?$/.exec(header) ?? [];
  if (name.startsWith("[")) return isIP(name.slice(1, -1)) === 6;
  return isIP(name) === 4 || known.has(name.toLowerCase().replace(/\.$/, ""));
}

/** What a client is told that used another name. */
export function unknownHost(header: string): string {
  const [name = ""] = header.split(":");
  const isPlain = /^[A-Za-z0-9._-]{1,253}$/.test(name);
  return `This server doesn't answer to ${isPlain ? `the name '${name}'` : "this Host"}. Use its address, or start it with --allowed-host ${isPlain ? name : "NAME"}.`;
}
