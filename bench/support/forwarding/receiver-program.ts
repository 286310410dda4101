import { createSocket } from "node:dgram";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { portOf } from "../../../test/support/ports.ts";

// Whoever receives, as fast as can be: it reads, acknowledges, and keeps nothing. Its first line
// says where it is, and for TLS by which authority it is known.

const [, , transport = ""] = process.argv;

/** Reads all, then closes as the sender did. */
function take(socket: Socket): void {
  socket.on("error", () => undefined);
  socket.resume();
  socket.on("end", () => socket.end());
}

/** What each transport takes for an acknowledgement. */
const answers: Readonly<Record<string, (lines: number) => string>> = {
  webhook: () => "",
  splunk: () => '{"text":"Success","code":0}',
  elasticsearch: (lines) =>
    `{"items":[${Array.from({ length: lines / 2 }, () => '{"create":{"status":201}}').join(",")}]}`,
  loki: () => "",
  otlp: () => "{}",
};

const newline = 0x0a;

function countLines(chunk: Buffer): number {
  let lines = 0;
  for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) lines += 1;
  return lines;
}

function listenOverHttp(): void {
  const server = createHttpServer((request, response) => {
    let lines = 0;
    request.on("data", (chunk: Buffer) => (lines += transport === "elasticsearch" ? countLines(chunk) : 0));
    request.on("end", () => {
      const body = answers[transport]?.(lines) ?? "";
      response.writeHead(200, { "content-type": "application/json", "content-length": String(body.length) }).end(body);
    });
  });
  server.listen(0, "127.0.0.1", () => say("http", server.address()));
}

function say(scheme: string, address: AddressInfo | string | null, ca?: string): void {
  const host = scheme === "tls" ? "localhost" : "127.0.0.1";
  process.stdout.write(`${JSON.stringify({ place: `${scheme}://${host}:${portOf(address)}`, ca })}\n`);
}

async function listenOverTls(): Promise<void> {
  const { makeCertificates } = await import("../../../test/support/receivers/certificates.ts");
  const made = await makeCertificates({ skip: (why) => process.stderr.write(`${why}\n`) });
  const { certificate: cert, key } = made?.server ?? {};
  // Typed without what belongs to the connection below it.
  const options: object = { cert, key, allowHalfOpen: true };
  const server = createTlsServer(options, take);
  server.listen(0, "127.0.0.1", () => say("tls", server.address(), made?.ca));
}

if (transport === "tls") {
  await listenOverTls();
} else if (transport === "tcp") {
  const server = createServer({ allowHalfOpen: true }, take);
  server.listen(0, "127.0.0.1", () => say("tcp", server.address()));
} else if (transport === "udp") {
  const socket = createSocket("udp4");
  socket.on("message", () => undefined);
  socket.bind(0, "127.0.0.1", () => say("udp", socket.address()));
} else {
  listenOverHttp();
}
