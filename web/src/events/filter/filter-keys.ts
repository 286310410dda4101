import { nearest } from "./nearest-word.ts";
import { checkAddress } from "./values/address-value.ts";
import { isStarInside, takesBeginnings } from "./values/beginnings.ts";
import type { CheckedValue } from "./values/checked-value.ts";

// What can be filtered by. The order is that in which completion offers them.

interface Facts {
  /** The API's name for it. */
  readonly parameter: string;
  readonly aliases: readonly string[];
  /** For completion. */
  readonly about: string;
  /** All that it can be, where that is known. */
  readonly values?: readonly string[];
  readonly isTime?: true;
}

export const filterKeys = {
  user: { parameter: "owner", aliases: ["owner", "actor"], about: "who did it: a name as it was then, svc-*" },
  action: { parameter: "action", aliases: [], about: "what was done: auth.login, auth.*" },
  outcome: { parameter: "outcome", aliases: [], about: "whether it was done", values: ["success", "failure"] },
  type: {
    parameter: "type",
    aliases: [],
    about: "what it was about",
    values: ["authorisation", "settings", "node", "tag", "zones", "networking"],
  },
  level: {
    parameter: "level",
    aliases: [],
    about: "exactly this level",
    values: ["audit", "debug", "info", "warning", "error", "critical"],
  },
  node: { parameter: "node", aliases: ["machine", "hostname"], about: "system id or hostname, web-*" },
  target: { parameter: "target", aliases: [], about: "what it was done to: name, id, user/name, user/svc-*" },
  since: { parameter: "since", aliases: [], about: "from then on: 24h, today, 2026-11-23", isTime: true },
  until: { parameter: "until", aliases: [], about: "before then", isTime: true },
  ip: { parameter: "ip", aliases: ["address"], about: "the request's address, or a network: 198.51.100.0/24" },
  source: {
    parameter: "source",
    aliases: [],
    about: "Ironlog itself, another program, a mirrored MAAS",
    values: ["ironlog", "external"],
  },
  trace: { parameter: "trace_id", aliases: ["request"], about: "all of one request" },
  session: { parameter: "session", aliases: ["login"], about: "all that was done in one login" },
  key: { parameter: "key", aliases: ["api_key", "token"], about: "all that was done with an API key" },
  zone: { parameter: "zone", aliases: [], about: "nodes in this zone today" },
  pool: { parameter: "pool", aliases: [], about: "nodes in this pool today" },
  domain: { parameter: "domain", aliases: [], about: "nodes in this domain today" },
  mac: { parameter: "mac_address", aliases: ["mac_address"], about: "the node with this MAC address today" },
  agent: { parameter: "agent_name", aliases: ["agent_name"], about: "nodes allocated for this agent today" },
  text: { parameter: "text", aliases: ["words"], about: "words, as those without a name" },
} as const satisfies Readonly<Record<string, Facts>>;

export type FilterKey = keyof typeof filterKeys;

export const filterKeyNames = Object.keys(filterKeys) as readonly FilterKey[];

/** What is known of a filter. */
export function factsOf(key: FilterKey): Facts {
  return filterKeys[key];
}

/** The filter of that name or alias. */
export function findFilterKey(name: string): FilterKey | undefined {
  return filterKeyNames.find((key) => key === name || factsOf(key).aliases.includes(name));
}

/** The filter that a misspelt name may have meant. */
export function nearestFilterKey(name: string): FilterKey | undefined {
  const names = filterKeyNames.flatMap((key) => [key, ...factsOf(key).aliases]);
  return findFilterKey(nearest(name.toLowerCase(), names) ?? "");
}

/** Checks the value of any filter but the times. */
export function checkValue(key: FilterKey, text: string): CheckedValue {
  const { values } = factsOf(key);
  if (values !== undefined) return checkChoice(key, text, values);
  if (key === "ip") return checkAddress(text);
  if (key === "action" && text.includes("*") && !/^[^*]+\.\*$/.test(text)) {
    return { message: `'${text}' is not an action. A * stands at the end and behind a dot, as in auth.*` };
  }
  if (key === "mac" && !/^[\da-f]{1,4}([:.-][\da-f]{1,4}){2,5}$/i.test(text)) {
    return { message: `'${text}' is not a MAC address. Use one such as 52:54:00:12:34:56.` };
  }
  if (takesBeginnings(key) && isStarInside(text)) {
    return { message: `In '${text}' a * stands before the end. Put it at the end, or write \\* for a star itself.` };
  }
  return { value: text };
}

function checkChoice(key: FilterKey, text: string, values: readonly string[]): CheckedValue {
  const value = text.toLowerCase();
  if (values.includes(value)) return { value };
  // Other programs report types of their own, which are in capitals.
  if (key === "type" && /^[A-Z][A-Z0-9_]*\*?$/.test(text)) return { value: text };
  if (key === "type" && /^[a-z][a-z0-9_]*\*$/.test(text)) return { value: text.toUpperCase() };
  if (key === "source" && /^maas:[a-z0-9-]+$/.test(value)) return { value };
  const instead = nearest(value, values);
  const article = key === "outcome" ? "an" : "a";
  const mend =
    instead === undefined
      ? `Use ${orList(key === "source" ? [...values, "maas:NAME"] : values)}.`
      : `Did you mean ${instead}?`;
  return { message: `'${text}' is not ${article} ${key}. ${mend}`, instead };
}

function orList(words: readonly string[]): string {
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
