import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { test } from "node:test";
import { startServerProcess } from "../support/server.ts";

test("a client that never ends its request does not keep the server from ending", async () => {
  await using server = await startServerProcess({ kind: "sqlite" });
  const { port } = new URL(server.url);
  const socket = net.connect(Number(port), "127.0.0.1");
  await once(socket, "connect");
  socket.on("error", () => undefined);
  const answered = once(socket, "data");
  socket.write(
    `POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 99\r\nExpect: 100-continue\r\n\r\n`,
  );
  // The server has seen the head, and waits for the body.
  await answered;
  socket.write("{");
  assert.equal((await server.stop()).code, 0);
  socket.destroy();
});
