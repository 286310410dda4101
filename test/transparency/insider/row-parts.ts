import { randomBytes } from "node:crypto";
import { machineActor } from "../../../src/audit/actor.ts";
import { draftEvent } from "../../../src/audit/event-draft.ts";
import { growLog } from "../../../src/audit/growth.ts";
import { auditedTables } from "../../../src/database/migrations/0001-schema.ts";
import { Findings } from "../../../src/transparency/verification/verification-report.ts";
import { appendStatements } from "../append-by-sql.ts";
import { verdictOf } from "../../../src/transparency/verdicts/verdict.ts";
import { recordVerdict } from "../../../src/transparency/verdicts/verify-actions.ts";
import { canonicalJson } from "../../../src/verifiable-log/canonical-json.ts";
import { imageOf, rowDigest, rowKey } from "../../../src/verifiable-log/row-digest.ts";
import { type Draw, changedTables, drawMutation, literal, otherText, pick, type Row } from "../mutations.ts";
import type { Part, Role, Stored } from "./part.ts";
import { drawStateMutation, stateTables } from "./state-mutations.ts";

// Manipulations of rows by SQL: of events and the tree, of what authorises, of verdicts; appended events; rows that are used.

/** Any row of any table. PostgreSQL's serving role opens an action for it and appends the event that the guards ask for. */
export function drawRowPart(draw: Draw, stored: Stored): Part {
  const { kind, rows, state } = stored;
  const { what, statements } =
    draw(2) === 0 ? drawMutation(draw(2 ** 31), rows, kind) : drawStateMutation(draw, state, kind);
  return rowPart(drawRole(draw, stored), what, statements, stored);
}

/** A verdict that says something else, or nothing any more. */
export function drawVerdictPart(draw: Draw, stored: Stored): Part {
  const { kind, rows } = stored;
  const { id, ...row } = pick(
    draw,
    rows.event.filter(({ action }) => action === "log.verify"),
  );
  const column = pick(draw, ["outcome", "description", "details", "created", "action", "source"] as const);
  const fresh = {
    outcome: row["outcome"] === "success" ? "failure" : "success",
    description: "Verified 7 events: no fault.",
    details: String(row["details"]).replace(/"(?:damaged|intact)"/, (verdict) =>
      verdict === '"intact"' ? '"damaged"' : '"intact"',
    ),
    created: Number(row["created"]) + 86_400_000_000,
    action: "log.verified",
    source: "external",
  }[column];
  const set = `${column} = ${literal(fresh, kind)}`;
  const statement =
    draw(6) === 0 ? `delete from event where id = ${String(id)}` : `update event set ${set} where id = ${String(id)}`;
  return rowPart(drawRole(draw, stored), `of verdicts: ${statement}`, [statement], stored);
}

/** An event that is right in everything but the head's code, which needs the append key; with it a row that it states. */
export function drawAppendPart(draw: Draw, stored: Stored): Part {
  const { what, statements } = forgedAppend(draw, stored, draw(2) === 0 ? drawStatedChange(draw, stored) : undefined);
  return rowPart(drawRole(draw, stored), what, statements, stored);
}

/** What is used and then undone: nothing of the change is left but what its use has left. */
export function drawUsedPart(draw: Draw, stored: Stored): Part {
  return draw(3) === 0 ? drawOlderPart(draw, stored) : drawOtherPart(draw, stored);
}

