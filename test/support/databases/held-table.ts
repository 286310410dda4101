import pg from "pg";

/** Keeps everybody else from a table of a PostgreSQL, or from changing it alone, until it is disposed of: what comes to it waits there. */
export async function holdTable(
  url: string,
  table: string,
  from: "reading" | "changing" = "reading",
): Promise<AsyncDisposable> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`begin; lock table ${table} in ${from === "reading" ? "access exclusive" : "exclusive"} mode`);
  } catch (error) {
    await client.end();
    throw error;
  }
  return { [Symbol.asyncDispose]: () => client.end() };
}
