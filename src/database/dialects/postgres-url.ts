import { invalidField } from "../../refusal.ts";

/** What may stand behind the `?` of the URL. The rest is what Ironlog sets by itself, or what node-postgres would ignore. */
const parameters: ReadonlySet<string> = new Set([
  "application_name",
  "fallback_application_name",
  "host",
  "options",
  "password",
  "port",
  "ssl",
  "sslcert",
  "sslkey",
  "sslmode",
  "sslnegotiation",
  "sslrootcert",
  "uselibpqcompat",
  "user",
]);

/**
 * Checks a URL of PostgreSQL as somebody has given it.
 *
 * Refuses with `invalid` what is no such URL, and a parameter that would have no effect, or one that Ironlog sets.
 */
export function parsePostgresUrl(text: string): string {
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) {
    throw invalidField("--database", "--database takes a URL such as postgres://ironlog@db.example.com/ironlog.");
  }
  const { searchParams } = new URL(text);
  const surplus = [...searchParams.keys()].find((name) => !parameters.has(name));
  if (surplus !== undefined) {
    throw invalidField(
      "--database",
      `--database: '${surplus}' in the URL has no effect here: leave it out. These do: ${[...parameters].join(", ")}.`,
    );
  }
  return text;
}

/** The URL as it may be shown. */
export function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    if (parsed.password !== "") parsed.password = "********";
    parsed.search = "";
    return parsed.toString();
  } catch {
    return "the database";
  }
}
