import type { Destination } from "./destination.ts";

// Which fields the form shows for each transport. The server refuses others; a test holds the two together.

export type Transport = Destination["transport"];
export type Format = Destination["format"];

/** What is typed or chosen as text. */
const textNames = [
  "url",
  "directory",
  "framing",
  "protocol",
  "facility",
  "record_limit",
  "enterprise_number",
  "ca",
  "server_name",
  "client_certificate",
  "index",
  "tenant",
  "username",
  "ocsf_version",
  "rotate_bytes",
  "rotate_hours",
  "from",
  "to",
] as const;
export type TextName = (typeof textNames)[number];

export type FlagName = "plain_http" | "acknowledge";
export type SecretName = "token" | "password" | "signing_key" | "client_key";
export type SettingName = TextName | FlagName | SecretName;

interface TransportFacts {
  readonly words: string;
  readonly formats: readonly Format[];
  /** What it can't be without, and what most people need. */
  readonly first: readonly SettingName[];
  /** What else there is. */
  readonly more: readonly SettingName[];
  /** What is asked for as its address. */
  readonly address: string;
}

const tls = ["ca", "server_name", "client_certificate", "client_key"] as const;

export const transports: Readonly<Record<Transport, TransportFacts>> = {
  syslog: {
    words: "Syslog",
    formats: ["syslog", "cef", "json"],
    first: ["url"],
    more: ["framing", "protocol", "facility", "record_limit", "enterprise_number", ...tls],
    address: "With its port: tls://…:6514, tcp://…:514 or udp://…:514.",
  },
  webhook: {
    words: "Webhook",
    formats: ["json", "cloudevents", "cloudevents-batch", "ocsf"],
    first: ["url", "signing_key", "token", "ocsf_version"],
    more: ["plain_http", ...tls],
    address: "Where it takes POST requests: https://….",
  },
  splunk: {
    words: "Splunk HEC",
    formats: ["json", "ecs", "ocsf"],
    first: ["url", "token", "index", "ocsf_version"],
    more: ["acknowledge", "plain_http", ...tls],
    address: "Of the HTTP Event Collector: https://…:8088.",
  },
  elasticsearch: {
    words: "Elasticsearch, OpenSearch",
    formats: ["ecs", "json", "ocsf"],
    first: ["url", "index", "token", "username", "password", "ocsf_version"],
    more: ["plain_http", ...tls],
    address: "https://…:9200.",
  },
  loki: {
    words: "Grafana Loki",
    formats: ["json", "ecs", "ocsf"],
    first: ["url", "tenant", "token", "username", "password", "ocsf_version"],
    more: ["plain_http", ...tls],
    address: "https://…:3100.",
  },
  otlp: {
    words: "OpenTelemetry (OTLP/HTTP)",
    formats: ["otlp-protobuf", "otlp-json"],
    first: ["url", "token"],
    more: ["plain_http", ...tls],
    address: "Of a collector: https://…:4318.",
  },
  file: {
    words: "Files",
    formats: ["json", "ecs", "ocsf", "cloudevents"],
    first: ["directory", "ocsf_version"],
    more: ["rotate_bytes", "rotate_hours"],
    address: "",
  },
  email: {
    words: "E-mail, for alerts",
    formats: ["text"],
    first: ["url", "from", "to", "username", "password"],
    more: ["plain_http", "ca", "server_name"],
    address: "With its port: smtp://…:587, which is encrypted by STARTTLS, or smtps://…:465.",
  },
};

// Its keys are the transports.
export const transportNames = Object.keys(transports) as readonly Transport[];

export const formatWords: Readonly<Record<Format, string>> = {
  syslog: "Syslog with structured data",
  cef: "CEF",
  json: "JSON",
  cloudevents: "CloudEvents",
  "cloudevents-batch": "CloudEvents, in batches",
  ocsf: "OCSF",
  ecs: "ECS (Elastic)",
  "otlp-protobuf": "Protocol Buffers",
  "otlp-json": "JSON",
  text: "Text",
};

type SettingKind =
  | { readonly kind: "line" | "pem" | "lines" | "flag" | "secret" | "secret-pem" }
  /** `ifEmpty` is what the server takes where nothing was given. `unit` is that in which it is shown. */
  | { readonly kind: "number"; readonly ifEmpty: number; readonly unit?: number }
  | { readonly kind: "choice"; readonly choices: readonly (readonly [value: string, words: string])[] };

