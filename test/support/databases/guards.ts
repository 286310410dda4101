import type { TestServer } from "../server.ts";

/**
 * Takes the database's guards off a table, so that a test can make a past that it can't wait for. Gives what puts them back:
 * without them no server starts.
 */
export async function takeGuardsOff(
  server: TestServer,
  table: "event" | "session" | "session_ended_by_password" | "setting",
): Promise<() => Promise<void>> {
  if (server.kind === "postgres") {
    await server.meddle(`alter table ${table} disable trigger user`);
    return async () => void (await server.meddle(`alter table ${table} enable trigger user`));
  }
  const triggers = await server.meddle(
    `select name, sql from sqlite_master where type = 'trigger' and tbl_name = '${table}'`,
  );
  for (const { name } of triggers) await server.meddle(`drop trigger "${String(name)}"`);
  return async () => {
    for (const { sql } of triggers) await server.meddle(String(sql));
  };
}
