import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { admin } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { sharedServers } from "../../support/server.ts";

// What the native API says of settings, so that a page can ask for them.

const serverOf = sharedServers();

interface NativeSetting {
  readonly name: string;
  readonly value: string | number | boolean | null;
  readonly is_secret: boolean;
  readonly group: string;
  readonly help: string;
  readonly kind: "boolean" | "number" | "choice" | "text";
  readonly choices: readonly (string | number)[] | null;
}

forEachKind((kind) => {
  test(`each setting says what it is for and how to ask for it (${kind})`, async () => {
    const { native } = admin(await serverOf(kind));
    const { items } = (await native.ask("GET", "settings")).json<{ items: readonly NativeSetting[] }>();
    for (const { name, group, help, kind: control, choices } of items) {
      assert.match(group, /\w/, name);
      assert.match(help, /\.$/, name);
      assert.equal(control === "choice", choices !== null, name);
    }
    const one = (name: string) => items.find((item) => item.name === name);
    assert.deepEqual(one("dnssec_validation")?.choices, ["auto", "yes", "no"]);
    assert.equal(one("enable_http_proxy")?.kind, "boolean");
    assert.equal(one("default_dns_ttl")?.kind, "number");
    assert.equal(one("vcenter_password")?.is_secret, true);
  });

  test(`a setting is answered the same alone, in the list and after a change (${kind})`, async () => {
    const { native } = admin(await serverOf(kind));
    const changed = await native.ask("PUT", "settings/network_discovery", { value: "disabled" });
    const { items } = (await native.ask("GET", "settings")).json<{ items: readonly NativeSetting[] }>();
    const read = await native.ask("GET", "settings/network_discovery");
    assert.deepEqual(changed.json(), read.json());
    assert.deepEqual(
      items.find(({ name }) => name === "network_discovery"),
      read.json(),
    );
    assert.equal(read.json<NativeSetting>().value, "disabled");
  });

  test(`a word that is neither true nor false is refused by one sentence in every slice (${kind})`, async () => {
    const { native, maas } = admin(await serverOf(kind));
    const sentence = "Enter true or false.";
    const setting = await native.ask("PUT", "settings/enable_http_proxy", { value: "perhaps" });
    assert.equal(setting.status, 400, setting.text);
    assert.deepEqual(setting.json<{ errors: unknown }>().errors, { value: [sentence] });
    const name = freshName("domain");
    const domain = await maas.post("domains/", Object.entries({ name, authoritative: "perhaps" }));
    assert.deepEqual([domain.status, domain.json()], [400, { authoritative: [sentence] }]);
    const script = await maas.post("scripts/", Object.entries({ name, script: "#!/bin/sh", destructive: "perhaps" }));
    assert.deepEqual([script.status, script.json()], [400, { destructive: [sentence] }]);
  });
});