/** A row that lets somebody in, as it once was, with the code that it bore. */
function drawOlderPart(draw: Draw, stored: Stored): Part {
  const { kind, state, earlier } = stored;
  const beside = (rows: Stored["state"], table: string, key: string): Row | undefined =>
    rows["row_mac"]?.find((mac) => mac["table_name"] === table && mac["key"] === key);
  const older = ["user", "session", "token"].flatMap((table) =>
    (earlier[table] ?? []).flatMap((row) => {
      const key = rowKey(imageOf(row), keysOf(table));
      const mac = beside(earlier, table, key);
      const newest = beside(state, table, key);
      return mac === undefined || mac["event_id"] === newest?.["event_id"] ? [] : [{ table, key, row, mac, newest }];
    }),
  );
  const { table, key, row, mac, newest } = pick(draw, older);
  const now = state[table]?.find((one) => rowKey(imageOf(one), keysOf(table)) === key);
  return {
    what: `${table} ${key} was as event ${String(mac["event_id"])} had left it, with its code`,
    role: kind === "sqlite" ? "table owner" : pick(draw, ["table owner", "file owner"] as const),
    statements: [replaced(table, row, now, kind), replaced("row_mac", mac, newest, kind)],
    undo: [replaced(table, now, row, kind), replaced("row_mac", newest, mac, kind)],
    use: { table, key, how: "trusted" },
  };
}

/** Puts a row in the place of another one with the same key. */
function replaced(table: string, row: Row | undefined, other: Row | undefined, kind: Stored["kind"]): string {
  if (row === undefined) return `delete from "${table}" where ${placeOf(table, other ?? {}, kind)}`;
  if (other === undefined) return inserted(table, row, kind);
  const set = Object.entries(row)
    .filter(([name]) => !keysOf(table).includes(name))
    .map(([name, value]) => `"${name}" = ${literal(value, kind)}`);
  return `update "${table}" set ${set.join(", ")} where ${placeOf(table, row, kind)}`;
}

function drawOtherPart(draw: Draw, stored: Stored): Part {
  const { kind, state } = stored;
  const isTrusted = draw(2) === 0;
  // Nobody's actions change the identity and where the log has moved to.
  const changed = Object.keys(auditedTables).filter((table) => !table.startsWith("log_"));
  const tables = (isTrusted ? ["user", "session", "token"] : changed).filter((table) => state[table]?.length);
  const table = pick(draw, tables);
  const row = pick(draw, state[table] ?? []);
  const columns = Object.keys(row).filter((name) => !keysOf(table).includes(name));
  const texts = columns.filter((name) => typeof row[name] === "string" && !/^(?:type|status)$/.test(name));
  const column = texts.length === 0 ? pick(draw, columns) : pick(draw, texts);
  const old = row[column] ?? null;
  let fresh = old;
  while (fresh === old) fresh = typeof old === "string" ? otherText(draw, old, "postgres") : 1 - Number(old);
  const set = (value: typeof old): string =>
    `update "${table}" set "${column}" = ${literal(value, kind)} where ${placeOf(table, row, kind)}`;
  const how = isTrusted ? "trusted" : "changed";
  return {
    what: `${table}.${column} of ${placeOf(table, row, kind)} was ${String(fresh)} while it was ${how}`,
    role: stored.kind === "sqlite" ? "table owner" : pick(draw, ["table owner", "file owner"] as const),
    statements: [set(fresh)],
    undo: [set(old)],
    use: { table, key: rowKey(imageOf(row), keysOf(table)), how, column },
  };
}

const rolesOf = {
  sqlite: ["file owner", "table owner"],
  postgres: ["file owner", "table owner", "serving role"],
} as const;

function drawRole(draw: Draw, { kind }: Stored): Role {
  return pick<Role>(draw, rolesOf[kind]);
}

function rowPart(role: Role, what: string, statements: readonly string[], stored: Stored): Part {
  const isAppended = statements.some((statement) => statement.startsWith("insert into event ("));
  const asServer = (): readonly string[] => [
    `select set_config('ironlog.event_id', '${Number(stored.rows.log_head[0]?.["last_event_id"]) + 1}', true)`,
    ...statements,
    ...(isAppended ? [] : forgedAppend(() => 0, stored, undefined).statements),
  ];
  const made = role === "serving role" ? asServer() : statements;
  return { what, role, statements: made, undo: restored(made, stored) };
}

