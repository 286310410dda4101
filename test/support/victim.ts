import { raisedAlert } from "./alerting/raised-alert.ts";
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { makeMachine } from "./nodes.ts";
import { freshProviderName } from "./providers/provider-name.ts";
import { logIn } from "./clients/native-client.ts";
import { admin, makePerson, type Person } from "./worlds/people.ts";
import { freshName } from "./worlds/world.ts";
import { sampleCertificate, sampleSshKeys } from "./sample-keys.ts";
import type { TestServer } from "./server.ts";

/** Somebody who has one of everything that can be somebody's own. */
export interface Victim {
  readonly server: TestServer;
  readonly person: Person;
  readonly tokenKey: string;
  readonly systemId: string;
  /** The name of a setting whose value is secret, and is among the marks. */
  readonly secretSetting: string;
  /** What only the victim and administrators may be shown. */
  readonly marks: readonly string[];
  /** What events about the victim's own things name. */
  readonly names: readonly string[];
  /** What stands for a parameter of an operation's path: the victim's own, or what everybody has. */
  fill(path: string, parameter: string): string;
  /** All that the victim has, as they and an administrator see it. */
  everything(): Promise<readonly string[]>;
}

export async function makeVictim(server: TestServer): Promise<Victim> {
  const root = admin(server);
  const person = await makePerson(server);
  const { username, native } = person;
  const made = async <Made>(path: string, body: unknown): Promise<Made> => {
    const answer = await native.ask("POST", path, body);
    assert.ok(answer.status < 300, `${path}: ${answer.status} ${answer.text}`);
    return answer.json<Made>();
  };
  const [, , ssh] = sampleSshKeys;
  const tokenName = freshName("token-of-the-victim");
  const token = await made<{ readonly token_key: string; readonly fingerprint: string; readonly api_key: string }>(
    "account/tokens",
    { name: tokenName },
  );
  const provider = freshProviderName();
  const about = { issuer: "https://login.example.com", client_id: "ironlog" };
  await root.native.ask("POST", "oidc-providers", { name: provider, ...about });
  const source = freshName("source").slice(0, 40);
  // Nothing answers there, and nobody asks: it isn't enabled.
  const database = "postgres://ironlog_mirror@127.0.0.1:1/maasdb";
  await root.native.ask("POST", "sources", { name: source, database, is_enabled: false });
  const destination = freshName("destination").slice(0, 40);
  const receiver = { transport: "syslog", url: "tcp://127.0.0.1:1", is_enabled: false };
  await root.native.ask("POST", "destinations", { name: destination, ...receiver });
  const alert = await raisedAlert(server);
  const { rule } = alert;
  const subject = freshName("subject-of-the-victim");
  const linked = await root.native.ask("POST", `users/${username}/identities`, { provider, subject });
  const identity = linked.json<{ readonly id: number }>();
  const sshKey = await made<{ readonly id: number }>("account/ssh-keys", { key: ssh.key });
  const sslKey = await made<{ readonly id: number }>("account/ssl-keys", { key: sampleCertificate });
  const agent = freshName("agent-of-the-victim");
  const session = await logIn(server, person, { from: person.from, headers: { "user-agent": agent } });
  const sessions = await native.ask("GET", "sessions");
  const [open] = sessions.json<{ readonly items: readonly { readonly id: number }[] }>().items;
  const tag = freshName("tag");
  const machine = await makeMachine(root.maas, { hostname: freshName("host-of-the-victim") }, "Ready");
  const systemId = machine.system_id;
  await root.native.ask("POST", "tags", { name: tag });
  await root.native.ask("PATCH", `tags/${tag}/nodes`, { add: [systemId] });
  await made(`nodes/${systemId}/steps`, { step: "acquire" });
  const told = freshName("told-of-the-victim");
  const report = await root.native.ask("POST", "events", {
    type: "NODE_TEST",
    action: "node.test",
    description: told,
    node: systemId,
  });
  const [event] = report.json<{ readonly items: readonly { readonly id: number }[] }>().items;
  const viewName = freshName("view-of-the-victim");
  const view = await made<{ readonly id: number }>("views", { name: viewName, filter: "since:1d" });
  const script = freshName("script");
  await root.native.ask("POST", "scripts", { name: script, script: "#!/bin/sh\n" });
  const revisions = await root.native.ask("GET", `scripts/${script}/revisions`);
  const [revision] = revisions.json<{ readonly items: readonly { readonly id: number }[] }>().items;
  const secretSetting = "vcenter_password";
  const secretValue = freshName("value-of-a-secret-setting");
  await root.native.ask("PUT", `settings/${secretSetting}`, { value: secretValue });

  const [sshData = ""] = ssh.key.split(" ").slice(1);
  const sslFingerprint = new X509Certificate(sampleCertificate).fingerprint256;
  const macs = machine.interface_set.map(({ mac_address }) => mac_address);
  const marks = [person.email, tokenName, token.token_key, token.fingerprint, ...token.api_key.split(":"), sshData];
  const more = [
    viewName,
    ssh.fingerprint,
    sampleCertificate.split("\n")[3] ?? "",
    sslFingerprint,
    agent,
    session.sessionId,
  ];
  const ofNode = [systemId, machine.hostname, ...macs, told];

  const own: Readonly<Record<string, string | number | undefined>> = {
    "users/{username}": username,
    "tokens/{token_key}": token.token_key,
    "second-factor/{id}": "none",
    "{system_id}": systemId,
    "sessions/{id}": open?.id,
    "ssh-keys/{id}": sshKey.id,
    "sshkeys/{id}": sshKey.id,
    "ssl-keys/{id}": sslKey.id,
    "sslkeys/{id}": sslKey.id,
    "identities/{id}": identity.id,
    "oidc-providers/{name}": provider,
    "sources/{name}": source,
    "destinations/{name}": destination,
    "rules/{name}": rule,
    "alerts/{id}": alert.id,
    "events/{id}": event?.id,
    "views/{id}": view.id,
    "tags/{name}": tag,
    "scripts/{name}": script,
    "revisions/{id}": revision?.id,
    "settings/{name}": secretSetting,
    "zones/{name}": "default",
    "pools/{name}": "default",
    "resourcepool/{id}": 0,
    "domains/{name}": "maas",
    "domains/{id}": 0,
    "tags/{tag}": "slow",
  };
  return {
    server,
    person,
    tokenKey: token.token_key,
    systemId,
    secretSetting,
    marks: [...marks, ...more, ...ofNode, secretValue, subject],
    names: [username, tokenName, ssh.fingerprint, sslFingerprint, machine.hostname],
    fill(path, parameter) {
      const found = Object.entries(own).find(([end]) =>
        `${path.split(`{${parameter}}`)[0]}{${parameter}}`.endsWith(end),
      );
      assert.ok(found?.[1] !== undefined, `say in test/support/victim.ts what {${parameter}} names in ${path}`);
      return String(found[1]);
    },
    async everything() {
      const seen: string[] = [];
      for (const each of ["account", "account/tokens", "account/ssh-keys", "account/ssl-keys", "sessions", "views"]) {
        seen.push((await native.ask("GET", each)).text);
      }
      for (const each of [`users/${username}`, `users/${username}/identities`, `oidc-providers/${provider}`]) {
        seen.push((await root.native.ask("GET", each)).text);
      }
      for (const each of [`nodes/${systemId}`, `settings/${secretSetting}`]) {
        seen.push((await root.native.ask("GET", each)).text);
      }
      return seen;
    },
  };
}
