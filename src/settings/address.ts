import { isIP } from "node:net";
import { invalidField } from "../refusal.ts";
import { hidden, hideSecretValues } from "./hidden.ts";
import { isHostname, line, type SettingParser, type SettingValue } from "./value.ts";

/** The parts of an address as they were typed: nothing is normalised, so that it reads back as it was set. */
interface Address {
  /** With `://`; empty where there is none. */
  readonly scheme: string;
  readonly user: string | undefined;
  readonly host: string;
  /** With its colon; empty where there is none. */
  readonly port: string;
  /** Path and query. */
  readonly rest: string;
}

/** An http or https address; a missing scheme is added. Empty is null. */
export const proxyUrl: SettingParser = (given, name) => {
  const text = line()(given, name);
  if (typeof text !== "string") return text;
  const address = findAddress(text);
  if (address === undefined) throw notUrl(name);
  const { scheme, host, port } = address;
  // A bare word is more likely a mistake than a proxy.
  const isBareWord = scheme === "" && port === "" && !/[.:]/.test(host) && host !== "localhost";
  if (isBareWord) throw notUrl(name);
  return shown({ ...address, scheme: scheme === "" ? "http://" : scheme });
};

/** The http or https address of a package archive, which reads back as it was set. */
export const archiveUrl: SettingParser = (given, name) => {
  const text = line({ isRequired: true })(given, name);
  const address = typeof text === "string" ? findAddress(text) : undefined;
  if (address === undefined || address.scheme === "") throw notUrl(name);
  return shown(address);
};

/** A host, a host and a port, or an http or https address. Empty is null. */
export const gateway: SettingParser = (given, name) => {
  const text = line()(given, name);
  if (typeof text !== "string") return text;
  const address = findAddress(text);
  if (address === undefined) throw invalidField(name, "Enter a host, a host and a port, or a URL.");
  return shown(address);
};

/** The address of a service, which paths are put behind: scheme, host and path, and nothing that would be lost or leak with them. */
export function serviceUrl(untrimmed: string, name: string): SettingValue {
  const given = untrimmed.trim();
  const address = findAddress(given);
  if (address === undefined || address.scheme === "") throw notUrl(name);
  const { user, rest } = address;
  if (user !== undefined || rest.includes("?") || hideSecretValues(rest) !== rest) {
    throw invalidField(name, "Enter a URL without user, password, query and fragment.");
  }
  return given.replace(/\/+$/, "");
}

/** `host` or `host:port`. `empty` is what none is stored as. */
export function hostWithPort(empty: "" | null): SettingParser {
  return (given, name) => {
    const text = given.trim();
    if (text === "") return empty;
    const address = findAddress(text);
    if (address === undefined || address.scheme !== "" || address.user !== undefined || address.rest !== "") {
      throw invalidField(name, "Enter a host, or a host and a port such as 192.0.2.1:514.");
    }
    return text;
  };
}

/** `host` or `host:port`; port 514 is added. Empty is null. */
export function syslogHost(given: string, name: string): SettingValue {
  const text = hostWithPort(null)(given, name);
  return typeof text !== "string" || /[^:\]]:\d+$|\]:\d+$/.test(text) ? text : `${text}:514`;
}

/**
 * Reads an address more strictly than a browser, which repairs what it is given: where the text isn't exactly so, nobody
 * can say which part of it is the password.
 */
function findAddress(text: string): Address | undefined {
  if (!/^[\x21-\x7e]*$/.test(text)) return undefined;
  const match =
    /^(https?:\/\/)?(?:([^/?#@\\]*)@)?(\[[0-9A-Fa-f:.]+\]|[^/?#@:[\]\\%]+)(:\d{1,5})?((?:\/[^?#@\\]*)?(?:\?[^#\\]*)?)$/i.exec(
      text,
    );
  if (match === null) return undefined;
  const [, scheme = "", user, host = "", port = "", rest = ""] = match;
  const portNumber = Number(port.slice(1) || 1);
  // Names in containers have underscores.
  const isHost = host.startsWith("[") ? isIP(host.slice(1, -1)) === 6 : isHostname(host.replaceAll("_", "x"));
  return isHost && portNumber >= 1 && portNumber <= 65_535 ? { scheme, user, host, port, rest } : undefined;
}

/** The address without what is secret in it. A user may be a token, so it's hidden with the password. */
function shown({ scheme, user, host, port, rest }: Address): string {
  return `${scheme}${user === undefined ? "" : `${hidden}@`}${host}${port}${hideSecretValues(rest)}`;
}

function notUrl(name: string) {
  return invalidField(name, "Enter a valid URL.");
}
