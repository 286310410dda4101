import pg from "pg";

/** Keeps everybody else from reading a table of a PostgreSQL until it is disposed of: what comes to it waits there. */
export async function holdTable(url: string, table: string): Promise<AsyncDisposable> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`begin; lock table ${table} in access exclusive mode`);
  } catch (error) {
    await client.end();
    throw error;
  }
  return { [Symbol.asyncDispose]: () => client.end() };
}
