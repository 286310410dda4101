import type { SchemaPart } from "./building-blocks.ts";

/** Rules, what they have raised, and what they remember of events. */
export const alerting: SchemaPart = {
  audited: { rule: ["id"], alert: ["id"] },
  tables: ({ serial, integer, strict }) => [
    `create table rule (
      id ${serial},
      name text not null unique,
      title text not null,
      kind text not null check (kind in ('threshold', 'absence', 'first')),
      severity text not null check (severity in ('low', 'medium', 'high', 'critical')),
      filter text not null,
      exclude text not null,
      count ${integer},
      window_seconds ${integer},
      group_by text not null,
      quiet_seconds ${integer} not null,
      destinations text not null,
      is_enabled ${integer} not null check (is_enabled in (0, 1)),
      created ${integer} not null,
      updated ${integer} not null
    ) ${strict}`,
    `create table alert (
      id ${serial},
      rule text not null,
      group_key text not null,
      last_id ${integer} not null,
      event_id ${integer} not null unique,
      severity text not null,
      raised ${integer} not null,
      acknowledged ${integer},
      acknowledged_by text,
      unique (rule, group_key, last_id)
    ) ${strict}`,
    `create index alert_open on alert (id) where acknowledged is null`,
    // Of one group of events by a rule: what has come lately, when something came last, when the rule spoke last.
    `create table rule_state (
      rule text not null,
      group_key text not null,
      ring text not null,
      seen_at ${integer} not null,
      raised_at ${integer},
      longest ${integer},
      primary key (rule, group_key)
    ) ${strict}`,
    `create index rule_state_seen on rule_state (rule, seen_at)`,
  ],
};
