import { X509Certificate } from "node:crypto";
import path from "node:path";
import { isSafeAddress } from "../../http/safe-address.ts";
import { invalidField } from "../../refusal.ts";
import { webhookKey } from "../transports/http/webhook-signature.ts";
import {
  type Destination,
  type DestinationSecret,
  type DestinationSecrets,
  type DestinationSettings,
  secretNames,
  type SettingName,
  type Transport,
} from "./destination.ts";
import { isOneLine } from "../../http/request/text.ts";

type Field = SettingName | DestinationSecret;

/** What each transport takes: what it can't be without, and what else. */
const fieldsOf: Readonly<Record<Transport, { readonly needs: readonly Field[]; readonly takes: readonly Field[] }>> = {
  syslog: {
    needs: ["url"],
    takes: [
      "framing",
      "protocol",
      "facility",
      "record_limit",
      "enterprise_number",
      "ca",
      "server_name",
      "client_certificate",
      "client_key",
    ],
  },
  webhook: { needs: ["url"], takes: [...overHttp(), "signing_key", "token", "ocsf_version"] },
  splunk: { needs: ["url", "token"], takes: [...overHttp(), "index", "acknowledge", "ocsf_version"] },
  elasticsearch: {
    needs: ["url", "index"],
    takes: [...overHttp(), "token", "username", "password", "ocsf_version"],
  },
  loki: { needs: ["url"], takes: [...overHttp(), "tenant", "token", "username", "password", "ocsf_version"] },
  otlp: { needs: ["url"], takes: [...overHttp(), "token"] },
  file: { needs: ["directory"], takes: ["rotate_bytes", "rotate_hours", "ocsf_version"] },
  email: { needs: ["url", "from", "to"], takes: ["username", "password", "plain_http", "ca", "server_name"] },
};

function overHttp(): readonly Field[] {
  return ["plain_http", "ca", "server_name", "client_certificate", "client_key"];
}

const schemes: Readonly<Partial<Record<Transport, readonly string[]>>> = {
  syslog: ["udp:", "tcp:", "tls:"],
  email: ["smtp:", "smtps:"],
};
const httpSchemes: readonly string[] = ["https:", "http:"];

const examples: Readonly<Record<Transport, string>> = {
  syslog: "tls://siem.example.com:6514, tcp:// or udp://",
  webhook: "https://hooks.example.com/ironlog",
  splunk: "https://splunk.example.com:8088",
  elasticsearch: "https://elastic.example.com:9200",
  loki: "https://loki.example.com:3100",
  otlp: "https://collector.example.com:4318",
  file: "",
  email: "smtp://mail.example.com:587",
};

const lineMax = 500;
const pemMax = 50_000;

/** The settings of a destination as they were given, each checked alone: null for what is removed. Refuses with `invalid`. */
export function parseSettings(
  transport: Transport,
  given: Readonly<Partial<Record<Field, unknown>>>,
): { readonly [Name in SettingName]?: DestinationSettings[Name] | null } {
  const { needs, takes } = fieldsOf[transport];
  const foreign = (Object.keys(given) as Field[]).find((name) => !needs.includes(name) && !takes.includes(name));
  if (foreign !== undefined) {
    throw invalidField(foreign, `A destination by ${transport} has none: it takes ${[...needs, ...takes].join(", ")}.`);
  }
  const parsed = Object.entries(given).flatMap(([name, value]) =>
    isSecret(name) ? [] : [[name, isNothing(value) ? null : parseSetting(transport, name as SettingName, value)]],
  );
  // Of the same names.
  return Object.fromEntries(parsed) as { readonly [Name in SettingName]?: DestinationSettings[Name] | null };
}

function isNothing(value: unknown): boolean {
  return value === "" || (Array.isArray(value) && value.length === 0);
}

function isSecret(name: string): name is DestinationSecret {
  return (secretNames as readonly string[]).includes(name);
}

/** What is read of a text; numbers, booleans and closed lists were checked by the schema. */
const parsers: Readonly<Partial<Record<SettingName, (value: unknown, transport: Transport) => unknown>>> = {
  url: (value, transport) => parseUrl(transport, String(value)),
  directory: (value) => parseDirectory(String(value)),
  ca: (value) => parseCertificate("ca", String(value)),
  client_certificate: (value) => parseCertificate("client_certificate", String(value)),
  server_name: (value) => parseLine("server_name", String(value)),
  index: (value) => parseLine("index", String(value)),
  tenant: (value) => parseHeaderLine("tenant", String(value)),
  username: (value, transport) => parseUsername(String(value), transport),
  from: (value) => parseMailAddress("from", String(value)),
  to: (value) => (value as readonly string[]).map((address) => parseMailAddress("to", address)),
};

function parseSetting(transport: Transport, name: SettingName, value: unknown): unknown {
  return parsers[name]?.(value, transport) ?? value;
}

/** A secret as it was given. Refuses with `invalid`. */
export function parseDestinationSecret(name: DestinationSecret, text: string): string {
  if (name === "client_key") {
    if (/^-----BEGIN [A-Z ]*PRIVATE KEY-----/m.test(text) && text.length <= pemMax) return text;
    throw invalidField(name, "Enter the private key as PEM, without a passphrase.");
  }
  if (name === "signing_key") {
    try {
      webhookKey(text);
      return text;
    } catch {
      // It says what it wants without naming the field.
    }
    throw invalidField(
      name,
      "Enter whsec_ and 24 to 64 bytes as base64, or whsk_ and the 32 bytes of an Ed25519 key as base64.",
    );
  }
  return name === "token" ? parseHeaderLine(name, text) : parseLine(name, text);
}

