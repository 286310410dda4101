import type { PlainEvent } from "../../database/event-columns.ts";
import type { Rule, RuleSettings, ShippedPart } from "./rule.ts";

const minute = 60;
const day = 86_400;

/** Rules that come with Ironlog, on and without destinations until somebody gives them some. */
export const shippedRules: readonly Rule[] = [
  threshold("failed-logins-of-account", "Failed logins of one account", {
    filter: ["action:auth.login.failure", "action:auth.login.blocked", "action:auth.key.failure"],
    severity: "high",
    count: 5,
    windowSeconds: 10 * minute,
    groupBy: ["user"],
  }),
  threshold("failed-logins-from-address", "Failed logins from one address", {
    filter: ["action:auth.login.failure", "action:auth.login.blocked", "action:auth.key.failure"],
    severity: "high",
    count: 20,
    windowSeconds: 10 * minute,
    groupBy: ["ip"],
  }),
  threshold(
    "new-administrator",
    "Somebody became an administrator",
    {
      filter: ["source:ironlog", "action:user.create", "action:user.permission.change"],
      severity: "high",
      groupBy: ["target"],
    },
    { isMeant: becameAdministrator },
  ),
  threshold("failed-verification", "The last check of the log failed", {
    filter: ["source:ironlog", "action:log.verify", "outcome:failure"],
    severity: "critical",
  }),
  absence(
    "no-verification",
    "The log wasn't checked for three intervals",
    { filter: ["source:ironlog", "action:log.verify"], severity: "critical" },
    { isOfVerifications: true },
  ),
  threshold("signing-stopped", "Signing stopped", {
    filter: ["source:ironlog", "action:log.sign.stop"],
    severity: "critical",
  }),
  threshold("destination-stalled", "A destination stalled", {
    filter: ["source:ironlog", "action:delivery.stall"],
    severity: "high",
    groupBy: ["target"],
  }),
  threshold("events-refused", "A destination refuses events for good", {
    filter: ["source:ironlog", "action:delivery.reject"],
    severity: "medium",
    groupBy: ["target"],
    quietSeconds: 60 * minute,
  }),
  {
    ...common("administrator-from-new-address", "An administrator logged in from a new address"),
    kind: "first",
    severity: "medium",
    filter: ["source:ironlog", "action:auth.login"],
    groupBy: ["user", "ip"],
    quietSeconds: 0,
    shipped: { isMeant: isAdministratorsLogin },
  },
  threshold(
    "deleted-key-used",
    "An API key was used after its deletion",
    { filter: ["source:ironlog", "action:token.refuse"], severity: "high", groupBy: ["target"] },
    { isMeant: ({ details }) => detailsOf(details)["reason"] === "deleted" },
  ),
  absence(
    "quiet-log",
    "Nobody has done anything for a day, for the first time",
    { filter: [], severity: "medium" },
    // What the machine records by itself goes on for as long as it runs.
    { isFirstTimeOnly: true, isMeant: ({ username, ip }) => username !== null || ip !== null },
  ),
];

function common(name: string, title: string): Omit<Rule, "kind" | "severity" | "filter" | "groupBy" | "quietSeconds"> {
  return {
    name,
    title,
    exclude: [],
    count: null,
    windowSeconds: null,
    destinations: [],
    isEnabled: true,
    id: null,
    shipped: {},
    created: 0,
    updated: 0,
  };
}

type Given = Pick<RuleSettings, "filter" | "severity"> & Partial<RuleSettings>;

function threshold(name: string, title: string, given: Given, shipped: ShippedPart = {}): Rule {
  const once = { count: 1, windowSeconds: minute, groupBy: [], quietSeconds: 10 * minute };
  return { ...common(name, title), kind: "threshold", ...once, ...given, shipped };
}

function absence(name: string, title: string, given: Given, shipped: ShippedPart): Rule {
  const aDay = { windowSeconds: day, groupBy: [], quietSeconds: 0 };
  return { ...common(name, title), kind: "absence", ...aDay, ...given, shipped };
}

/** The first account of all comes with the installation. */
function becameAdministrator({ action, details, target_id: id }: PlainEvent): boolean {
  const { is_superuser: isSuperuser } = detailsOf(details);
  return action === "user.create"
    ? isSuperuser === true && id !== "1"
    : (isSuperuser as { new?: unknown } | undefined)?.new === true;
}

function isAdministratorsLogin({ details }: PlainEvent): boolean {
  return detailsOf(details)["role"] === "admin";
}

function detailsOf(details: string | null): Readonly<Record<string, unknown>> {
  return details === null ? {} : (JSON.parse(details) as Readonly<Record<string, unknown>>);
}
