import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { admin } from "../../support/worlds/people.ts";
import { sharedServerProcesses } from "../../support/server.ts";

// A4: the value of a secret setting is nowhere.

const serverOf = sharedServerProcesses();

forEachKind((kind) => {
  test(`A4: a secret that is set is kept nowhere: not in the database, not in an answer, not in the log (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas, native } = admin(server);
    const secrets = {
      vcenter_password: "tops3cret-one",
      maas_auto_ipmi_k_g_bmc_key: "tops3cret-two",
      http_proxy: "http://ada:tops3cret-three@proxy.example.com:3128",
      prometheus_push_gateway: "https://ada:tops3cret-four@gateway.example.com/push",
    };
    for (const [name, value] of Object.entries(secrets)) {
      const set = await maas.post("maas/?op=set_config", [
        ["name", name],
        ["value", value],
      ]);
      assert.equal(set.text, "OK", name);
      const shown = await maas.get(`maas/?op=get_config&name=${name}`);
      assert.match(shown.text, /\*{8}/, name);
    }
    const everything = [
      JSON.stringify(await server.meddle("select * from setting")),
      JSON.stringify(await server.meddle("select description, details from event")),
      (await native.ask("GET", "settings")).text,
      server.output,
    ].join("\n");
    assert.ok(everything.includes("proxy.example.com"), "what isn't secret is there");
    assert.ok(!everything.includes("tops3cret"));
  });

  test(`where keys are imported from is an address alone: no user, password, query or fragment (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    for (const value of [
      "http://bot:s3cr3t@github.example.com",
      "http://bot@github.example.com",
      "https://github.example.com/?a=1",
      "https://github.example.com/#a",
      "ftp://github.example.com",
    ]) {
      const answer = await maas.post("maas/?op=set_config", [
        ["name", "ironlog_github_url"],
        ["value", value],
      ]);
      assert.equal(answer.status, 400, value);
      assert.ok(!answer.text.includes("s3cr3t"));
    }
  });
});
