import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { openShell } from "../support/processes/command.ts";
import { forEachKind } from "../support/each-kind.ts";
import { type Answer, send } from "../support/clients/http-client.ts";
import { findLeaks, type Holder, storageOf } from "../support/processes/leaks.ts";
import { encode, MaasClient, oauthHeader } from "../support/clients/maas-client.ts";
import { bearer, sessionClient } from "../support/clients/native-client.ts";
import { handleFactorSecrets } from "../support/factors/secret-factor.ts";
import { SecretRun } from "../support/processes/secret-run.ts";
import { startServerProcess } from "../support/server.ts";

// A4: no secret is ever in an event, a diagnostic line, an error or the database in clear.

const form = { "content-type": "application/x-www-form-urlencoded" };
const json = { "content-type": "application/json" };

const cookiesOf = (name: string) => (answer: Answer) => ({
  [`session id of ${name}`]: answer.cookie("sessionid") ?? "",
  [`form token of ${name}`]: answer.cookie("csrftoken") ?? "",
});
const tokenOf = (name: string) => (answer: Answer) => ({
  [`token secret of ${name}`]: answer.json<{ token_secret: string }>().token_secret,
});
const keyOf = (name: string) => (answer: Answer) => ({
  [`token secret of ${name}`]: answer.json<{ api_key: string }>().api_key.split(":")[2] ?? "",
});

/** Goes through everything that handles a secret. */
async function handleSecrets(run: SecretRun): Promise<void> {
  const { server } = run;
  const { apiKey, password } = server.firstLogin;
  Object.assign(run.secrets, { "first password": password, "first token secret": apiKey.split(":")[2] ?? "" });
  const root = { authorization: `Bearer ${apiKey}` };
  const [bob, newBob, resetBob] = [
    run.invent("password of bob"),
    run.invent("new password of bob"),
    run.invent("reset password of bob"),
  ];
  const user = { username: "bob", email: "bob@example.com", password: bob };
  await run.send("/api/v1/users", { method: "POST", headers: { ...root, ...json }, body: JSON.stringify(user) });
  const eve = [
    ["username", "eve"],
    ["email", "eve@example.com"],
    ["password", run.invent("password of eve")],
    ["is_superuser", "0"],
  ] as const;
  const signed = () => ({ authorization: oauthHeader(apiKey) });
  await run.send("/MAAS/api/2.0/users/", { method: "POST", headers: { ...signed(), ...form }, body: encode(eve) });
  const taken = JSON.stringify({ ...user, password: run.invent("password of a name that is taken") });
  await run.send("/api/v1/users", { method: "POST", headers: { ...root, ...json }, body: taken });
  await guessWrongly(run);
  const login = {
    method: "POST",
    headers: form,
    body: encode([
      ["username", "bob"],
      ["password", bob],
    ]),
  };
  const entered = await run.send("/MAAS/accounts/login/", login, cookiesOf("bob"));
  const session = sessionClient(server, entered.cookie("sessionid") ?? "", entered.cookie("csrftoken") ?? "");
  const byBob = { cookie: session.cookies, "x-csrftoken": session.formToken };
  await run.send("/MAAS/account/csrf/", { method: "POST", body: "", headers: byBob }, () => ({
    "form token of bob": session.formToken,
  }));
  await run.send("/api/v1/sessions", { headers: byBob });
  const made = await run.send(
    "/MAAS/api/2.0/account/?op=create_authorisation_token",
    { method: "POST", body: "", headers: byBob },
    tokenOf("bob"),
  );
  const { token_key, consumer_key, token_secret } = made.json<Record<string, string>>();
  const key = `${consumer_key}:${token_key}:${token_secret}`;
  const second = await run.send(
    "/api/v1/account/tokens",
    { method: "POST", body: "{}", headers: { ...byBob, ...json } },
    keyOf("bob's second"),
  );
  const authenticate = {
    method: "POST",
    headers: form,
    body: encode([
      ["username", "bob"],
      ["password", bob],
    ]),
  };
  await run.send("/MAAS/accounts/authenticate/", authenticate, tokenOf("bob's third"));
  await run.send("/api/v1/account/tokens", { headers: byBob });
  await run.send("/MAAS/api/2.0/account/?op=list_authorisation_tokens", {
    headers: { authorization: oauthHeader(key) },
  });
  const rename = encode([
    ["token", key],
    ["name", "renamed by the whole key"],
  ]);
  await run.send("/MAAS/api/2.0/account/?op=update_token_name", {
    method: "POST",
    headers: { ...form, authorization: oauthHeader(key) },
    body: rename,
  });
  await useBadKeys(run, key, second.json<{ api_key: string; token_key: string }>(), byBob);
  const change = { old_password: bob, new_password: newBob };
  const wrongly = {
    old_password: run.invent("wrong old password"),
    new_password: run.invent("new password that never was"),
  };
  for (const passwords of [wrongly, change]) {
    await run.send("/api/v1/account/password", {
      method: "PUT",
      headers: { ...byBob, ...json },
      body: JSON.stringify(passwords),
    });
  }
  await run.send("/api/v1/users/bob/password", {
    method: "PUT",
    headers: { ...root, ...json },
    body: JSON.stringify({ new_password: resetBob }),
  });
  const over = encode([
    ["old_password", resetBob],
    ["new_password", run.invent("password by MAAS's API")],
  ]);
  await run.send("/MAAS/api/2.0/account/?op=change_password", {
    method: "POST",
    headers: { ...form, authorization: oauthHeader(key) },
    body: over,
  });
  await malform(run, root);
  await handleFactorSecrets(run, { headers: { ...root, ...json }, username: server.firstLogin.username, password });
}

