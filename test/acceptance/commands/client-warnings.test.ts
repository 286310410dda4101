import assert from "node:assert/strict";
import { test } from "node:test";
import { openShell } from "../../support/processes/command.ts";
import { sharedServerProcesses } from "../../support/server.ts";

// What the client says of parameters, with the description that the server itself gives.

const serverOf = sharedServerProcesses();

test("the client warns of what the operation doesn't describe, and of nothing that it does", async () => {
  const server = await serverOf("sqlite");
  using shell = openShell();
  const login = await shell.ironlog(["login", "p", `${server.url}/MAAS/`, server.firstLogin.apiKey]);
  assert.equal(login.code, 0, login.stderr);
  const jane = await shell.ironlog(["p", "events", "query", "username=jane", "level=AUDIT"]);
  assert.equal(jane.code, 0);
  assert.match(jane.stderr, /no parameter 'username'.*Did you mean 'owner'\?/);
  const machine = ["architecture=amd64/generic", "mac_addresses=52:54:00:00:11:22", "power_type=ipmi"];
  const made = await shell.ironlog(["p", "machines", "create", ...machine, "power_parameters_power_address=192.0.2.1"]);
  assert.equal(made.code, 0, made.stderr);
  assert.doesNotMatch(made.stderr, /has no parameter/);
  assert.match(made.stderr, /power_parameters_power_address is ignored/);
});