/** Refuses what a destination can't be reached by. `has` says which secrets it has. */
export function refuseUnreachable(
  { transport, settings }: Pick<Destination, "transport" | "settings">,
  has: DestinationSecrets<boolean>,
): void {
  for (const name of fieldsOf[transport].needs) {
    const isThere = isSecret(name) ? has[name] : settings[name] !== undefined;
    if (!isThere) throw invalidField(name, `A destination by ${transport} needs this.`);
  }
  const { url = "", username, client_certificate: certificate, plain_http: isPlainAllowed = false } = settings;
  if (username !== undefined && !has.password) throw invalidField("password", "Enter the password of that user too.");
  if (username === undefined && has.password) throw invalidField("username", "Enter whose password this is.");
  if (certificate !== undefined && !has.client_key) {
    throw invalidField("client_key", "Enter the key of that client certificate too.");
  }
  if (certificate === undefined && has.client_key) {
    throw invalidField("client_certificate", "Enter the certificate that this key belongs to.");
  }
  if (has.token && has.password) throw invalidField("token", "Enter a token, or a user and a password.");
  if (url.startsWith("http:") && !isSafeAddress(new URL(url)) && !isPlainAllowed) {
    throw invalidField(
      "url",
      "Over http:// events can be read on the way: enter an https:// address, or plain_http=true if that network is safe.",
    );
  }
  refuseUselessTls(transport, settings);
}

function refuseUselessTls(transport: Transport, settings: DestinationSettings): void {
  const isTls = /^(tls|https|smtps?):/.test(settings.url ?? "");
  const named = (["ca", "server_name", "client_certificate"] as const).find((name) => settings[name] !== undefined);
  if (named === undefined || isTls) return;
  const scheme = transport === "syslog" ? "tls://" : "https://";
  throw invalidField(named, `This is of use over TLS alone: enter an address with ${scheme}.`);
}

function parseUrl(transport: Transport, text: string): string {
  const url = URL.canParse(text) && text.length <= lineMax ? new URL(text) : undefined;
  const known = schemes[transport] ?? httpSchemes;
  const isOk =
    url !== undefined &&
    known.includes(url.protocol) &&
    url.hostname !== "" &&
    url.username === "" &&
    url.password === "" &&
    url.hash === "";
  if (!isOk) {
    throw invalidField(
      "url",
      `Enter where it listens, such as ${examples[transport]}, without a user or a password in it.`,
    );
  }
  if (url.port === "0") throw invalidField("url", "Enter a port from 1 to 65535.");
  // People who may read the destination see its address.
  if (schemes[transport] === undefined && url.href.includes("?")) {
    throw invalidField("url", `Enter the address without ? and a query. ${secretPlace(transport)}`);
  }
  if (schemes[transport] === undefined) return url.href.replace(/\/+$/, "");
  if (transport === "syslog" && url.port === "") {
    throw invalidField("url", "Enter the port too: 514 is usual for udp and tcp, 6514 for tls.");
  }
  if ((url.pathname !== "" && url.pathname !== "/") || url.search !== "") {
    throw invalidField("url", "Enter a host and a port, and nothing behind them.");
  }
  return `${url.protocol}//${url.host}`;
}

function secretPlace(transport: Transport): string {
  return transport === "webhook" ? "Put a secret into token or signing_key." : "Put a secret into token.";
}

function parseDirectory(text: string): string {
  if (path.isAbsolute(text) && !text.includes("\0") && text.length <= lineMax) return path.normalize(text);
  throw invalidField("directory", "Enter an absolute path, such as /var/log/ironlog.");
}

function parseCertificate(name: "ca" | "client_certificate", text: string): string {
  const all = text.length > pemMax ? null : text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  try {
    const certificates = all?.map((pem) => new X509Certificate(pem)) ?? [];
    if (certificates.length > 0) return text;
  } catch {
    // It isn't one.
  }
  throw invalidField(name, "Enter certificates as PEM, from -----BEGIN CERTIFICATE----- on.");
}

function parseLine(name: string, text: string): string {
  if (text !== "" && text.length <= lineMax && isOneLine(text)) return text;
  throw invalidField(name, `Enter one line of 1 to ${lineMax} characters.`);
}

/** A header of HTTP carries Latin-1 alone. */
function parseHeaderLine(name: string, text: string): string {
  if (/^[\x21-\x7e\xa1-\xff](?:[\x20-\x7e\xa0-\xff]*[\x21-\x7e\xa1-\xff])?$/.test(text)) return parseLine(name, text);
  throw invalidField(
    name,
    `Enter one line of 1 to ${lineMax} Latin letters, digits and signs, without a space around it.`,
  );
}

/** In Basic authentication the first colon ends the user. */
function parseUsername(text: string, transport: Transport): string {
  if (transport === "email" || !text.includes(":")) return parseLine("username", text);
  throw invalidField("username", "Enter a user without a colon: over HTTP the password begins behind it.");
}

function parseMailAddress(name: string, text: string): string {
  if (text.length <= 254 && /^[^\s@<>,;:"()[\]\\]+@[A-Za-z0-9.-]+$/.test(text)) return text;
  throw invalidField(name, "Enter an e-mail address, such as audit@example.com.");
}
