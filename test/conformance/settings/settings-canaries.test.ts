import assert from "node:assert/strict";
import { test } from "node:test";
import { settingDefinitions } from "../../../src/settings/definitions.ts";
import { forEachKind } from "../../support/each-kind.ts";
import { takeGuardsOff } from "../../support/databases/guards.ts";
import { findLeaks, storageOf } from "../../support/processes/leaks.ts";
import { eventsSince, newestEventId, type NativeEvent } from "../../support/clients/native-client.ts";
import { admin } from "../../support/worlds/people.ts";
import { sharedServerProcesses, type ServerProcess } from "../../support/server.ts";

// A4: a secret in an address is kept nowhere and shown nowhere, whatever setting it is typed into and however.

const serverOf = sharedServerProcesses();
const canary = "S3cr3tC4nary";

/** Each holds the canary where somebody's secret would be. */
const shapes: Readonly<Record<string, string>> = {
  "user and password": `http://ada:${canary}@proxy.example:3128`,
  "user and password, without a scheme": `ada:${canary}@push.example:9091`,
  "a token alone": `http://${canary}@proxy:3128`,
  "a token alone, without a scheme": `${canary}@proxy:3128`,
  "a token as user": `https://${canary}:x-oauth-basic@proxy.example/`,
  "a token as user, without a password": `https://${canary}:@proxy.example`,
  "a password without a user": `http://:${canary}@proxy.example/`,
  "a password with a slash": `http://ada:a/${canary}@proxy.example`,
  "a password with an @": `http://ada:a@${canary}@proxy.example`,
  "a password with a blank": `http://ada:${canary} b@proxy.example`,
  "a password with a blank before": `http://ada:b ${canary}@proxy.example`,
  "a password with a backslash": `http://ada:a\\${canary}@proxy.example`,
  "another scheme": `ftp://ada:${canary}@proxy.example`,
  "a scheme without slashes": `http:ada:${canary}@proxy.example`,
  "a scheme with one slash": `http:/ada:${canary}@proxy.example`,
  "an encoded @": `http://ada%3A${canary}%40proxy.example:3128`,
  "a password in the query": `http://proxy/?password=${canary}`,
  "a token in the query": `http://proxy.example/?a=1&access_token=${canary}&b=2`,
  "a signature in the query": `https://proxy.example/push?sig=${canary}`,
  "a key in the query": `https://proxy.example?apiKey=${canary}`,
  "a query without a path": `proxy.example:3128?auth=${canary}`,
  "an encoded name in the query": `http://proxy/?pass%77ord=${canary}`,
  "an address in the query": `http://proxy/?next=http%3A%2F%2Fada%3A${canary}%40inner.example`,
  "an address in the query, with an escape that is no UTF-8": `http://proxy/?next=http%3A%2F%2Fada%3A${canary}%40inner%2F50%ff`,
  "an escape that is no UTF-8 before a name": `http://proxy/?x=%ff%70assword%3D${canary}`,
  "an encoded name, six times": `http://proxy/?x=%252525252570assword=${canary}`,
  "capital letters behind the first": `http://proxy/?pASSWORD=${canary}`,
  "a plural": `http://proxy/?passwords=${canary}`,
  "a name that ends so": `http://proxy/?userpass=${canary}&JSESSIONID=${canary}&oauth_verifier=${canary}&otp=${canary}`,
  "a query without a name": `http://proxy/?${canary}`,
  "a quoted value with a quote in it": `console=tty0 password="a\\" ${canary}"`,
  "a colon": `password: ${canary}`,
  "an equals sign and a blank": `token= ${canary}`,
  JSON: `"password":"${canary}"`,
  "a wide @": `ada:${canary}\uff20host`,
  "a parameter of the path": `http://proxy/;secret=${canary}`,
  "a secret in the fragment": `http://proxy/#token=${canary}`,
  "one of several": `10.0.0.1 ada:${canary}@ntp.example`,
  "one of several addresses": `10.0.0.1,http://proxy/?password=${canary}`,
};

/** Asks both APIs to set the setting, and gives what they answered. */
async function setByBothApis(server: ServerProcess, name: string, value: string): Promise<readonly string[]> {
  const { maas, native } = admin(server);
  const pairs = [
    ["name", name],
    ["value", value],
  ] as const;
  const answers = [
    await maas.post("maas/?op=set_config", pairs),
    await native.ask("PUT", `settings/${name}`, { value }),
  ];
  for (const { status } of answers) assert.ok([200, 400].includes(status), `${name}: ${status}`);
  return answers.map(({ text }) => text);
}

/** Sets the setting in MAAS's way, and says what it is afterwards. */
async function setAndRead(server: ServerProcess, name: string, value: string): Promise<unknown> {
  const { maas, native } = admin(server);
  const answer = await maas.post("maas/?op=set_config", [
    ["name", name],
    ["value", value],
  ]);
  assert.equal(answer.status, 200, answer.text);
  return (await native.ask("GET", `settings/${name}`)).json<{ value: unknown }>().value;
}

/** The event of the setting's last change. */
async function lastChange(server: ServerProcess, since: number): Promise<NativeEvent> {
  const event = (await eventsSince(admin(server).native, since)).at(-1);
  assert.equal(event?.action, "setting.update");
  return event;
}

