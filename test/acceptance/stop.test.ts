import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { test } from "node:test";
import type { Kind } from "../support/databases/databases.ts";
import { forEachKind } from "../support/each-kind.ts";
import { allEvents, type NativeEvent } from "../support/clients/native-client.ts";
import { admin, makePerson } from "../support/worlds/people.ts";
import { startServerProcess, type ServerProcess } from "../support/server.ts";

// SIGTERM and SIGINT finish what is in flight and exit 0; a second one exits at once.

/** A request whose head the server has read, and whose body it waits for. */
interface Pending extends Disposable {
  /** Sends the body, gives the answer, and closes the connection. */
  finish(): Promise<string>;
}

async function beginRequest(server: ServerProcess, path: string, apiKey: string, body: string): Promise<Pending> {
  const { port } = new URL(server.url);
  const socket = net.connect(Number(port), "127.0.0.1");
  await once(socket, "connect");
  const chunks: Buffer[] = [];
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  const isRead = new Promise<void>((resolve) => socket.once("data", () => resolve()));
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.on("error", () => undefined);
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${apiKey}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
  );
  await isRead;
  return {
    async finish() {
      const text = (): string => Buffer.concat(chunks).toString();
      socket.write(body);
      while (!/HTTP\/1\.1 [2-5]\d\d [\s\S]*\}\s*$/.test(text()) && !socket.destroyed) {
        await Promise.race([once(socket, "data"), closed]);
      }
      socket.destroy();
      return text();
    },
    [Symbol.dispose]: () => socket.destroy(),
  };
}

/** Waits until the server says that it stops. */
async function untilStopping(server: ServerProcess): Promise<void> {
  await server.process.until(/"signal":"SIG(TERM|INT)"/, "stderr");
}

async function startWithPerson(kind: Kind) {
  const server = await startServerProcess({ kind });
  return { server, person: await makePerson(server) };
}

forEachKind((kind) => {
  test(`SIGTERM and SIGINT finish what is in flight, exit 0, and are recorded (${kind})`, async () => {
    const { server: started, person } = await startWithPerson(kind);
    await using server = started;
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      using request = await beginRequest(server, "/api/v1/account/tokens", person.apiKey, `{"name":"${signal}"}`);
      server.process.signal(signal);
      await untilStopping(server);
      const answer = await request.finish();
      assert.match(answer, /HTTP\/1\.1 201 /);
      // Or a client that keeps its connection would hold up the stop.
      assert.match(answer, /^Connection: close\r$/im);
      assert.deepEqual(await server.process.ended, { code: 0, signal: null });
      await server.start();
      const [event] = await allEvents(admin(server).native, { owner: person.username, target: signal });
      assert.equal(event?.action, "token.create");
    }
    const stops: readonly NativeEvent[] = await allEvents(admin(server).native, { action: "server.stop" });
    assert.deepEqual(
      stops.map(({ details }) => details?.["signal"]),
      ["SIGINT", "SIGTERM"],
    );
  });

  test(`a second signal exits at once, with a request in flight (${kind})`, async () => {
    const { server: started, person } = await startWithPerson(kind);
    await using server = started;
    using request = await beginRequest(server, "/api/v1/account/tokens", person.apiKey, '{"name":"in flight"}');
    assert.ok(request);
    server.process.signal("SIGTERM");
    await untilStopping(server);
    assert.ok(!server.process.hasEnded);
    server.process.signal("SIGINT");
    const { code } = await server.process.ended;
    assert.notEqual(code, 0);
    await server.start();
    assert.deepEqual(await allEvents(admin(server).native, { owner: person.username, target: "in flight" }), []);
  });

  test(`a server that stops takes no more connections, and holds none open for nothing (${kind})`, async () => {
    const { server: started, person } = await startWithPerson(kind);
    await using server = started;
    const { port } = new URL(server.url);
    const idle = net.connect(Number(port), "127.0.0.1");
    await once(idle, "connect");
    idle.write("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    await once(idle, "data");
    using request = await beginRequest(server, "/api/v1/account/tokens", person.apiKey, '{"name":"in flight"}');
    const idleClosed = once(idle, "close");
    server.process.signal("SIGTERM");
    await untilStopping(server);
    await idleClosed;
    const refused = net.connect(Number(port), "127.0.0.1");
    const [error] = (await once(refused, "error")) as [NodeJS.ErrnoException];
    assert.match(error.code ?? "", /^(ECONNREFUSED|ECONNRESET)$/);
    await request.finish();
    assert.equal((await server.process.ended).code, 0);
  });
});