type SettingFacts = SettingKind & { readonly label: string; readonly help?: string };

const mebibyte = 1_048_576;

export const settings: Readonly<Record<SettingName, SettingFacts>> = {
  url: { kind: "line", label: "Address" },
  directory: {
    kind: "line",
    label: "Directory",
    help: "An absolute path on the server, such as /var/log/ironlog. Only Ironlog may write there.",
  },
  framing: {
    kind: "choice",
    label: "Framing",
    help: "How records are told apart over TCP and TLS.",
    choices: [
      ["octet-counting", "Octet counting"],
      ["lf", "Line feeds"],
    ],
  },
  protocol: {
    kind: "choice",
    label: "Protocol",
    choices: [
      ["rfc5424", "RFC 5424"],
      ["rfc3164", "RFC 3164, for old collectors"],
    ],
  },
  facility: { kind: "number", ifEmpty: 13, label: "Facility", help: "0 to 23. Leave empty for 13, log audit." },
  record_limit: {
    kind: "number",
    ifEmpty: 8_000,
    label: "Longest record, in octets",
    help: "A longer one is cut and says so. Leave empty for 8,000, over UDP 2,048.",
  },
  enterprise_number: {
    kind: "number",
    ifEmpty: 32_473,
    label: "Enterprise number",
    help: "In the name of the structured data. Leave empty for 32473.",
  },
  ca: {
    kind: "pem",
    label: "Certificate authority",
    help: "As PEM. Needed if the system doesn't trust the receiver's certificate.",
  },
  server_name: {
    kind: "line",
    label: "Name in the receiver's certificate",
    help: "Needed if it isn't the host in the address.",
  },
  client_certificate: {
    kind: "pem",
    label: "Client certificate",
    help: "As PEM. Needed if the receiver asks for one.",
  },
  client_key: { kind: "secret-pem", label: "Key of the client certificate" },
  plain_http: {
    kind: "flag",
    label: "Allow connections that aren't encrypted",
    help: "Others on the way can read the events and the secrets.",
  },
  index: { kind: "line", label: "Index" },
  acknowledge: {
    kind: "flag",
    label: "Wait for the indexer",
    help: "An event is delivered once the indexer has acknowledged it. The token must allow it.",
  },
  tenant: { kind: "line", label: "Tenant", help: "Sent as X-Scope-OrgID. Leave empty for one tenant." },
  username: { kind: "line", label: "User name" },
  ocsf_version: {
    kind: "choice",
    label: "OCSF version",
    choices: [
      ["1.8.0", "1.8.0"],
      ["1.9.0-dev", "1.9.0 draft, with record integrity"],
    ],
  },
  rotate_bytes: {
    kind: "number",
    ifEmpty: 100 * mebibyte,
    unit: mebibyte,
    label: "New file after, in MiB",
    help: "Leave empty for 100.",
  },
  rotate_hours: { kind: "number", ifEmpty: 24, label: "New file after, in hours", help: "Leave empty for 24." },
  from: { kind: "line", label: "From", help: "The sender's address." },
  to: { kind: "lines", label: "To", help: "One address a line." },
  token: { kind: "secret", label: "Token" },
  password: { kind: "secret", label: "Password" },
  signing_key: {
    kind: "secret",
    label: "Signing key",
    help: "Of Standard Webhooks: whsec_… or whsk_….",
  },
};

/** Whether it is never shown again. */
export function isSecret(name: SettingName): name is SecretName {
  return name === "token" || name === "password" || name === "signing_key" || name === "client_key";
}

/** What the transport calls its token. */
export function tokenLabel(transport: Transport): string {
  if (transport === "splunk") return "HEC token";
  return transport === "elasticsearch" ? "API key" : "Bearer token";
}

/** All that a form of this transport and format shows. */
export function settingNames(transport: Transport, format: Format): readonly SettingName[] {
  const { first, more } = transports[transport];
  return [...first, ...more].filter((name) => isShown(name, format));
}

/** Whether it means something for the format. */
export function isShown(name: SettingName, format: Format): boolean {
  return name !== "ocsf_version" || format === "ocsf";
}
