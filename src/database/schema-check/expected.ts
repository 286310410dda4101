import postgres from "./expected-postgres.json" with { type: "json" };
import sqlite from "./expected-sqlite.json" with { type: "json" };
import type { SchemaText } from "./schema.ts";

// What the migrations make, written by `npm run docs`. A test compares it with what they make now.

export const expectedSqlite: SchemaText = sqlite;
export const expectedPostgres: SchemaText = postgres;
