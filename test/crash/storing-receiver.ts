import { appendFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Socket } from "node:net";
import { type Arrived, eventInSyslog, eventsInRequest } from "../support/forwarding/arrived.ts";
import { splitSyslog } from "../support/receivers/syslog-receiver.ts";

// A receiver that is killed: syslog over TCP, or webhooks. It stores what it reads at once, and acknowledges nothing else; what it
// stored stays when it is killed. It kills itself, between two pieces of its work, when it is told to: killed between reading and
// storing, a receiver of syslog looks like one that closes in order, whoever sends, since the system closes its connections. That
// gap of the protocol isn't what is tested here.

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

function takeSyslog(socket: Socket): void {
  let rest = Buffer.alloc(0);
  socket.on("error", () => undefined);
  socket.on("data", (chunk: Buffer) => {
    const bytes = Buffer.concat([rest, chunk]);
    const end = wholeMessages(bytes);
    rest = bytes.subarray(end);
    store(splitSyslog(bytes.subarray(0, end), "octet-counting").map((message) => eventInSyslog(message, "syslog")));
  });
  socket.on("end", () => (rest.length === 0 ? socket.end() : socket.resetAndDestroy()));
}

/** Where the last message ends that is there to its end. */
function wholeMessages(bytes: Buffer): number {
  for (let end = 0; ;) {
    const blank = bytes.indexOf(" ", end);
    const next = blank + 1 + Number(bytes.subarray(end, blank).toString());
    if (blank < 0 || next > bytes.length) return end;
    end = next;
  }
}

const server =
  transport === "syslog"
    ? createServer({ allowHalfOpen: true }, takeSyslog)
    : createHttpServer((request, response) =>
        readAll(request, (body) => {
          store(eventsInRequest("webhook", "json", body));
          response.writeHead(204).end();
        }),
      );
process.on("SIGUSR2", () => process.kill(process.pid, "SIGKILL"));
server.listen(Number(port), "127.0.0.1", () => process.stdout.write("listening\n"));