/** The rows of the changed tables as they were. */
function restored(statements: readonly string[], { kind, rows, state, sequences }: Stored): readonly string[] {
  const changed = statements.flatMap(
    (statement) => /^(?:update|delete from|insert into) "?(\w+)"?/.exec(statement)?.[1] ?? [],
  );
  const all: Readonly<Record<string, readonly Row[]>> = { ...rows, ...state };
  return [...new Set(changed)]
    .flatMap((table) => {
      if (table === "sqlite_sequence") {
        return [...sequences].map(([name, last]) => `update sqlite_sequence set seq = ${last} where name = '${name}'`);
      }
      return [`delete from "${table}"`, ...(all[table] ?? []).map((row) => inserted(table, row, kind))];
    })
    .concat(
      kind === "postgres"
        ? [...sequences].map(([name, last]) => `select setval(pg_get_serial_sequence('"${name}"', 'id'), ${last})`)
        : [],
    );
}

function inserted(table: string, row: Row, kind: Stored["kind"]): string {
  const columns = Object.keys(row).map((column) => `"${column}"`);
  return `insert into "${table}" (${columns.join(", ")}) values (${Object.values(row)
    .map((value) => literal(value, kind))
    .join(", ")})`;
}

interface StatedChange {
  readonly what: string;
  readonly statements: (event: number) => readonly string[];
  /** What an event says of it. */
  readonly text: string;
}

/** A row that is changed with all that can be made without the key: the salt of its digests is there to read. */
function drawStatedChange(draw: Draw, { kind, state }: Stored): StatedChange {
  const table = pick(
    draw,
    ["user", "token", "session"].filter((name) => (state[name]?.length ?? 0) > 0),
  );
  const row = pick(draw, state[table] ?? []);
  const column = { user: "is_superuser", token: "user_id", session: "user_id" }[table] ?? "";
  const fresh = table === "user" ? 1 - Number(row[column]) : Number(row[column]) + 1;
  const key = rowKey(imageOf(row), keysOf(table));
  const beside = state["row_mac"]?.find((mac) => mac["table_name"] === table && mac["key"] === key);
  const salt = beside?.["salt"] as Uint8Array;
  const digest = (image: Row): string => rowDigest(salt, table, imageOf(image)).toString("base64");
  return {
    what: `states ${table} ${key} with ${column} ${fresh}`,
    statements: (event) => [
      `update "${table}" set ${column} = ${fresh} where ${placeOf(table, row, kind)}`,
      `update row_mac set event_id = ${event}, mac = ${literal(randomBytes(32), kind)} where table_name = '${table}' and key = '${key}'`,
    ],
    text: canonicalJson([[table, key, digest(row), digest({ ...row, [column]: fresh })]]),
  };
}

function forgedAppend(
  draw: Draw,
  { kind, rows }: Stored,
  change: StatedChange | undefined,
): { readonly what: string; readonly statements: readonly string[] } {
  const [head] = rows.log_head;
  const [size, created] = [Number(head?.["last_event_id"]), Number(head?.["last_created"])];
  const before = { last_event_id: size, last_created: created, frontier: head?.["frontier"] as Uint8Array };
  const verdict = verdictOf(new Findings().report(), 7);
  const machine = machineActor("root");
  const draft =
    draw(2) === 0
      ? draftEvent("user.permission.change", { username: "bob", isSuperuser: true, was: "user" })
      : recordVerdict.events(verdict, verdict, machine)[0];
  const grown = growLog(before, created + pick(draw, [1, 0, -3_600_000_000]), [
    { draft, actor: machine, ...(change !== undefined && { state: change.text }) },
  ]);
  const mac = pick(draw, ["mac", "null", literal(randomBytes(32), kind)]);
  return {
    what: `event ${size + 1}, ${draft.action}, was appended with the head's code as ${mac.slice(0, 8)}${change === undefined ? "" : ` and ${change.what}`}`,
    statements: [...(change?.statements(size + 1) ?? []), ...appendStatements(grown, mac, kind)],
  };
}

const keysOf = (table: string): readonly string[] => stateTables[table] ?? changedTables[table as "event"] ?? [];

function placeOf(table: string, row: Row, kind: Stored["kind"]): string {
  return keysOf(table)
    .map((key) => `"${key}" = ${literal(row[key] ?? null, kind)}`)
    .join(" and ");
}
