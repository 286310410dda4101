import type { Generated } from "kysely";
import { drawn, type OwnedTables } from "../database/owned-tables.ts";

/** The tables that the slice owns. */
export const scriptsTables: OwnedTables = {
  script: drawn,
  script_revision: drawn,
};

declare module "../database/tables.ts" {
  interface DomainTables {
    script: ScriptTable;
    script_revision: ScriptRevisionTable;
  }
}

export interface ScriptTable {
  id: Generated<number>;
  name: string;
  title: string;
  description: string;
  /** JSON of a list of texts; so is `for_hardware`. */
  tags: string;
  /** As MAAS numbers them; so are the hardware type and the parallelism. */
  script_type: number;
  hardware_type: number;
  parallel: number;
  /** JSON; so are results and parameters. */
  packages: string;
  timeout_seconds: number;
  destructive: number;
  for_hardware: string;
  may_reboot: number;
  recommission: number;
  apply_configured_networking: number;
  results: string;
  parameters: string;
  created: number;
  updated: number;
}

/** A version of a script's text. The newest one counts; going back deletes those that are newer. */
export interface ScriptRevisionTable {
  /** Never given twice, not even after a deletion: events name it. */
  id: Generated<number>;
  script_id: number;
  content: string;
  size_bytes: number;
  comment: string | null;
  created: number;
}
