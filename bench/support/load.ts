import { connect, type Socket } from "node:net";
import { once } from "node:events";

/** What one round of requests showed. */
export interface Load {
  readonly requestsPerSecond: number;
}

/**
 * Sends requests over kept-alive connections for a while, one at a time on each, and counts the answers.
 *
 * Over bare sockets: a client that is slower than the server would measure itself. Throws at an answer that says no.
 */
export async function load(port: number, request: () => string, durationMs: number, connections = 16): Promise<Load> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  const start = performance.now();
  const until = start + durationMs;
  const counts = await Promise.all(
    sockets.map((socket) => keepAsking(socket, request, () => performance.now() < until)),
  );
  const seconds = (performance.now() - start) / 1000;
  for (const socket of sockets) socket.destroy();
  return { requestsPerSecond: counts.reduce((sum, count) => sum + count, 0) / seconds };
}

/** Sends so many requests over two connections. */
export async function loadTimes(port: number, request: () => string, times: number): Promise<void> {
  let left = times;
  const sockets = await Promise.all([open(port), open(port)]);
  await Promise.all(
    sockets.map((socket) =>
      keepAsking(socket, request, () => {
        left -= 1;
        return left >= sockets.length;
      }),
    ),
  );
  for (const socket of sockets) socket.destroy();
}

/** Sends one request after the other over one connection. Gives how long each answer took, in milliseconds. */
export async function timedRequests(port: number, request: string, goesOn: () => boolean): Promise<readonly number[]> {
  const socket = await open(port);
  const durations: number[] = [];
  while (goesOn()) {
    const start = performance.now();
    await keepAsking(
      socket,
      () => request,
      () => false,
    );
    durations.push(performance.now() - start);
    socket.removeAllListeners();
  }
  socket.destroy();
  return durations;
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  return socket;
}

function keepAsking(socket: Socket, request: () => string, goesOn: () => boolean): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let answered = 0;
  let missing = 0;
  let head = "";
  socket.on("error", reject);
  socket.on("data", (chunk: Buffer) => {
    if (missing > 0) {
      missing -= chunk.length;
    } else {
      head += chunk.toString("latin1");
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      if (!head.startsWith("HTTP/1.1 2")) return reject(new Error(head.slice(0, 500)));
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
      missing = length - (head.length - end - 4);
    }
    if (missing > 0) return;
    answered += 1;
    head = "";
    if (goesOn()) socket.write(request());
    else resolve(answered);
  });
  socket.write(request());
  return promise;
}
