import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { test, type TestContext } from "node:test";
import { freePort, portOf } from "../../../../test/support/ports.ts";
import { makeCertificates } from "../../../../test/support/receivers/certificates.ts";
import { startForwardProxy } from "../../../../test/support/receivers/forward-proxy.ts";
import { startHttpReceiver } from "../../../../test/support/receivers/http-receiver.ts";
import { until } from "../../../../test/support/until.ts";
import { HttpClient, type HttpReceiverOptions } from "./http-client.ts";

const never = new AbortController().signal;

async function post(options: Partial<HttpReceiverOptions> & { readonly url: string }, below = ""): Promise<number> {
  using client = new HttpClient({ own: [], environment: {}, ...options });
  return (await client.post(below, { "content-type": "text/plain" }, Buffer.from("hello"), never)).status;
}

test("a path goes below the address, and its query beside that of the address", async () => {
  await using receiver = await startHttpReceiver();
  await post({ url: `${receiver.url}base/?tenant=a` }, "v1/logs?x=1");
  await post({ url: `${receiver.url}base?tenant=a`, headers: { authorization: "Bearer t" } });
  assert.deepEqual(
    receiver.requests.map(({ url, headers, body }) => [url, headers.authorization, body.toString()]),
    [
      ["/base/v1/logs?tenant=a&x=1", undefined, "hello"],
      ["/base?tenant=a", "Bearer t", "hello"],
    ],
  );
});

