import assert from "node:assert/strict";
import { test } from "node:test";
import { parseReportedEvent } from "../../../events/reporting/reported-event.ts";
import type { Reported } from "../reported.ts";
import { maasSecurity } from "./maas-security.ts";

// Lines as MAAS 3.8 and newer write them, and regiond before.

function read(...lines: readonly (string | object)[]): readonly (Reported | undefined)[] {
  const format = maasSecurity();
  return lines.map((line) => {
    const event = format({ text: typeof line === "string" ? line : JSON.stringify(line) });
    if (event !== undefined)
      parseReportedEvent(event as Parameters<typeof parseReportedEvent>[0], Date.now() * 1_000, null);
    return event;
  });
}

const regiond = (message: string, user = "ada") => ({
  level: "info",
  message,
  name: "maasserver.views.account",
  trace_id: "",
  thread: "MainThread",
  type: "security",
  user_id: user,
});

test("a failed login of a name, behind what Pebble puts in front", () => {
  const line = `2026-11-30T09:00:00.000Z [regiond] ${JSON.stringify(regiond("AUTHN_login_unsuccessful", "mallory"))}`;
  assert.deepEqual(read(line), [
    {
      level: "AUDIT",
      type: "MAAS_LOGIN",
      action: "maas.login",
      description: "MAAS refused a login of 'mallory'.",
      outcome: "failure",
      username: "mallory",
      details: { message: "AUTHN_login_unsuccessful", logger: "maasserver.views.account" },
    },
  ]);
});

test("a login at the API server has the address of its trace's request", () => {
  const trace = "0123456789abcdef0123456789abcdef";
  const request = {
    message: "Start processing request",
    trace_id: trace,
    request_remote_ip: "203.0.113.9",
    useragent: "curl/8",
  };
  const created = {
    message: "AUTHN_token_created:JWT:access_token",
    type: "security",
    token_hash: "ab12",
    trace_id: trace,
    timestamp: "2026-11-30T09:00:00.123456Z",
    logger: "maasapiserver.auth",
    level: "INFO",
    thread: "1",
  };
  const [none, event, other] = read(request, created, { ...created, trace_id: "another" });
  assert.equal(none, undefined);
  assert.deepEqual(event, {
    level: "AUDIT",
    type: "MAAS_TOKEN",
    action: "maas.token.create",
    description: "A token (JWT:access_token) was created in MAAS.",
    outcome: "success",
    occurred: "2026-11-30T09:00:00.123456Z",
    details: {
      message: "AUTHN_token_created:JWT:access_token",
      ip: "203.0.113.9",
      user_agent: "curl/8",
      logger: "maasapiserver.auth",
      trace_id: trace,
      token_hash: "ab12",
      kind: "JWT:access_token",
    },
  });
  assert.equal(other?.details?.["ip"], undefined);
});

test("no more requests are remembered than a thousand", () => {
  const format = maasSecurity();
  const start = (number: number) =>
    format({
      text: JSON.stringify({ message: "Start processing request", trace_id: `t${number}`, request_remote_ip: "::1" }),
    });
  for (let number = 0; number <= 1_000; number += 1) start(number);
  const ipOf = (trace: string) =>
    format({ text: JSON.stringify({ ...regiond("AUTHN_login_successful"), trace_id: trace }) })?.details?.["ip"];
  assert.deepEqual([ipOf("t0"), ipOf("t1"), ipOf("t1000")], [undefined, "::1", "::1"]);
});

test("each message has its meaning", () => {
  const meaning = (message: string) => {
    const [event] = read(regiond(message));
    return [event?.type, event?.action, event?.outcome, event?.target, event?.description];
  };
  const user = (name: string) => ({ kind: "user", name });
  const expected: Readonly<Record<string, readonly unknown[]>> = {
    AUTHN_login_successful: ["MAAS_LOGIN", "maas.login", "success", undefined, "MAAS let 'ada' in."],
    AUTHN_authentication_successful: [
      "MAAS_AUTHENTICATION",
      "maas.authenticate",
      "success",
      undefined,
      "MAAS recognised 'ada'.",
    ],
    AUTHN_authentication_failed: [
      "MAAS_AUTHENTICATION",
      "maas.authenticate",
      "failure",
      undefined,
      "MAAS did not recognise 'ada'.",
    ],
    "AUTHN_password_changed:bob": [
      "MAAS_PASSWORD",
      "maas.password.change",
      "success",
      user("bob"),
      "The password of 'bob' was changed in MAAS.",
    ],
    AUTHZ_fail: [
      "MAAS_AUTHORISATION",
      "maas.authorise",
      "failure",
      undefined,
      "MAAS refused 'ada' what they have no right to.",
    ],
    "AUTHZ_administrative:machine:deleted:4y3h7n": [
      "MAAS_ADMINISTRATION",
      "maas.machine.delete",
      "success",
      { kind: "machine", id: "4y3h7n" },
      "The machine 4y3h7n was deleted in MAAS.",
    ],
    "USER_created:b:ob:Admin": [
      "MAAS_USER",
      "maas.user.create",
      "success",
      user("b:ob"),
      "The user 'b:ob' was created in MAAS, as Admin.",
    ],
    "USER_updated:bob:User": [
      "MAAS_USER",
      "maas.user.update",
      "success",
      user("bob"),
      "The user 'bob' was updated in MAAS, as User.",
    ],
    "USER_deleted:bob": [
      "MAAS_USER",
      "maas.user.delete",
      "success",
      user("bob"),
      "The user 'bob' was deleted in MAAS.",
    ],
    "AUTHN_token_reused:refresh_token": [
      "MAAS_TOKEN",
      "maas.token.reuse",
      "failure",
      undefined,
      "A token (refresh_token) was reused in MAAS.",
    ],
    "AUTHN_token_revoked:API": [
      "MAAS_TOKEN",
      "maas.token.revoke",
      "success",
      undefined,
      "A token (API) was revoked in MAAS.",
    ],
    "SOMETHING_new:1": ["MAAS_SECURITY", "maas.security", "success", undefined, "SOMETHING_new:1"],
  };
  for (const [message, wanted] of Object.entries(expected)) assert.deepEqual(meaning(message), wanted, message);
});

test("other lines tell of nothing", () => {
  const lines = ["", "plain text", "{ broken", { message: "hello", type: "normal" }, '{"type":"security"', "[1, 2]"];
  assert.deepEqual(
    read(...lines),
    lines.map(() => undefined),
  );
});

test("an older regiond tells of logins in its access lines: the address, and no name", () => {
  const line = (status: string) =>
    `2026-11-30 09:00:00 regiond: [info] 203.0.113.9 POST /MAAS/accounts/login/ HTTP/1.1 --> ${status} (referrer: -; agent: Mozilla/5.0 (X11))`;
  const [good, bad, other] = read(
    line("204 NO_CONTENT"),
    line("400 BAD_REQUEST"),
    line("204 NO_CONTENT").replace("POST", "GET"),
  );
  assert.deepEqual(good, {
    level: "AUDIT",
    type: "MAAS_LOGIN",
    action: "maas.login",
    description: "Somebody logged in to MAAS.",
    outcome: "success",
    details: { ip: "203.0.113.9", user_agent: "Mozilla/5.0 (X11)", status: "204" },
  });
  assert.deepEqual([bad?.outcome, bad?.description], ["failure", "MAAS refused a login."]);
  assert.equal(other, undefined);
});
