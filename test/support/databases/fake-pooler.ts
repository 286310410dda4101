import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** What stands between a client and PostgreSQL, on a port of its own. */
export interface FakePooler extends AsyncDisposable {
  /** The URL of the database, through the pooler. */
  readonly url: string;
}

/**
 * A pooler as PgBouncer is one, which lends its connections for a session or for one transaction each. It refuses `options` in
 * a client's first message, and makes its own process numbers up. The cluster must trust its users.
 */
export async function startPooler(databaseUrl: string, mode: "session" | "transaction"): Promise<FakePooler> {
  const { port, username, pathname } = new URL(databaseUrl);
  const startup = startupMessage({ user: username, database: pathname.slice(1) });
  const sockets = new Set<Socket>();
  const backends: Backend[] = [];
  const lend = async (): Promise<Backend> => {
    const free = mode === "transaction" ? backends.findLast((backend) => backend.isFree()) : undefined;
    if (free !== undefined) return free;
    const socket = connect({ port: Number(port), host: "127.0.0.1", noDelay: true });
    sockets.add(socket);
    await once(socket, "connect");
    const backend = new Backend(socket, mode);
    backends.push(backend);
    await backend.start(startup);
    return backend;
  };
  const server = createServer({ noDelay: true }, (client) => {
    sockets.add(client);
    client.on("error", () => {});
    void serveClient(client, lend);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.toString(),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** One connection to PostgreSQL, and who has it. */
class Backend {
  readonly #socket: Socket;
  readonly #mode: "session" | "transaction";
  #borrower: Socket | undefined;
  /** Answers that end with "ready" and are still to come. */
  #owed = 0;
  #ready: (() => void) | undefined;

  constructor(socket: Socket, mode: "session" | "transaction") {
    this.#socket = socket;
    this.#mode = mode;
    socket.on("error", () => {});
    const parse = messages((type, body, whole) => {
      this.#borrower?.write(whole);
      if (type !== "Z") return;
      this.#ready?.();
      this.#owed -= 1;
      if (this.#mode === "transaction" && this.#owed <= 0 && body.toString() === "I") this.#borrower = undefined;
    });
    socket.on("data", parse);
  }

  async start(startup: Buffer): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ready = resolve;
    this.#owed = 1;
    this.#socket.write(startup);
    await promise;
  }

  isFree(): boolean {
    return this.#borrower === undefined;
  }

  isLentTo(client: Socket): boolean {
    return this.#borrower === client;
  }

  send(client: Socket, type: string, message: Buffer): void {
    this.#borrower = client;
    if (type === "Q" || type === "S") this.#owed += 1;
    this.#socket.write(message);
  }
}

async function serveClient(client: Socket, lend: () => Promise<Backend>): Promise<void> {
  let backend: Backend | undefined;
  let isStarted = false;
  let work = Promise.resolve();
  const forward = async (type: string, whole: Buffer): Promise<void> => {
    if (backend?.isLentTo(client) !== true) backend = await lend();
    backend.send(client, type, whole);
  };
  const parse = messages((type, _body, whole) => {
    if (type === "X") client.end();
    else work = work.then(() => forward(type, whole));
  });
  client.on("data", (chunk: Buffer) => {
    if (isStarted) return parse(chunk);
    isStarted = true;
    if (chunk.includes("options\0")) {
      const fault = "SFATAL\0C08P01\0Munsupported startup parameter: options\0\0";
      client.end(message("E", Buffer.from(fault)));
      return;
    }
    const parameters = ["server_version\x0016.0\0", "client_encoding\0UTF8\0"].map((one) =>
      message("S", Buffer.from(one)),
    );
    const key = Buffer.alloc(8, 7);
    client.write(
      Buffer.concat([message("R", Buffer.alloc(4)), ...parameters, message("K", key), message("Z", Buffer.from("I"))]),
    );
  });
}

/** Cuts a stream into PostgreSQL's messages: a letter, a length, and the rest. */
function messages(take: (type: string, body: Buffer, whole: Buffer) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length >= rest.readInt32BE(1) + 1) {
      const whole = rest.subarray(0, rest.readInt32BE(1) + 1);
      rest = rest.subarray(whole.length);
      take(String.fromCharCode(whole[0] ?? 0), whole.subarray(5), whole);
    }
  };
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5, type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function startupMessage(parameters: Readonly<Record<string, string>>): Buffer {
  const text = Object.entries(parameters)
    .map(([name, value]) => `${name}\0${value}\0`)
    .join("");
  const head = Buffer.alloc(8);
  head.writeInt32BE(text.length + 9, 0);
  head.writeInt32BE(196_608, 4);
  return Buffer.concat([head, Buffer.from(`${text}\0`)]);
}
