import { appendFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Socket } from "node:net";
import { type Arrived, eventInSyslog, eventsInRequest } from "../support/forwarding/arrived.ts";
import { splitSyslog } from "../support/receivers/syslog-receiver.ts";

// A receiver that is killed: syslog over TCP, or webhooks. It acknowledges what it has stored, and nothing else; what it stored stays
// when it is killed.

const [, , transport, port = "", file = ""] = process.argv;

/** One call, so that a kill leaves all of a batch or nothing. */
function store(events: readonly Arrived[]): void {
  appendFileSync(file, events.map(({ id, leafHash }) => `${id} ${leafHash}\n`).join(""));
}

function readAll(stream: NodeJS.ReadableStream, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  stream.on("error", () => undefined);
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.on("end", () => done(Buffer.concat(chunks)));
}

const takeSyslog = (socket: Socket): void =>
  readAll(socket, (bytes) => {
    store(splitSyslog(bytes, "octet-counting").map((message) => eventInSyslog(message, "syslog")));
    socket.end();
  });

const server =
  transport === "syslog"
    ? createServer({ allowHalfOpen: true }, takeSyslog)
    : createHttpServer((request, response) =>
        readAll(request, (body) => {
          store(eventsInRequest("webhook", "json", body));
          response.writeHead(204).end();
        }),
      );
server.listen(Number(port), "127.0.0.1", () => process.stdout.write("listening\n"));
