import assert from "node:assert/strict";
import { test } from "node:test";
import pg from "pg";
import { clusterUrl, freshFolder, freshLocation } from "../../support/databases/databases.ts";
import { send } from "../../support/clients/http-client.ts";
import { MaasClient } from "../../support/clients/maas-client.ts";
import { bearer, tryLogIn } from "../../support/clients/native-client.ts";
import { readFirstLogin, readyAt, serve } from "../../support/server.ts";

// A PostgreSQL that lives, and refuses the server's connections while it serves: for those who ask it is away.

interface Way {
  /** Statements that refuse the role `role` in the database `name`. */
  refuse(name: string, role: string): readonly string[];
  mend(name: string, role: string): readonly string[];
}

const ways: Readonly<Record<string, Way>> = {
  "a database that takes no connections": {
    refuse: (name) => [`alter database ${name} allow_connections false`],
    mend: (name) => [`alter database ${name} allow_connections true`],
  },
  "a database that was renamed": {
    refuse: (name) => [
      `alter database ${name} allow_connections false`,
      `select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = '${name}'`,
      `alter database ${name} rename to ${name}_other`,
      `alter database ${name}_other allow_connections true`,
    ],
    mend: (name) => [`alter database ${name}_other rename to ${name}`],
  },
  "a role that may not log in any more": {
    refuse: (_name, role) => [`alter role ${role} nologin`],
    mend: (_name, role) => [`alter role ${role} login`],
  },
  "a role that was renamed": {
    refuse: (_name, role) => [`alter role ${role} rename to ${role}_other`],
    mend: (_name, role) => [`alter role ${role}_other rename to ${role}`],
  },
  "a role without a right to connect": {
    refuse: (name, role) => [`alter role ${role} nosuperuser`, `revoke connect on database ${name} from public`],
    mend: (_name, role) => [`alter role ${role} superuser`],
  },
  "a role that has no connections left": {
    refuse: (_name, role) => [`alter role ${role} nosuperuser connection limit 0`],
    mend: (_name, role) => [`alter role ${role} superuser connection limit -1`],
  },
};

for (const [what, way] of Object.entries(ways)) {
  test(`${what} is a 503 that says when to try again, and all goes on once it is mended`, async () => {
    await using fresh = await freshLocation("postgres");
    assert(fresh.location.kind === "postgres");
    using folder = freshFolder();
    const admin = new pg.Client({ connectionString: await clusterUrl() });
    await admin.connect();
    const url = new URL(fresh.location.url);
    const name = url.pathname.slice(1);
    const role = `refused_${name}`;
    // It goes with the cluster, which is this process's own.
    await admin.query(`create role ${role} superuser login`);
    try {
      url.username = role;
      {
        await using process = serve(["--data", folder.folder, "--database", url.toString()]);
        const server = { url: await readyAt(process) };
        const { apiKey, ...login } = readFirstLogin(folder.folder);
        const native = bearer(server, apiKey);
        const maas = new MaasClient(server, apiKey);
        const asks = {
          query: () => native.ask("GET", "events"),
          change: () => native.ask("POST", "account/tokens", { name: "one" }),
          login: () => tryLogIn(server, login),
          "query of MAAS's": () => maas.get("events/?op=query"),
          "change of MAAS's": () => maas.post("account/?op=create_authorisation_token"),
          checkpoint: () => send(server.url, "/log/checkpoint"),
          readiness: () => send(server.url, "/readyz"),
          metrics: () =>
            send(server.url, "/metrics", {
              headers: { authorization: `Bearer ${apiKey}`, "x-forwarded-for": "192.0.2.1" },
            }),
        };
        for (const statement of way.refuse(name, role)) await admin.query(statement);
        await admin.query("select pg_terminate_backend(pid, 10000) from pg_stat_activity where usename like $1", [
          `${role}%`,
        ]);
        for (const [kind, ask] of Object.entries(asks)) {
          const answer = await ask();
          assert.equal(answer.status, 503, `${kind}: ${answer.text}`);
          assert.match(answer.text, /"code":"(?:database_away|overloaded)"|^(?:not ready: )?the database /i, kind);
          assert.match(String(answer.headers["retry-after"]), /^\d+$/, kind);
        }
        for (const statement of way.mend(name, role)) await admin.query(statement);
        assert.equal((await asks.query()).status, 200);
        assert.equal((await asks.change()).status, 201);
        process.signal("SIGTERM");
        await process.ended;
      }
    } finally {
      await admin.end();
    }
  });
}
