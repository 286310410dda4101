import { mkdtempSync, rmSync } from "node:fs";
import { sqliteAt } from "../../test/support/databases/locations.ts";
import os from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { machineActor } from "../../src/audit/actor.ts";
import { committedRow } from "../../src/audit/event-row.ts";
import { perform } from "../../src/audit/perform.ts";
import { openDatabase } from "../../src/database/opening.ts";
import { AppendKeys } from "../../src/database/writing/append-keys.ts";
import { eventColumns } from "../../src/database/event-columns.ts";
import { parsePassword, PasswordHasher } from "../../src/accounts/passwords/password.ts";
import { createFirstAdministrator } from "../../src/accounts/users/user-actions.ts";
import { type ApiKeyParts, drawToken } from "../../src/tokens/token.ts";
import { type EventContents, eventGroups } from "../../src/verifiable-log/event-fields.ts";
import { saltBytes } from "../../src/verifiable-log/leaf.ts";
import { GrowingTree, tileWidth } from "../../src/verifiable-log/tree.ts";

const passwords = new PasswordHasher();

/** A data directory with an administrator, their API key, and many events. */
export interface FilledLog extends Disposable {
  readonly folder: string;
  readonly file: string;
  readonly credentials: ApiKeyParts;
}

/** The description of the event at an index, by that user. */
type Describe = (index: number, username: string) => string;

/** The user with five events, spread over the log. */
export const rareUser = "rare";
/** The node that these events are about, alone in its zone, domain and pool, and with its agent. */
export const rareNode = {
  systemId: "rare01",
  hostname: "rare-host",
  zone: "rare-zone",
  domain: "rare.example",
  pool: "rare-pool",
  agentName: "rare-agent",
  mac: "aa:bb:cc:00:00:01",
};
/** Nodes in the inventory, whatever the log's size. */
const nodeCount = 10_000;

/**
 * Fills a log behind Ironlog's back, which takes seconds instead of minutes: the rows are as wide as real ones, their
 * hashes follow from them. One user in a thousand acts at a time; `rare` has five events, and ninety are of level INFO.
 * All of them log in, unless the log is to say something else of each.
 */
