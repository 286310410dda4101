import type { SchemaPart } from "./building-blocks.ts";

/** Filters of the events page that people keep. */
export const views: SchemaPart = {
  audited: { view: ["id"], default_view: ["user_id"] },
  tables: ({ serial, integer, strict }) => [
    `create table view (
      id ${serial},
      user_id ${integer} not null references "user" (id),
      name text not null,
      filter text not null,
      columns text,
      sort text not null check (sort in ('newest', 'oldest')),
      is_shared ${integer} not null check (is_shared in (0, 1)),
      created ${integer} not null,
      updated ${integer} not null,
      unique (user_id, name)
    ) ${strict}`,
    `create table default_view (
      user_id ${integer} primary key references "user" (id),
      view_id ${integer} not null references view (id)
    ) ${strict}`,
    `create index default_view_of_view on default_view (view_id)`,
  ],
};
