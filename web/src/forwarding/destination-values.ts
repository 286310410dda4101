import { parseFilterPairs, printFilterPairs } from "../events/filter/filter-pairs.ts";
import { InvalidField } from "../page/forms/invalid-field.ts";
import type { Destination } from "./destination.ts";
import {
  type FlagName,
  type Format,
  isSecret,
  type SecretName,
  type SettingName,
  settingNames,
  settings,
  type TextName,
  type Transport,
  transports,
} from "./transports.ts";

/** What a form holds. Secrets are empty where they stay. */
export type DestinationValues = Readonly<Record<TextName | SecretName, string>> &
  Readonly<Record<FlagName, boolean>> & {
    readonly format: Format;
    /** In the language of the events page. */
    readonly filter: string;
    /** Secrets that are to go. */
    readonly removed: readonly SecretName[];
  };

/** A form before something is typed. */
export function emptyValues(transport: Transport): DestinationValues {
  return {
    url: "",
    directory: "",
    framing: "octet-counting",
    protocol: "rfc5424",
    facility: "",
    record_limit: "",
    enterprise_number: "",
    ca: "",
    server_name: "",
    client_certificate: "",
    index: "",
    tenant: "",
    username: "",
    ocsf_version: "1.8.0",
    rotate_bytes: "",
    rotate_hours: "",
    from: "",
    to: "",
    token: "",
    password: "",
    signing_key: "",
    client_key: "",
    plain_http: false,
    acknowledge: false,
    format: firstFormat(transport),
    filter: "",
    removed: [],
  };
}

/** What a transport sends unless told otherwise. */
export function firstFormat(transport: Transport): Format {
  return transports[transport].formats[0] ?? "json";
}

/** What a destination's form begins with. */
export function valuesOf(destination: Destination): DestinationValues {
  const { transport, format } = destination;
  const known = settingNames(transport, format).flatMap((name) => {
    const value = isSecret(name) ? undefined : destination[name];
    return value === undefined ? [] : [[name, shownValue(name, value)]];
  });
  return {
    ...emptyValues(transport),
    // By the same names.
    ...(Object.fromEntries(known) as Partial<DestinationValues>),
    format,
    filter: printFilterPairs(destination),
  };
}

function shownValue(name: SettingName, value: string | number | boolean | readonly string[]): string | boolean {
  if (typeof value === "boolean") return value;
  if (typeof value === "object") return value.join("\n");
  const facts = settings[name];
  return String(facts.kind === "number" ? Number(value) / (facts.unit ?? 1) : value);
}

type Body = Readonly<Record<string, unknown>>;

/** What differs from what there was, by the names of the API. Throws an InvalidField. */
export function changesOf(transport: Transport, values: DestinationValues, before: DestinationValues): Body {
  const { format, filter, removed } = values;
  const changed = settingNames(transport, format).filter((name) => values[name] !== before[name]);
  const secrets = [...removed, ...goneWith(values, before)].filter((name) => values[name] === "");
  return {
    ...(format !== before.format && { format }),
    ...Object.fromEntries(secrets.map((name) => [name, ""])),
    ...Object.fromEntries(changed.map((name) => [name, givenValue(name, values)])),
    ...(filter !== before.filter && pairsOf(filter)),
  };
}

/** A password without its user, and a key without its certificate, would be refused. */
function goneWith(values: DestinationValues, before: DestinationValues): readonly SecretName[] {
  const isGone = (name: "username" | "client_certificate"): boolean => before[name] !== "" && values[name] === "";
  return [
    ...(isGone("username") ? (["password"] as const) : []),
    ...(isGone("client_certificate") ? (["client_key"] as const) : []),
  ];
}

function givenValue(name: SettingName, values: DestinationValues): unknown {
  const value = values[name];
  const facts = settings[name];
  if (typeof value === "boolean" || isSecret(name)) return value;
  const text = value.trim();
  if (facts.kind === "lines") return text === "" ? [] : text.split(/\s*\n\s*/);
  if (facts.kind !== "number") return text;
  if (text === "") return name === "record_limit" && values.url.startsWith("udp:") ? 2_048 : facts.ifEmpty;
  const number = facts.unit === undefined ? Number(text) : Math.round(Number(text) * facts.unit);
  if (!Number.isSafeInteger(number)) throw new InvalidField(name, "Enter a whole number.");
  return number;
}

function pairsOf(filter: string): Body {
  const pairs = parseFilterPairs(filter);
  if ("message" in pairs) throw new InvalidField("filter", pairs.message);
  return { ...pairs };
}
