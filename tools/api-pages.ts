import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { TObject, TSchema } from "typebox";
import { parameterDoc } from "../src/http/maas/parameters/ignored-parameters.ts";
import { commandWords, isNeeded, type MaasOperation } from "../src/http/maas/operation.ts";
import { type NativeOperation, nativePath } from "../src/http/native/operation.ts";
import { describedOperations } from "../src/operations.ts";

// Writes the reference part of each page in docs/api from the operations themselves, and the parameters that are ignored
// into docs/maas-compatibility.md: `npm run docs`. A test fails where a page and the operations differ.

const folder = path.join(import.meta.dirname, "..", "docs", "api");
const heading = "## Reference";
const compatibilityFile = path.join(folder, "..", "maas-compatibility.md");
const ignoredHeading = "## Ignored parameters";

/** Which operations each page lists, by the beginning of their paths. */
const pages: Readonly<Record<string, readonly string[]>> = {
  "accounts.md": ["api/2.0/users/", "api/2.0/account/?op=change_password", "/account", "/users"],
  "sessions.md": ["accounts/", "account/csrf/", "/session", "/users/{username}/sessions"],
  "sign-in.md": ["/sign-in", "/session/end", "/oidc-", "/account/identities", "/users/{username}/identities"],
  "tokens.md": ["api/2.0/account/", "accounts/authenticate/", "/account/tokens"],
  "nodes.md": [
    "api/2.0/nodes/",
    "api/2.0/machines/",
    "api/2.0/devices/",
    "api/2.0/rackcontrollers/",
    "api/2.0/regioncontrollers/",
    "api/2.0/zones/",
    "api/2.0/domains/",
    "api/2.0/resourcepools/",
    "api/2.0/resourcepool/",
    "api/2.0/tags/",
    "/nodes",
    "/zones",
    "/domains",
    "/pools",
    "/tags",
  ],
  "events.md": ["api/2.0/events/", "/events"],
  "keys.md": ["api/2.0/account/prefs/", "/account/ssh-keys", "/account/ssl-keys", "/users/{username}/ssh-keys"],
  "scripts.md": ["api/2.0/scripts/", "api/2.0/commissioning-scripts/", "/scripts"],
  "settings.md": ["api/2.0/maas/", "/settings"],
  "reports.md": ["/reports"],
  "log.md": ["/log"],
  "sources.md": ["/sources"],
  "destinations.md": ["/destinations"],
  "alerts.md": ["/rules", "/alerts"],
  "views.md": ["/views", "/account/default-view"],
  "server.md": ["api/2.0/version/", "/server"],
};

interface Page {
  readonly file: string;
  readonly text: string;
  readonly isCurrent: boolean;
}

/** Every page with the reference that it should have. */
export async function apiPages(): Promise<readonly Page[]> {
  const { maas, native } = await describedOperations("2.9");
  const entries = [
    ...maas.map((operation) => ({ key: maasKey(operation), lines: maasEntry(operation) })),
    ...native.map((operation) => ({ key: operation.path, lines: nativeEntry(operation) })),
  ];
  const references = Object.keys(pages).map((page) => {
    const file = path.join(folder, page);
    const now = readFileSync(file, "utf8");
    const own = entries.filter(({ key }) => pageOf(key) === page).flatMap(({ lines }) => lines);
    const text = `${now.slice(0, now.indexOf(heading)).trimEnd()}\n\n${heading}\n\n${own.join("\n").trimEnd()}\n`;
    return { file, text, isCurrent: text === now };
  });
  return [...references, compatibilityPage(maas)];
}

