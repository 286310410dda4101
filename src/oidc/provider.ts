import { isSafeAddress } from "../http/safe-address.ts";
import { invalidField } from "../refusal.ts";
import { isOneLine } from "../http/request/text.ts";

/** Another system that says who somebody is, as the settings of an administrator have it. */
export interface ProviderSettings {
  /** Stands in the addresses that the provider is told, and so never changes. */
  readonly name: string;
  /** What the button says. */
  readonly title: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes: string;
  /** How accounts come: an administrator or their owner links them, or the first login creates them. */
  readonly accounts: "link" | "create";
  readonly usernameClaim: string;
  /** This one and those below: empty for none. */
  readonly roleClaim: string;
  readonly administratorValue: string;
  readonly auditorValue: string;
  readonly requiredClaim: string;
  readonly requiredValue: string;
  readonly isEnabled: boolean;
}

export interface Provider extends ProviderSettings {
  readonly id: number;
  readonly uuid: string;
  readonly hasSecret: boolean;
  readonly created: number;
  readonly updated: number;
}

/** What is changed of one; what is left out stays. Its name and issuer stay: a subject means somebody at one issuer alone. */
export type ProviderChanges = Partial<Omit<ProviderSettings, "name" | "issuer">>;

const textLengthMax = 500;

/** The name in addresses: small letters, digits and hyphens. */
export function parseProviderName(text: string): string {
  if (/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(text)) return text;
  throw invalidField("name", "Enter 1 to 40 small letters, digits and hyphens: it stands in the redirect address.");
}

/** An issuer as its provider names it, to the letter. Plain HTTP is for this machine's own addresses alone. */
export function parseIssuer(text: string): string {
  const url = URL.canParse(text) && text.length <= textLengthMax ? new URL(text) : undefined;
  const isPlain =
    url !== undefined && url.search === "" && url.hash === "" && url.username === "" && url.password === "";
  if (!isPlain || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw invalidField("issuer", "Enter the issuer's address, such as https://login.example.com, without ? and #.");
  }
  if (isSafeAddress(url)) return text;
  throw invalidField("issuer", "Enter an address with https. Only an issuer on this machine may have http.");
}

/** Reads what the fields of a provider have in common. Refuses with `invalid`, naming the field. */
export function parseProviderChanges(changes: ProviderChanges): ProviderChanges {
  const fields: readonly (readonly [string, string | undefined, "required" | "optional"])[] = [
    ["title", changes.title, "required"],
    ["client_id", changes.clientId, "required"],
    ["username_claim", changes.usernameClaim, "required"],
    ["role_claim", changes.roleClaim, "optional"],
    ["administrator_value", changes.administratorValue, "optional"],
    ["auditor_value", changes.auditorValue, "optional"],
    ["required_claim", changes.requiredClaim, "optional"],
    ["required_value", changes.requiredValue, "optional"],
  ];
  for (const [field, text, need] of fields) {
    if (text === undefined) continue;
    if (text === "" && need === "required") throw invalidField(field, "This field is required.");
    refuseUnlessLine(field, text);
  }
  if (changes.scopes !== undefined) refuseScopes(changes.scopes);
  return changes;
}

/** Claims that belong together: refuses a provider that has only one of two. */
export function refuseContradictions(provider: Omit<ProviderSettings, "name">): void {
  const { roleClaim, administratorValue, auditorValue, requiredClaim, requiredValue } = provider;
  const hasValue = administratorValue !== "" || auditorValue !== "";
  if (roleClaim === "" && hasValue) {
    throw invalidField("role_claim", "Enter the claim that holds the roles, or leave its values empty too.");
  }
  if (roleClaim !== "" && !hasValue) {
    throw invalidField(
      "administrator_value",
      "Enter which value of the role claim makes an administrator or an auditor.",
    );
  }
  if (administratorValue !== "" && administratorValue === auditorValue) {
    throw invalidField("auditor_value", "Enter another value than for administrators.");
  }
  if ((requiredClaim === "") !== (requiredValue === "")) {
    throw invalidField("required_claim", "Enter both the required claim and its value, or neither.");
  }
}

/** A new secret of the client. Never to be shown again. */
export function parseClientSecret(text: string): string {
  refuseUnlessLine("client_secret", text);
  return text;
}

function refuseScopes(scopes: string): void {
  const words = scopes.split(" ");
  if (words.includes("openid") && words.every((word) => /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/.test(word))) return;
  throw invalidField("scopes", "Enter scopes separated by single blanks, openid among them.");
}

function refuseUnlessLine(field: string, text: string): void {
  if (isOneLine(text) && text.length <= textLengthMax && text === text.trim()) return;
  throw invalidField(field, `Enter one line of at most ${textLengthMax} characters, without blanks around it.`);
}

/** Where a provider sends browsers back to: its redirect URI. */
export function callbackAddress(baseUrl: string, provider: string): string {
  return `${baseUrl}/oidc/${provider}/callback`;
}