/** Passwords in the wrong place, wrong ones, and those of nobody. */
async function guessWrongly(run: SecretRun): Promise<void> {
  for (const [username, password] of [
    ["bob", run.invent("wrong guess")],
    [run.invent("password typed as a name"), run.invent("guess for nobody")],
  ] as const) {
    const body = encode([
      ["username", username],
      ["password", password],
    ]);
    for (const view of ["login", "authenticate"])
      await run.send(`/MAAS/accounts/${view}/`, { method: "POST", headers: form, body });
    await run.send("/api/v1/session", { method: "POST", headers: json, body: JSON.stringify({ username, password }) });
  }
}

async function useBadKeys(
  run: SecretRun,
  key: string,
  second: { readonly api_key: string; readonly token_key: string },
  byBob: Record<string, string>,
): Promise<void> {
  await run.send(`/api/v1/account/tokens/${second.token_key}`, { method: "DELETE", headers: byBob });
  // The whole key where its middle part belongs.
  for (const method of ["GET", "DELETE"]) await run.send(`/api/v1/account/tokens/${key}`, { method, headers: byBob });
  const wrong = key.replace(/[^:]+$/, run.invent("wrong token secret"));
  for (const each of [second.api_key, wrong]) {
    await run.send("/api/v1/account", { headers: { authorization: `Bearer ${each}` } });
    await run.send("/MAAS/api/2.0/users/?op=whoami", { headers: { authorization: oauthHeader(each) } });
    const inQuery = [...oauthHeader(each, { shape: "curl" }).matchAll(/(oauth_\w+)=([^,]*)/g)].map(
      ([, name = "", value = ""]) => [name, value] as const,
    );
    await run.send(`/MAAS/api/2.0/users/?${encode([["op", "whoami"], ...inQuery])}`);
  }
  await run.send("/api/v1/account", { headers: { cookie: `sessionid=${run.invent("wrong session id")}` } });
  await run.send("/api/v1/account", {
    method: "PATCH",
    body: "{}",
    headers: { ...byBob, ...json, "x-csrftoken": run.invent("wrong form token") },
  });
}

/** Requests that are refused with a secret in them. */
async function malform(run: SecretRun, root: Record<string, string>): Promise<void> {
  for (const body of [
    `{"username":"bob","password":"${run.invent("password in broken JSON")}`,
    `{"password":${run.invent("password without quotes")}}`,
    run.invent("password alone"),
    JSON.stringify({ username: "bob", password: [run.invent("password in a list")] }),
    JSON.stringify({ username: "bob", password: `${run.invent("password with NUL")}\0` }),
  ]) {
    await run.send("/api/v1/session", { method: "POST", headers: json, body });
    await run.send("/api/v1/account/password", { method: "PUT", headers: { ...root, ...json }, body });
    await run.send("/MAAS/accounts/login/", { method: "POST", headers: form, body });
    await run.send("/MAAS/accounts/login/", { method: "POST", headers: json, body });
    await run.send("/MAAS/api/2.0/users/", { method: "POST", headers: { ...json, ...root }, body });
  }
  await run.send(`/api/v1/session?password=${run.invent("password in the query")}`, {
    method: "POST",
    headers: json,
    body: "{}",
  });
}

