import type { Kind } from "../../support/databases/databases.ts";
import type { Rows } from "../mutations.ts";
import type { StateRows } from "./state-mutations.ts";

/** Whose rights somebody has: the files' owner, with a superuser of PostgreSQL; the tables' owner; PostgreSQL's serving role. */
export type Role = "file owner" | "table owner" | "serving role";

/** One manipulation of something that is stored. */
export interface Part {
  readonly what: string;
  readonly role: Role;
  /** SQL on rows, for which the guards are away: by right of the owner, or because it opens an action as the serving role can. */
  readonly statements?: readonly string[];
  /** SQL on the schema, with all guards there. */
  readonly schema?: readonly string[];
  /** Changes the files that belong to the log. */
  readonly files?: (folder: string) => void;
  /** Changes the bytes of the database, which nobody has open. */
  readonly bytes?: (file: string) => void;
  /** The table in whose file of PostgreSQL they stand. */
  readonly table?: string;
  /** Another state of the whole log, and which of its files come along. */
  readonly state?: { readonly name: OtherState; readonly files: readonly string[] };
  /** What takes it back. Rows are put back as they were by themselves. */
  readonly undo?: readonly string[];
  /** What an honest server does between the change and its undoing. */
  readonly use?: Use;
  /** True where the change alone has no effect on what a verification finds. */
  readonly isHarmless?: true;
  /** True where only a deep verification goes far enough. */
  readonly isDeep?: true;
}

/** An older log, or one that went on otherwise from there; both signed and authenticated by the log's own keys. */
export const otherStates = ["earlier", "forked"] as const;
export type OtherState = (typeof otherStates)[number];

/** Stands in statements for the name of PostgreSQL's database, which each copy has its own of. */
export const itsDatabase = "its_database";

/** What makes use of a row: somebody who is let in by it, or an action that changes it. */
export interface Use {
  readonly table: string;
  readonly key: string;
  readonly how: "trusted" | "changed";
  /** The column that an action sets. */
  readonly column?: string;
}

/** What a draw knows of the log. */
export interface Stored {
  readonly kind: Kind;
  readonly rows: Rows;
  readonly state: StateRows;
  /** What the same tables held earlier. */
  readonly earlier: StateRows;
  /** The last number that was drawn for the keys of each table. */
  readonly sequences: ReadonlyMap<string, number>;
  /** The texts of indexes and triggers, by name. */
  readonly definitions: ReadonlyMap<string, string>;
  /** A place with the files of the log, of an earlier state of it, and of another log. */
  readonly folders: Readonly<Record<"now" | OtherState | "stranger", string>>;
}
