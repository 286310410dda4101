import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { test } from "node:test";
import { freshFolder, freshLocation } from "../../support/databases/databases.ts";
import { type Answer, send } from "../../support/clients/http-client.ts";
import { MaasClient, type Place } from "../../support/clients/maas-client.ts";
import { allEvents, bearer, tryLogIn } from "../../support/clients/native-client.ts";
import { type FirstLoginFile, readFirstLogin, readyAt, serve } from "../../support/server.ts";

// Promise 1, with PostgreSQL away: nothing changes unlogged, and whoever asks is told to come back.

/** A server whose way to its PostgreSQL can be cut. */
interface CutServer extends AsyncDisposable, Place {
  readonly firstLogin: FirstLoginFile;
  cut(): Promise<void>;
  mend(): Promise<void>;
}

async function startCuttable(): Promise<CutServer> {
  const stack = new AsyncDisposableStack();
  try {
    const { location } = stack.use(await freshLocation("postgres"));
    assert.equal(location.kind, "postgres");
    const real = new URL(location.url);
    const between = stack.use(await startBetween(Number(real.port)));
    const { folder } = stack.use(freshFolder());
    const database = location.url.replace(`:${real.port}/`, `:${between.port}/`);
    const url = await readyAt(stack.use(serve(["--data", folder, "--database", database])));
    const { cut, mend } = between;
    return { url, firstLogin: readFirstLogin(folder), cut, mend, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

interface Between extends AsyncDisposable {
  readonly port: number;
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** Passes on what comes to a free port, until it is cut. */
async function startBetween(to: number): Promise<Between> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((inner) => {
    const outer = net.connect(to, "127.0.0.1");
    for (const socket of [inner, outer]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        inner.destroy();
        outer.destroy();
      });
    }
    inner.pipe(outer).pipe(inner);
  });
  const listen = async (port: number): Promise<number> => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as net.AddressInfo).port;
  };
  const port = await listen(0);
  const cut = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    await once(server, "close");
  };
  return { port, cut, mend: async () => void (await listen(port)), [Symbol.asyncDispose]: cut };
}

test("with the database away /readyz says so and /healthz doesn't; once it is back all goes on", async () => {
  await using server = await startCuttable();
  const root = bearer(server, server.firstLogin.apiKey);
  await server.cut();
  assert.equal((await send(server.url, "/readyz")).status, 503);
  assert.equal((await send(server.url, "/healthz")).status, 200);
  assert.ok((await root.ask("POST", "account/tokens", { name: "while it is away" })).status >= 500);
  await server.mend();
  assert.equal((await root.ask("POST", "account/tokens", { name: "after that" })).status, 201);
  assert.equal((await send(server.url, "/readyz")).status, 200);
  assert.deepEqual(await allEvents(root, { target: "while it is away" }), []);
});

for (const [what, act] of [
  ["a change", (server) => bearer(server, server.firstLogin.apiKey).ask("POST", "account/tokens", { name: "x" })],
  [
    "a change over MAAS's API",
    (server) => new MaasClient(server, server.firstLogin.apiKey).post("account/?op=create_authorisation_token"),
  ],
  ["a login", (server) => tryLogIn(server, server.firstLogin)],
  ["a query", (server) => bearer(server, server.firstLogin.apiKey).ask("GET", "events")],
] as const satisfies readonly (readonly [string, (server: CutServer) => Promise<Answer>])[]) {
  test(`with the database away ${what} is a 503 that says when to try again`, async () => {
    await using server = await startCuttable();
    await server.cut();
    const answer = await act(server);
    assert.equal(answer.status, 503, answer.text);
    assert.match(String(answer.headers["retry-after"]), /^\d+$/);
    assert.notEqual(answer.type, "");
  });
}