test("over TLS the name and the authority are checked, and a client certificate is shown", async (t) => {
  const certificates = await makeCertificates(t);
  if (certificates === undefined) return;
  const { ca, server, client, stranger } = certificates;
  const tls = { cert: server.certificate, key: server.key, ca, requestCert: true, rejectUnauthorized: true };
  await using receiver = await startHttpReceiver({ tls });
  const { url } = receiver;
  await assert.rejects(post({ url }), /isn't trusted .*give the certificate of its authority as ca/);
  await assert.rejects(post({ url, tls: { ca: stranger.certificate, ...client } }), /isn't trusted/);
  const byAddress = url.replace("localhost", "127.0.0.1");
  await assert.rejects(post({ url: byAddress, tls: { ca, ...client } }), /is for another name/);
  await assert.rejects(post({ url, tls: { ca } }), /client certificate/);
  assert.deepEqual(receiver.requests, []);
  assert.equal(await post({ url, tls: { ca, ...client } }), 200);
  assert.equal(await post({ url: byAddress, tls: { ca, serverName: "localhost", ...client } }), 200);
  await using plain = await startHttpReceiver();
  await assert.rejects(post({ url: plain.url.replace("http:", "https:") }), /doesn't speak TLS/);
});

test("what answers too late, never, too much or no HTTP is said so", async () => {
  await using receiver = await startHttpReceiver();
  const { url, port } = receiver;
  receiver.reply = () => "hangs";
  await assert.rejects(post({ url, patienceMs: 50 }), new RegExp(`127.0.0.1:${port} didn't answer within 0.05 s`));
  receiver.reply = () => "breaks-off";
  await assert.rejects(post({ url }), /broke the connection off/);
  receiver.reply = () => "ends-half-way";
  await assert.rejects(post({ url }), /broke the connection off/);
  receiver.reply = () => "garbage";
  await assert.rejects(post({ url }), /isn't HTTP/);
  receiver.reply = () => ({ status: 200, body: Buffer.alloc(5 * 1024 * 1024) });
  await assert.rejects(post({ url }), /answered more than 4194304 bytes/);
  await assert.rejects(post({ url: `http://127.0.0.1:${await freePort()}/` }), /Connection refused by 127/);
  await assert.rejects(post({ url: "http://siem.invalid/" }), /No address is known for the host of siem\.invalid:80/);
});

test("a stop ends a request that hangs, with the stop's reason", async () => {
  await using receiver = await startHttpReceiver();
  receiver.reply = () => "hangs";
  using client = new HttpClient({ url: receiver.url, own: [], environment: {} });
  const stop = new AbortController();
  const hanging = client.post("", {}, Buffer.from("x"), stop.signal);
  const failed = assert.rejects(hanging, /the server stops/);
  await until(() => receiver.requests.length === 1);
  stop.abort(new Error("the server stops"));
  await failed;
});

/** A server that does that with each connection; closed at the end of the test. */
async function startRaw(t: TestContext, take: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined).once("close", () => sockets.delete(socket)));
    take(socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return portOf(server.address());
}

test("a receiver that switches to another protocol is an answer, not a wait", async (t) => {
  const port = await startRaw(t, (socket) => {
    socket.once("data", () =>
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"),
    );
  });
  assert.equal(await post({ url: `http://127.0.0.1:${port}/` }), 101);
});

test("a proxy that doesn't open a tunnel is waited for no longer than a receiver", async (t) => {
  for (const answer of [
    () => undefined,
    (socket: Socket) => socket.write("HTTP/1.1 200 OK\r\nx-slow: ", () => socket.write("x")),
    (socket: Socket) => socket.write("HTTP/1.1 200 OK\r\n\r\n"),
  ]) {
    const { promise: closed, resolve: close } = Promise.withResolvers<void>();
    const port = await startRaw(t, (socket) => {
      socket.once("close", () => close());
      socket.once("data", () => answer(socket));
      socket.resume();
    });
    const environment = { https_proxy: `http://127.0.0.1:${port}` };
    using client = new HttpClient({ url: "https://siem.invalid/", own: [], environment, patienceMs: 50 });
    const body = Buffer.from("x");
    await assert.rejects(client.post("", {}, body, never), /siem\.invalid:443 didn't answer within 0\.05 s/);
    // The connection isn't left to the proxy.
    await closed;
    using patient = new HttpClient({ url: "https://siem.invalid/", own: [], environment, patienceMs: 1e9 });
    const stop = new AbortController();
    const stopped = assert.rejects(patient.post("", {}, body, stop.signal), /the server stops/);
    stop.abort(new Error("the server stops"));
    await stopped;
  }
});

test("a proxy that refuses or breaks off is said so", async (t) => {
  for (const [answer, why] of [
    [
      "HTTP/1.1 403 Forbidden\r\n\r\n",
      /proxy doesn't lead to siem\.invalid:443 .*: it answered HTTP\/1\.1 403 Forbidden\.$/,
    ],
    ["HTTP/1.1 200 OK\r\n", /proxy doesn't lead to siem\.invalid:443 .*ended unexpectedly/],
    ["", /proxy doesn't lead to siem\.invalid:443 .*ended unexpectedly/],
  ] as const) {
    const port = await startRaw(t, (socket) => socket.once("data", () => socket.end(answer)));
    const environment = { https_proxy: `http://ada:pass-word@127.0.0.1:${port}` };
    await assert.rejects(post({ url: "https://siem.invalid/", environment }), (error) => {
      assert.ok(error instanceof Error && !error.message.includes("pass-word"));
      assert.match(error.message, why);
      return true;
    });
  }
});

test("a kept connection that the receiver has closed meanwhile costs no failure", async () => {
  await using receiver = await startHttpReceiver();
  using client = new HttpClient({ url: receiver.url, own: [], environment: {} });
  for (let n = 0; n < 20; n++) {
    assert.equal((await client.post("", {}, Buffer.from("x"), never)).status, 200);
    receiver.closeIdle();
  }
  assert.ok(receiver.requests.length >= 20);
});

test("a receiver that was killed and is back gets the next request", async () => {
  const port = await freePort();
  using client = new HttpClient({ url: `http://127.0.0.1:${port}/`, own: [], environment: {} });
  for (let round = 0; round < 3; round++) {
    await using receiver = await startHttpReceiver({ port });
    assert.equal((await client.post("", {}, Buffer.from("x"), never)).status, 200);
    await receiver.kill();
    await assert.rejects(client.post("", {}, Buffer.from("x"), never), /refused|broke the connection off/);
  }
});

test("what a receiver repeats of the credentials isn't shown to anybody", async () => {
  await using receiver = await startHttpReceiver();
  receiver.reply = ({ headers }) => ({ status: 401, body: `unknown: ${headers.authorization}` });
  const headers = { authorization: "Splunk 0123-secret" };
  using client = new HttpClient({ url: receiver.url, own: [], environment: {}, headers });
  const { body } = await client.post("", {}, Buffer.from("x"), never);
  assert.equal(body.toString(), "unknown: Splunk ***");
  receiver.reply = () => ({ status: 401, body: "ada:pass-word, bob:proxy-word" });
  const authorization = `Basic ${Buffer.from("ada:pass-word").toString("base64")}`;
  const environment = { http_proxy: receiver.url.replace("//", "//bob:proxy-word@") };
  using login = new HttpClient({ url: "http://siem.invalid/", own: [], environment, headers: { authorization } });
  assert.equal((await login.post("", {}, Buffer.from("x"), never)).body.toString(), "***, ***");
});

test("a proxy of the environment leads to the receiver, with TLS or without, but not where no_proxy names it", async (t) => {
  const certificates = await makeCertificates(t);
  if (certificates === undefined) return;
  await using proxy = await startForwardProxy();
  const { ca, server } = certificates;
  await using secure = await startHttpReceiver({ tls: { cert: server.certificate, key: server.key } });
  await using plain = await startHttpReceiver();
  const environment = { https_proxy: proxy.url, HTTP_PROXY: proxy.url, NO_PROXY: "10.0.0.0/8" };
  // Only the proxy knows this name: behind it nothing is looked up here.
  const url = `https://siem.invalid:${secure.port}/`;
  const tls = { ca, serverName: "localhost" };
  assert.equal(await post({ url, tls, environment }), 200);
  assert.equal(await post({ url: `http://siem.invalid:${plain.port}/in`, environment }), 200);
  assert.deepEqual(proxy.asked, [`CONNECT siem.invalid:${secure.port}`, `POST http://siem.invalid:${plain.port}/in`]);
  const excepted = { ...environment, NO_PROXY: "localhost" };
  assert.equal(await post({ url: secure.url, tls, environment: excepted }), 200);
  assert.equal(proxy.asked.length, 2);
  const absent = { https_proxy: `http://127.0.0.1:${await freePort()}` };
  await assert.rejects(
    post({ url, tls, environment: absent }),
    /refused by siem\.invalid:.* \(through the proxy .*https_proxy/,
  );
});

test("addresses that nothing is sent to are refused: as literals, behind a proxy, and as the proxy", async () => {
  const proxy = { http_proxy: "http://127.0.0.1:3128", https_proxy: "http://127.0.0.1:3128" };
  for (const url of ["http://169.254.169.254/latest", "http://[::ffff:169.254.169.254]/", "http://2852039166/"]) {
    for (const environment of [{}, proxy]) await assert.rejects(post({ url, environment }), /nothing is sent there/);
  }
  const through = { https_proxy: "http://169.254.169.254:80" };
  await assert.rejects(post({ url: "https://siem.example/", environment: through }), /nothing is sent there/);
  await using receiver = await startHttpReceiver();
  const own = [{ host: "127.0.0.1", port: receiver.port }];
  await assert.rejects(post({ url: receiver.url, own }), /this Ironlog listens/);
  const byName = receiver.url.replace("127.0.0.1", "localhost");
  await assert.rejects(
    post({ url: byName, own: [...own, { host: "::1", port: receiver.port }] }),
    /this Ironlog listens/,
  );
  assert.equal(receiver.connections, 0);
});
