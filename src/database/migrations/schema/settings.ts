import type { SchemaPart } from "./building-blocks.ts";

/** The settings that somebody has set; the others are what the program says. */
export const settings: SchemaPart = {
  audited: { setting: ["name"] },
  tables: ({ integer, strict }) => [
    `create table setting (
      name text not null primary key,
      value text not null,
      updated ${integer} not null
    ) ${strict}`,
  ],
};