forEachKind((kind) => {
  test(`A4: no setting keeps or shows a secret, in whatever shape it comes (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas, native } = admin(server);
    for (const name of Object.keys(settingDefinitions)) {
      await Promise.all(
        Object.entries(shapes).map(async ([shape, value]) => {
          for (const text of await setByBothApis(server, name, value)) {
            assert.ok(!text.includes(canary), `${name}, ${shape}: ${text}`);
          }
          const { text } = await maas.get(`maas/?op=get_config&name=${name}`);
          assert.ok(!text.includes(canary), `${name}, ${shape}: ${text}`);
        }),
      );
    }
    const holders = [
      ...(await storageOf(server)),
      { name: "the list of settings", bytes: Buffer.from((await native.ask("GET", "settings")).text) },
      { name: "the server's output", bytes: Buffer.from(server.output) },
    ];
    assert.deepEqual(findLeaks({ canary }, holders), []);
  });

  test(`what isn't secret reads back exactly as it was set, and the hidden text set back changes nothing (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = admin(server);
    const cases: readonly (readonly [name: string, value: string, shown: string])[] = [
      ["http_proxy", "http://p.example:3128/", "http://p.example:3128/"],
      ["http_proxy", "HTTPS://P.example/%7Ea/?b=C", "HTTPS://P.example/%7Ea/?b=C"],
      ["http_proxy", "http://squid:3128", "http://squid:3128"],
      ["http_proxy", "squid:3128", "http://squid:3128"],
      ["http_proxy", "  http://p.example:3128/\t", "http://p.example:3128/"],
      ["main_archive", " http://archive.example/ubuntu ", "http://archive.example/ubuntu"],
      ["prometheus_push_gateway", " push.example:9091 ", "push.example:9091"],
      ["ironlog_github_url", " https://github.example ", "https://github.example"],
      ["kernel_opts", " quiet ", "quiet"],
      ["http_proxy", `http://ada:${canary}@p.example:3128/`, "http://********@p.example:3128/"],
      ["http_proxy", `http://p/?a=1&password=${canary}&b=2`, "http://p/?a=1&password=********&b=2"],
      ["prometheus_push_gateway", "push.example:9091", "push.example:9091"],
      ["prometheus_push_gateway", `ada:${canary}@push.example:9091`, "********@push.example:9091"],
      ["vcenter_username", "administrator@vsphere.local", "administrator@vsphere.local"],
      ["vcenter_password", canary, "********"],
      ["http_proxy", "http://********@p.example:3128/", "http://********@p.example:3128/"],
      ["main_archive", "http://archive.example/ubuntu/", "http://archive.example/ubuntu/"],
      [
        "ports_archive",
        `http://ada:${canary}@a.example/ports?token=${canary}`,
        "http://********@a.example/ports?token=********",
      ],
      ["kernel_opts", "", ""],
      ["kernel_opts", "crashkernel=0-2G:128M,2G-:256M@16M quiet", "crashkernel=0-2G:128M,2G-:256M@16M quiet"],
      ["kernel_opts", "netconsole=6666@10.0.0.1/eth0,9353@10.0.0.2/", "netconsole=6666@10.0.0.1/eth0,9353@10.0.0.2/"],
      ["kernel_opts", `console=tty0 iscsi_password="${canary} b" ro`, "console=tty0 iscsi_password=******** ro"],
    ];
    for (const [name, value, shown] of cases) {
      assert.equal(await setAndRead(server, name, value), shown, value);
      const since = await newestEventId(native);
      assert.equal(await setAndRead(server, name, shown), shown, value);
      assert.equal((await lastChange(server, since)).details?.["is_changed"], false, value);
    }
  });

  test(`another secret in an address is a change, though neither is kept (${kind})`, async () => {
    const server = await serverOf(kind);
    await setAndRead(server, "http_proxy", "http://ada:first@p.example:3128");
    const since = await newestEventId(admin(server).native);
    await setAndRead(server, "http_proxy", "http://ada:second@p.example:3128");
    const { details } = await lastChange(server, since);
    const value = "http://********@p.example:3128";
    assert.deepEqual(details, { is_changed: true, value: { old: value, new: value } });
  });

  test(`a word that is no address is refused, and so is a password where none belongs (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = admin(server);
    for (const [name, value, sentence] of [
      ["http_proxy", "not-a-url", "Enter a valid URL."],
      ["main_archive", "archive.example/ubuntu", "Enter a valid URL."],
      ["ports_archive", "", "This field is required."],
      ["http_proxy", "http://proxy/#a", "Enter a valid URL."],
      ["http_proxy", "http://proxy:0", "Enter a valid URL."],
      ["prometheus_push_gateway", "push example", "Enter a host, a host and a port, or a URL."],
      ["vcenter_server", "https://vc.example", "Enter a host, or a host and a port such as 192.0.2.1:514."],
      [
        "vcenter_username",
        "ada:password@vc.example",
        "Enter a name such as administrator@vsphere.local, without a password.",
      ],
      [
        "maas_name",
        "ada@example.com",
        "Enter text without a user, password or token before an @: everybody could read it.",
      ],
    ] as const) {
      const answer = await native.ask("PUT", `settings/${name}`, { value });
      assert.equal(answer.status, 400, value);
      assert.deepEqual(answer.json<{ errors: unknown }>().errors, { value: [sentence] });
    }
  });

  test(`a secret that an older version let through is hidden in answers and events (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = admin(server);
    await setAndRead(server, "prometheus_push_gateway", "push.example:9091");
    const stored = `"ada:${canary}@push.example:9091"`;
    await takeGuardsOff(server, "setting");
    await server.meddle(`update setting set value = '${stored}' where name = 'prometheus_push_gateway'`);
    const read = await native.ask("GET", "settings/prometheus_push_gateway");
    assert.equal(read.json<{ value: unknown }>().value, "********@push.example:9091");
    const since = await newestEventId(native);
    await setAndRead(server, "prometheus_push_gateway", "");
    assert.deepEqual((await lastChange(server, since)).details?.["value"], {
      old: "********@push.example:9091",
      new: null,
    });
  });
});
