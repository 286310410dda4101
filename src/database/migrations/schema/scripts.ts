import type { SchemaPart } from "./building-blocks.ts";

/** Commissioning and test scripts, with every version of their text. */
export const scripts: SchemaPart = {
  audited: { script: ["id"], script_revision: ["id"] },
  tables({ serial, integer, strict }) {
    const flag = (name: string): string => `${name} ${integer} not null check (${name} in (0, 1))`;
    return [
      `create table script (
        id ${serial},
        name text not null unique,
        title text not null,
        description text not null,
        tags text not null,
        script_type ${integer} not null,
        hardware_type ${integer} not null,
        parallel ${integer} not null,
        packages text not null,
        timeout_seconds ${integer} not null,
        ${flag("destructive")},
        for_hardware text not null,
        ${flag("may_reboot")},
        ${flag("recommission")},
        ${flag("apply_configured_networking")},
        results text not null,
        parameters text not null,
        created ${integer} not null,
        updated ${integer} not null
      ) ${strict}`,
      `create table script_revision (
        id ${serial},
        script_id ${integer} not null references script (id),
        content text not null,
        size_bytes ${integer} not null,
        comment text,
        created ${integer} not null
      ) ${strict}`,
      `create index revision_of_script on script_revision (script_id, id)`,
    ];
  },
};
