import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { fastify } from "fastify";
import { eventColumns } from "../../src/database/event-columns.ts";
import { portOf } from "../../test/support/ports.ts";

// What `http-actions` is measured against: a bare Fastify route that inserts an event, with a durable commit for all requests that have
// arrived. It knows of no caller, no check and no hash, and the database of no trigger.

const [file = ""] = process.argv.slice(2);
const database = new DatabaseSync(file);
for (const { name } of database.prepare("select name from sqlite_schema where type = 'trigger'").all()) {
  database.exec(`drop trigger ${String(name)}`);
}
database.exec("pragma journal_mode = wal; pragma synchronous = full");
const select = database.prepare(`select ${eventColumns.join(", ")} from event order by id desc limit 1`);
select.setReturnArrays(true);
const [, ...row] = select.get() as unknown as readonly SQLInputValue[];
const insert = database.prepare(
  `insert into event (${eventColumns.join(", ")}) values (${eventColumns.map(() => "?").join(", ")})`,
);
const description = eventColumns.indexOf("description") - 1;

let id = 10_000_000;
let waiting: { readonly text: string; done(): void }[] = [];

function commit(): void {
  const batch = waiting;
  waiting = [];
  database.exec("begin immediate");
  for (const { text } of batch) {
    id += 1;
    insert.run(id, ...row.with(description, text));
  }
  database.exec("commit");
  for (const { done } of batch) done();
}

const app = fastify();
app.post<{ Body: { readonly description: string } }>("/events", (request, reply) => {
  const { promise, resolve } = Promise.withResolvers<{ readonly status: string }>();
  if (waiting.length === 0) setImmediate(commit);
  waiting.push({ text: request.body.description, done: () => resolve({ status: "recorded" }) });
  reply.code(201);
  return promise;
});
await app.listen({ host: "127.0.0.1", port: 0 });
process.stdout.write(`listening at http://127.0.0.1:${portOf(app.server.address())}\n`);
