import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions, TLSSocket } from "node:tls";
import { portOf } from "../ports.ts";

/**
 * What a collector of syslog does with a connection: reads all and closes after the sender; reads nothing; reads, and stays; closes
 * or breaks off at its first bytes; closes as soon as it stands.
 */
export type SyslogBehaviour =
  | "acknowledges"
  | "reads-nothing"
  | "never-closes"
  | "closes-half-way"
  | "breaks-off"
  | "closes-at-once";

/** A collector of syslog over TCP or TLS. */
export interface SyslogReceiver extends AsyncDisposable {
  readonly port: number;
  behaviour: SyslogBehaviour;
  /** The messages of connections that ended in order, as they came. */
  readonly messages: string[];
  /** How many connections there were. */
  connections: number;
  /** Ends it as a kill does. */
  kill(): Promise<void>;
}

/** Starts a collector on this port of this machine, or a free one. */
export async function startSyslogReceiver(given: {
  readonly framing: "octet-counting" | "lf";
  readonly port?: number;
  readonly tls?: TlsOptions;
}): Promise<SyslogReceiver> {
  const open = new Set<Socket>();
  const take = (socket: Socket): void => {
    receiver.connections++;
    socket.on("error", () => undefined);
    behave(socket, receiver, given.framing);
  };
  const server: Server =
    given.tls === undefined
      ? createServer({ allowHalfOpen: true }, take)
      : createTlsServer({ ...given.tls, allowHalfOpen: true } as TlsOptions, take).on(
          "tlsClientError",
          () => undefined,
        );
  // Below TLS, and where its handshake failed.
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket)).on("error", () => undefined);
  });
  server.listen(given.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const kill = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    for (const socket of open) socket.resetAndDestroy();
    await once(server, "close");
  };
  const receiver: SyslogReceiver = {
    port: portOf(server.address()),
    behaviour: "acknowledges",
    messages: [],
    connections: 0,
    kill,
    [Symbol.asyncDispose]: kill,
  };
  return receiver;
}

function behave(socket: Socket, receiver: SyslogReceiver, framing: "octet-counting" | "lf"): void {
  const { behaviour, messages } = receiver;
  if (behaviour === "closes-at-once") return void socket.resume().end();
  if (behaviour === "reads-nothing") return void socket.pause();
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    if (behaviour === "closes-half-way") socket.end();
    if (behaviour === "breaks-off") breakOff(socket);
  });
  socket.on("end", () => {
    if (behaviour !== "acknowledges") return;
    messages.push(...splitSyslog(Buffer.concat(chunks), framing));
    socket.end();
  });
}

/** Node can't reset a connection over TLS. */
function breakOff(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

/** The messages in what came over a connection (RFC 6587). Throws where it ends in the middle of one. */
export function splitSyslog(bytes: Buffer, framing: "octet-counting" | "lf"): readonly string[] {
  const messages: string[] = [];
  let rest = bytes;
  while (rest.length > 0) {
    const mark = rest.indexOf(framing === "lf" ? "\n" : " ");
    if (mark < 0) throw new Error("the connection ended in the middle of a message");
    const start = framing === "lf" ? 0 : mark + 1;
    const end = framing === "lf" ? mark : start + Number(rest.subarray(0, mark).toString());
    if (!(end <= rest.length)) throw new Error("the connection ended in the middle of a message");
    messages.push(rest.subarray(start, end).toString());
    rest = rest.subarray(framing === "lf" ? end + 1 : end);
  }
  return messages;
}
