import path from "node:path";
import { postgresAt, sqliteAt } from "./locations.ts";
import pg from "pg";
import { openDatabase } from "../../../src/database/opening.ts";

/** Makes a migrated database in a cluster, from which others are copied. Gives its name. */
export async function makeTemplate(clusterUrl: string): Promise<string> {
  const name = `template_${process.pid}`;
  const client = new pg.Client({ connectionString: clusterUrl });
  await client.connect();
  try {
    await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  const url = clusterUrl.replace(/\/postgres$/, `/${name}`);
  await (await openDatabase(postgresAt(url)))[Symbol.asyncDispose]();
  return name;
}

/** The same as a file of SQLite in a folder. Gives the file. */
export async function makeTemplateFile(folder: string): Promise<string> {
  const file = path.join(folder, "template.db");
  await (await openDatabase(sqliteAt(file)))[Symbol.asyncDispose]();
  return file;
}
