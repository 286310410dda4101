import assert from "node:assert/strict";
import { test } from "node:test";
import { maasSecurity } from "./maas-security.ts";

const trace = "0123456789abcdef0123456789abcdef";
const deletion = JSON.stringify({ type: "security", message: "USER_deleted:bob", user_id: "ada", trace_id: trace });

const accessLine = (ip: string, agent = "curl/8") =>
  `${ip} POST /MAAS/accounts/login/ HTTP/1.1 --> 204 NO_CONTENT (referrer: -; agent: ${agent})`;

/** Whose login or deletion a line tells of. */
function told(text: string, fields?: Readonly<Record<string, string>>): unknown {
  const written =
    fields === undefined
      ? { text }
      : {
          text,
          entry: {
            fields: new Map(Object.entries(fields)),
            cursor: undefined,
            occurred: undefined,
            hostname: undefined,
          },
        };
  const event = maasSecurity()(written);
  return event?.details?.["ip"] ?? event?.username;
}

test("a login is told by regiond's own words, and by nothing that a client sends", () => {
  const login = accessLine("203.0.113.9");
  const fronts = [
    "2026-11-30 09:00:00 regiond: [info] ",
    "regiond: [info] ",
    "2026-11-30T09:00:00.000Z [regiond] regiond: [info] ",
    "2026-11-30T09:00:00.000Z [regiond] 2026-11-30 09:00:00 regiond: [info] ",
    "2026-11-30T09:00:00.000Z [regiond] ",
    "Nov 30 09:00:00 maas1 maas-regiond[123]: regiond: [info] ",
    "2026-11-30T09:00:00+0000 maas1 maas.pebble[9]: 2026-11-30T09:00:00.000Z [regiond] regiond: [info] ",
    "",
  ];
  for (const front of fronts) assert.equal(told(front + login), "203.0.113.9", front);
  const forged = `x 10.0.0.1 POST /MAAS/accounts/login/ HTTP/1.1 --> 204 y`;
  for (const front of fronts) {
    assert.equal(
      told(`${front}198.51.100.9 GET /MAAS/ HTTP/1.1 --> 200 OK (referrer: -; agent: ${forged})`),
      undefined,
    );
    assert.equal(told(`${front}198.51.100.9 GET /MAAS/?a=regiond:\t${login} HTTP/1.1 --> 200 OK`), undefined, front);
    assert.equal(told(front + accessLine("203.0.113.9", forged)), "203.0.113.9");
  }
  for (const front of ["\t", "\tregiond: [info] ", "2026-11-30T09:00:00.000Z [http] ", "maas1 regiond: [info] "]) {
    assert.equal(told(front + login), undefined, front);
  }
});

test("a line of another service is none of MAAS's, whatever it holds", () => {
  const pebble = "2026-11-30T09:00:00.000Z";
  for (const front of [
    "",
    `${pebble} [regiond] `,
    `${pebble} [apiserver] `,
    "regiond: ",
    "maas-apiserver[123]: ",
    "Nov  3 09:00:00 maas1 maas-regiond[123]: ",
    "<14>2026-11-30T09:00:00.000001+01:00 maas1 regiond[123]: ",
    `Nov 30 09:00:00 maas1 maas.pebble[123]: ${pebble} [apiserver] `,
  ]) {
    assert.equal(told(front + deletion), "ada", front);
  }
  for (const front of [
    "dnsmasq: query ",
    "dnsmasq[12]: regiond: ",
    " ",
    "query regiond: ",
    `${pebble} [bind9] `,
    `${pebble} [bind9] ${pebble} [regiond] `,
    `${pebble} [regiond] dnsmasq: query `,
    `${pebble} dnsmasq: regiond: `,
    "Nov 30 09:00:00 maas1 dnsmasq[12]: ",
    "Nov 30 09:00:00 maas1 dnsmasq[12]: maas-regiond[123]: ",
    "Nov 30 09:00:00 dnsmasq[12]: maas-regiond[123]: ",
    "Nov 30 09:00:00 dnsmasq: maas-regiond[123]: ",
    "Nov 30 09:00:00 maas1 maas.pebble[123]: ",
    "Nov 30 09:00:00 maas1 not-regiond[123]: ",
  ]) {
    assert.equal(told(front + deletion), undefined, front);
  }
});

test("the journal says which of the snap's services wrote, or Pebble does", () => {
  const pebbles = `2026-11-30T09:00:00.000Z [regiond] ${deletion}`;
  const snap = { _SYSTEMD_UNIT: "snap.maas.pebble.service" };
  const by = (identifier: string) => ({ ...snap, SYSLOG_IDENTIFIER: identifier });
  assert.deepEqual(
    [by("maas-regiond"), by("maas-apiserver"), by("maas.pebble"), snap, by("maas-proxy"), by("named")].map((fields) => [
      told(deletion, fields),
      told(pebbles, fields),
    ]),
    [
      ["ada", "ada"],
      ["ada", "ada"],
      [undefined, "ada"],
      [undefined, "ada"],
      [undefined, undefined],
      [undefined, undefined],
    ],
  );
  // Debian's units hold one service each.
  assert.equal(told(deletion, { _SYSTEMD_UNIT: "maas-regiond.service", SYSLOG_IDENTIFIER: "sh" }), "ada");
  assert.equal(told(deletion, {}), "ada");
});

test("another service's line adds no address", () => {
  const request = { message: "Start processing request", trace_id: trace, request_remote_ip: "10.0.0.1" };
  const format = maasSecurity();
  format({ text: `dnsmasq: query ${JSON.stringify(request)}` });
  const event = format({ text: deletion });
  assert.deepEqual([event?.action, event?.details?.["ip"]], ["maas.user.delete", undefined]);
});