/** The list of what is ignored, between its heading and the next one. */
function compatibilityPage(operations: readonly MaasOperation[]): Page {
  const now = readFileSync(compatibilityFile, "utf8");
  const start = now.indexOf(ignoredHeading);
  const end = now.indexOf("\n## ", start);
  const rows = operations.flatMap((operation) => {
    const ignored = Object.entries(operation.parameters).filter(([, { ignored: why }]) => why !== undefined);
    const byReason = Map.groupBy(ignored, ([, { ignored: why = "" }]) => why);
    return [...byReason].map(([why, group]) => [
      `\`${commandWords(operation)}\``,
      group.map(([name]) => `\`${name}\``).join(", "),
      why,
    ]);
  });
  const list = table(["operation", "parameters", "why"], rows).join("\n").trimEnd();
  const text = `${now.slice(0, start)}${ignoredHeading}\n\n${ignoredIntroduction}\n\n${list}\n${now.slice(end)}`;
  return { file: compatibilityFile, text, isCurrent: text === now };
}

const ignoredIntroduction = `MAAS knows these parameters, and Ironlog has no use for them. They are accepted and neither stored nor recorded. The answer
has a header \`Warning: 299 - "NAME is ignored: …"\` for each of them. Parameters that MAAS doesn't know are ignored
without a warning, as MAAS does.`;

/** The page whose beginning fits best. */
function pageOf(key: string): string {
  const fits = Object.entries(pages).flatMap(([page, beginnings]) =>
    beginnings
      .filter((beginning) => key.startsWith(beginning))
      .map((beginning) => ({ page, length: beginning.length })),
  );
  const best = fits.toSorted((a, b) => b.length - a.length)[0];
  if (best === undefined) throw new Error(`no page in docs/api lists ${key}: add it to tools/api-pages.ts`);
  return best.page;
}

function maasKey({ path: below, op }: MaasOperation): string {
  return op === null ? below : `${below}?op=${op}`;
}

const permissions = {
  anyone: "anybody",
  user: "whoever is logged in",
  auditor: "administrators and auditors",
  administrator: "administrators",
} as const;

function maasEntry(operation: MaasOperation): readonly string[] {
  const command = operation.resource === null ? "" : ` · \`ironlog PROFILE ${commandWords(operation)}\``;
  const parameters = Object.entries(operation.parameters).map(([name, parameter]) => [
    `\`${name}\``,
    parameter.type,
    isNeeded(parameter) ? "yes" : "",
    parameterDoc(parameter),
  ]);
  return [
    `### \`${operation.method} /MAAS/${maasKey(operation)}\``,
    "",
    `For ${permissions[operation.who]}${command}`,
    "",
    ...(operation.description === "" ? [] : [operation.description, ""]),
    ...table(["parameter", "type", "required", "meaning"], parameters),
  ];
}

function nativeEntry(operation: NativeOperation): readonly string[] {
  const { status, description } = operation.answer;
  return [
    `### \`${operation.method} ${nativePath(operation)}\``,
    "",
    `${operation.summary}. For ${permissions[operation.who]}.`,
    "",
    ...(operation.description === undefined ? [] : [operation.description, ""]),
    ...fields("query", operation.query),
    ...fields("field", operation.body),
    `Answers ${status}: ${description}`,
    "",
  ];
}

function fields(title: string, schema: TObject | undefined): readonly string[] {
  if (schema === undefined) return [];
  const required: ReadonlySet<string> = new Set(schema.required ?? []);
  const rows = Object.entries<TSchema>(schema.properties).map(([name, property]) => {
    const facts = property as SchemaFacts & { readonly items?: SchemaFacts; readonly description?: string };
    const isRepeatable = title === "query" && facts.type === "array" && facts.items !== undefined;
    const type = isRepeatable ? `${typeText(facts.items ?? {})}; repeatable` : typeText(facts);
    return [`\`${name}\``, type, required.has(name) ? "yes" : "", facts.description ?? ""];
  });
  return table([title, "type", "required", "meaning"], rows);
}

interface SchemaFacts {
  readonly type?: string;
  readonly enum?: readonly string[];
}

function typeText({ type = "", enum: values }: SchemaFacts): string {
  return values === undefined ? type : values.map((value) => `\`${value}\``).join(", ");
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const cells = (row: readonly string[]): string => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [cells(header), cells(header.map(() => "---")), ...rows.map(cells), ""];
}

if (import.meta.main) {
  for (const { file, text } of await apiPages()) writeFileSync(file, text);
}