export async function filledLog(events: number, describe: Describe = describeLogin): Promise<FilledLog> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "ironlog-bench-"));
  const file = path.join(folder, "ironlog.db");
  const { token, credentials } = drawToken("bench", 1);
  const open = await openDatabase(sqliteAt(file));
  const passwordHash = await passwords.hash(parsePassword("correct horse battery", "password"));
  const user = { username: "admin", email: "", lastName: "", isSuperuser: true, passwordHash, now: 1 };
  await perform(open.db, machineActor("bench"), createFirstAdministrator, { user, token });
  await open[Symbol.asyncDispose]();
  fill(file, events, describe);
  return { folder, file, credentials, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

function describeLogin(_index: number, username: string): string {
  return `User '${username}' logged in.`;
}

function fill(file: string, events: number, describe: Describe): void {
  const database = new DatabaseSync(file);
  // No journal: what fails here is thrown away.
  database.exec("pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -400000; begin immediate");
  const putBack = takeAway(database, "event");
  const {
    last_event_id: before,
    frontier,
    newest_mac: newest,
  } = database.prepare("select last_event_id, frontier, newest_mac from log_head").get() as {
    last_event_id: number;
    frontier: Uint8Array;
    newest_mac: Uint8Array;
  };
  const tree = GrowingTree.from(before, frontier);
  const insertNode = database.prepare("insert into tree_node (level, position, hash) values (?, ?, ?)");
  const insertTile = database.prepare("insert into leaf_tile (position, hashes) values (?, ?)");
  database.prepare("insert into open_action (one, event_id) values (1, ?)").run(before + 1);
  fillNodes(database);
  const insert = database.prepare(
    `insert into event (${eventColumns.join(", ")}) values (${eventColumns.map(() => "?").join(", ")})`,
  );
  const created = Date.UTC(2026, 0, 1) * 1000;
  const salts = Buffer.alloc(eventGroups.length * saltBytes, 7);
  const leaves: Uint8Array[] = [];
  for (let index = 0; index < events; index += 1) {
    const id = before + 1 + index;
    const isRare = index % Math.ceil(events / 5) === 0;
    const number = index % 1000;
    const username = isRare ? rareUser : `user${number}`;
    // As many in every log, and none of them among the newest.
    const level = index % Math.ceil(events / 100) === 50 && index < events * 0.9 ? 20 : 0;
    const contents: EventContents = {
      id,
      level,
      type: "AUTHORISATION",
      action: "auth.login",
      outcome: "success",
      source: "ironlog",
      created: created + index * 1_000_000,
      occurred: null,
      username,
      user_id: number + 2,
      ip: `10.0.${number % 250}.${index % 250}`,
      user_agent: "Python-httplib2/0.14.0 (gzip)",
      endpoint: "API",
      trace_id: id.toString(16).padStart(32, "0"),
      forwarded: null,
      reporter_id: null,
      reporter: null,
      session: null,
      key: null,
      target_kind: null,
      target_id: null,
      target_name: null,
      description: describe(index, username),
      details: null,
      node: isRare ? rareNode.systemId : null,
      hostname: isRare ? rareNode.hostname : null,
      generation: null,
      source_event_id: null,
      source_type: null,
      source_type_words: null,
      realm: null,
      realm_user_id: null,
      state: null,
    };
    const row = committedRow(contents, salts);
    leaves.push(row.leaf_hash);
    insert.run(...eventColumns.map((column) => row[column]));
    for (const node of tree.append(row.leaf_hash)) {
      insertNode.run(node.level, node.index, node.hash);
      if (node.level === 1) insertTile.run(node.index, Buffer.concat(leaves.splice(0, tileWidth)));
    }
  }
  const head = { last_event_id: tree.size, last_created: created + events * 1_000_000, frontier: tree.frontier() };
  const keys = new AppendKeys(sqliteAt(file).appendKeyFile);
  // These events change no row.
  const { key_id, mac } = keys.authenticate({ ...head, origin: null }, { mac: Buffer.from(newest) }, null);
  database
    .prepare("update log_head set last_event_id = ?, last_created = ?, frontier = ?, key_id = ?, mac = ?")
    .run(head.last_event_id, head.last_created, head.frontier, key_id, mac);
  database.exec("delete from row_change; delete from open_action");
  putBack();
  database.exec("commit; analyze; pragma journal_mode = wal");
  database.close();
}

/** Takes away a table's indexes and guards, without which it is filled in a fraction of the time. Gives what puts them back. */
function takeAway(database: DatabaseSync, table: string): () => void {
  const found = database
    .prepare("select type, name, sql from sqlite_master where tbl_name = ? and type != 'table' and sql is not null")
    .all(table) as { type: string; name: string; sql: string }[];
  for (const { type, name } of found) database.exec(`drop ${type} "${name}"`);
  return () => {
    for (const { sql } of found) database.exec(sql);
  };
}

/** An inventory of the size of a large site, all of it in the default zone, domain and pool but for the rare node. */
function fillNodes(database: DatabaseSync): void {
  database.prepare("insert into zone (name, description) values (?, '')").run(rareNode.zone);
  database.prepare("insert into domain (name, authoritative) values (?, 1)").run(rareNode.domain);
  database.prepare("insert into pool (name, description) values (?, '')").run(rareNode.pool);
  const insert = database.prepare(
    `insert into node (system_id, hostname, node_type, status, previous_status, domain_id, zone_id, pool_id, agent_name,
      owner_id, architecture, power_type, power_state, description, locked, created, updated)
     values (?, ?, 0, 4, 4, coalesce((select id from domain where name = ?), 0),
      coalesce((select id from zone where name = ?), 1), coalesce((select id from pool where name = ?), 0), ?, null, 'amd64', '',
      'off', '', 0, 1, 1)`,
  );
  const { systemId, hostname, domain, zone, pool, agentName, mac } = rareNode;
  insert.run(systemId, hostname, domain, zone, pool, agentName);
  const insertMac = database.prepare(
    "insert into node_mac (node_id, mac) values ((select id from node where system_id = ?), ?)",
  );
  insertMac.run(systemId, mac);
  for (let index = 1; index < nodeCount; index += 1) {
    insert.run(`n${index}`, `host-${index}`, "", "", "", "");
    insertMac.run(`n${index}`, `aa:bb:cc:01:${hexByte(index >> 8)}:${hexByte(index & 255)}`);
  }
}

function hexByte(value: number): string {
  return value.toString(16).padStart(2, "0");
}
