import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import type { TestServer } from "../server.ts";

/** Something that may hold what it shouldn't. */
export interface Holder {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Each file of the data directory, and each value of a PostgreSQL database. */
export async function storageOf(server: TestServer): Promise<readonly Holder[]> {
  const at = server.databaseArgs.indexOf("--database");
  const url = at < 0 ? undefined : server.databaseArgs[at + 1];
  return [...filesIn(server.data), ...(url === undefined ? [] : await valuesIn(url))];
}

function filesIn(folder: string): readonly Holder[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    .filter((file) => existsSync(file) && statSync(file).isFile())
    .map((file) => ({ name: file, bytes: readFileSync(file) }));
}

async function valuesIn(url: string): Promise<readonly Holder[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const holders: Holder[] = [];
    const tables = await client.query<{ table_schema: string; table_name: string }>(
      "select table_schema, table_name from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema')",
    );
    for (const { table_schema, table_name } of tables.rows) {
      const rows = await client.query<Record<string, unknown>>(`select * from "${table_schema}"."${table_name}"`);
      for (const row of rows.rows) {
        for (const [column, value] of Object.entries(row)) {
          const bytes = Buffer.isBuffer(value)
            ? value
            : Buffer.from(typeof value === "string" ? value : JSON.stringify(value ?? null));
          holders.push({ name: `${table_name}.${column}`, bytes });
        }
      }
    }
    return holders;
  } finally {
    await client.end();
  }
}

/** Keeps what this process writes to its output and its errors from now on, on its way there. */
export function keepOutput(): { readonly written: Buffer } {
  const chunks: Buffer[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (...given: unknown[]) => boolean;
    stream.write = (chunk: string | Uint8Array, ...more: unknown[]) => {
      chunks.push(Buffer.from(chunk as Uint8Array));
      return write(chunk, ...more);
    };
  }
  return {
    get written() {
      return Buffer.concat(chunks);
    },
  };
}

/** Where a secret is found: as it is, in hexadecimal, in base64, percent-encoded, or as the bytes that it spells. */
export function findLeaks(secrets: Readonly<Record<string, string>>, holders: readonly Holder[]): readonly string[] {
  const leaks: string[] = [];
  for (const [name, secret] of Object.entries(secrets)) {
    const forms = formsOf(secret);
    for (const holder of holders) {
      if (forms.some((form) => holder.bytes.includes(form))) leaks.push(`${name} in ${holder.name}`);
    }
  }
  return leaks;
}

function formsOf(secret: string): readonly Buffer[] {
  const bytes = Buffer.from(secret);
  const spelled = /^[\w-]{32,}$/.test(secret) ? [Buffer.from(secret, "base64url"), Buffer.from(secret, "hex")] : [];
  return [
    bytes,
    Buffer.from(bytes.toString("hex")),
    Buffer.from(bytes.toString("base64").replace(/=+$/, "").slice(0, -1)),
    Buffer.from(encodeURIComponent(secret)),
    ...spelled.filter(({ length }) => length >= 16),
  ];
}
