import { connect } from "node:net";
import { parentPort, workerData } from "node:worker_threads";

// A thread that sends one wave of hostile requests, says so, and ends when each has its answer or was cut off.

const requestCount = 200;
const json = "application/json";
const members = (count: number): string =>
  `{${Array.from({ length: count }, (_, number) => `"m${number}":1`).join(",")}}`;

/** By anybody: the largest that would once do, and the largest that are still read. */
const hostile = [
  ["/api/v1/session", json, members(290_000)],
  ["/api/v1/session", json, "[".repeat(4_000_000)],
  ["/api/v1/session", json, members(1_400)],
  ["/api/v1/events", "application/x-ndjson", "\n".repeat(4_000_000)],
  ["/api/v1/events", json, members(290_000)],
  ["/MAAS/accounts/login/", json, "[".repeat(4_000_000)],
  ["/MAAS/accounts/login/", "application/x-www-form-urlencoded", "a=b&".repeat(4_000)],
  ["/MAAS/api/2.0/scripts/", json, members(290_000)],
  ["/MAAS/api/2.0/scripts/", json, "[".repeat(4_000_000)],
  ["/MAAS/api/2.0/scripts/", "application/x-www-form-urlencoded", `a=${"%41".repeat(1_300_000)}`],
  [
    "/MAAS/api/2.0/scripts/",
    "multipart/form-data; boundary=b",
    '--b\r\nContent-Disposition: form-data; name="n"\r\n\r\n\r\n'.repeat(70_000),
  ],
  ["/nothing", json, "[".repeat(4_000_000)],
] as const;

const requests = hostile.map(([path, type, body]) =>
  Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ),
);

function send(port: number, bytes: Buffer): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = connect({ port, host: "127.0.0.1" });
  socket.on("close", () => resolve());
  // Refused in the middle of what is sent.
  socket.on("error", () => socket.destroy());
  socket.resume();
  socket.write(bytes);
  return promise;
}

const port: unknown = workerData;
if (typeof port !== "number") throw new Error("a thread needs the server's port");
const sent = Array.from({ length: requestCount }, (_, number) =>
  send(port, requests[number % requests.length] ?? Buffer.alloc(0)),
);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
parentPort?.postMessage("sending");
await Promise.all(sent);