/** Local commands beside the running server. */
async function commandLocally(run: SecretRun): Promise<readonly Holder[]> {
  using shell = openShell();
  const { databaseArgs } = run.server;
  const made = await shell.ironlog(
    ["createadmin", "--username", "carol", "--email", "carol@example.com", ...databaseArgs],
    { input: `${run.invent("password of carol")}\n` },
  );
  assert.equal(made.code, 0, made.stderr);
  const changed = await shell.ironlog(["changepassword", "carol", ...databaseArgs], {
    input: `${run.invent("new password of carol")}\n`,
  });
  assert.equal(changed.code, 0, changed.stderr);
  const key = await shell.ironlog(["apikey", "--username", "carol", "--generate", ...databaseArgs]);
  assert.equal(key.code, 0, key.stderr);
  run.secrets["token secret of carol"] = key.stdout.trim().split(":")[2] ?? "";
  const list = await shell.ironlog(["apikey", "--username", "carol", ...databaseArgs]);
  return [made, changed, list].map(({ stdout, stderr }, at) => ({
    name: `output of local command ${at}`,
    bytes: Buffer.from(stdout + stderr),
  }));
}

/** Everything that can be asked for afterwards. */
async function askForEverything(run: SecretRun): Promise<void> {
  const { apiKey } = run.server.firstLogin;
  const maas = new MaasClient(run.server, apiKey);
  const native = bearer(run.server, apiKey);
  for (const each of [
    "account",
    "account/tokens",
    "session",
    "sessions",
    "users",
    "users/bob",
    "users/bob/sessions",
    "events?limit=1000",
    "openapi.json",
  ]) {
    const { text, status } = await native.ask("GET", each);
    run.answers.push({ name: `later: ${each} (${status})`, bytes: Buffer.from(text) });
  }
  for (const each of [
    "events/?op=query&level=AUDIT&limit=1000",
    "users/",
    "users/?op=whoami",
    "account/?op=list_authorisation_tokens",
    "describe/",
  ]) {
    run.answers.push({ name: `later: ${each}`, bytes: Buffer.from((await maas.get(each)).text) });
  }
  run.answers.push({ name: "metrics", bytes: Buffer.from((await send(run.server.url, "/metrics")).text) });
}

forEachKind((kind) => {
  test(`A4: no secret of a whole run is in storage, diagnostics or a later answer (${kind})`, async () => {
    await using server = await startServerProcess({ kind, args: ["--log-level", "debug"] });
    const run = new SecretRun(server);
    await handleSecrets(run);
    const outputs = await commandLocally(run);
    await askForEverything(run);
    assert.ok(existsSync(path.join(server.data, "first-login")));
    const passwords = { old_password: server.firstLogin.password, new_password: run.invent("new password of admin") };
    const changed = await bearer(server, server.firstLogin.apiKey).ask("PUT", "account/password", passwords);
    assert.equal(changed.status, 204, changed.text);
    assert.ok(!existsSync(path.join(server.data, "first-login")), "first-login goes with the password in it");
    assert.ok(Object.keys(run.secrets).length > 30);
    const running = await storageOf(server);
    await server.stop();
    const places = [
      ...running,
      ...(await storageOf(server)),
      ...outputs,
      ...run.answers,
      { name: "the server's output", bytes: Buffer.from(server.output) },
    ];
    assert.deepEqual(findLeaks(run.secrets, places), []);
  });

  test(`A4: the search for secrets finds one that is there (${kind})`, async () => {
    await using server = await startServerProcess({ kind });
    const email = `findable-${Math.random()}@example.com`;
    await bearer(server, server.firstLogin.apiKey).ask("PATCH", "account", { email });
    assert.ok(findLeaks({ email }, await storageOf(server)).length > 0);
  });
});
