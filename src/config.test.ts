import assert from "node:assert/strict";
import { test } from "node:test";
import { dataConfig, serverConfig } from "./config.ts";

test("without anything it listens on MAAS's port on loopback, with SQLite below the user's state", () => {
  const config = serverConfig([], { HOME: "/home/ada", XDG_STATE_HOME: "/state" });
  assert.equal(config.host, "127.0.0.1");
  assert.equal(config.port, 5240);
  assert.equal(config.dataFolder, "/state/ironlog");
  assert.deepEqual(config.database, {
    kind: "sqlite",
    file: "/state/ironlog/ironlog.db",
    appendKeyFile: "/state/ironlog/append.key",
  });
  assert.equal(config.maasVersion, "2.9");
});

test("systemd's state directory comes before the user's, a flag before both", () => {
  const environment = { STATE_DIRECTORY: "/var/lib/ironlog", XDG_STATE_HOME: "/state" };
  assert.equal(serverConfig([], environment).dataFolder, "/var/lib/ironlog");
  assert.equal(serverConfig(["--data", "/d"], { ...environment, IRONLOG_DATA: "/e" }).dataFolder, "/d");
  assert.equal(serverConfig([], { ...environment, IRONLOG_DATA: "/e" }).dataFolder, "/e");
  assert.equal(dataConfig(["--data=/d", "bob"], {}, environment).config.dataFolder, "/d");
});

test("proxies are a list in either place", () => {
  const { trustedProxies } = serverConfig(["--trusted-proxy", "10.0.0.0/8,192.0.2.1", "--trusted-proxy", "::1"], {});
  assert.equal(trustedProxies.rules.length, 3);
  assert.equal(serverConfig([], { IRONLOG_TRUSTED_PROXY: "10.0.0.1, 10.0.0.2" }).trustedProxies.rules.length, 2);
});

test("the variables that Kubernetes sets for a Service are ignored, and all others are settings or refused", () => {
  const cluster = {
    IRONLOG_SERVICE_HOST: "10.0.0.1",
    IRONLOG_SERVICE_PORT: "80",
    IRONLOG_SERVICE_PORT_HTTP: "80",
    IRONLOG_PORT: "tcp://10.0.0.1:80",
    IRONLOG_PORT_80_TCP: "tcp://10.0.0.1:80",
    IRONLOG_PORT_80_TCP_ADDR: "10.0.0.1",
    IRONLOG_DB_SERVICE_HOST: "10.0.0.2",
    IRONLOG_DB_PORT: "udp://10.0.0.2:53",
    IRONLOG_DB_PORT_53_UDP_PROTO: "udp",
  };
  const config = serverConfig([], cluster);
  assert.equal(config.port, 5240);
  assert.deepEqual(config.ignoredNames.toSorted(), Object.keys(cluster).toSorted());
  assert.equal(serverConfig([], { ...cluster, IRONLOG_PORT: "8000" }).port, 8000);
  assert.throws(() => serverConfig([], { ...cluster, IRONLOG_SERVICES: "1" }), /IRONLOG_SERVICES in the environment/);
  assert.throws(() => serverConfig([], { ...cluster, IRONLOG_PORTS: "1" }), /IRONLOG_PORTS in the environment/);
  assert.throws(() => serverConfig([], { IRONLOG_PORT: "http://x" }), /--port takes a number/);
});

test("what it can't use is refused, naming the flag and the mend", () => {
  const cases: readonly (readonly [readonly string[], Record<string, string>, RegExp])[] = [
    [["--port", "http"], {}, /--port takes a number from 0 to 65535, not 'http'/],
    [["--port", "70000"], {}, /--port takes a number/],
    [["--prot", "1"], {}, /--prot/],
    [["extra"], {}, /extra/],
    [["--data", ""], {}, /--data is empty: give a value, or leave it out/],
    [["--url", "audit.example.com"], {}, /--url takes an address such as/],
    [["--url", "https://ada:s3cret@a.example"], {}, /^(?!.*s3cret).*without user and password/],
    [["--url", "https://:s3cret@a.example"], {}, /^(?!.*s3cret).*without user and password/],
    [["--url", "https://a.example/path?x=1"], {}, /--url takes an address such as/],
    [["--database", "mysql://x"], {}, /--database takes a URL such as postgres:/],
    [
      ["--database", "postgres://x/y?query_timeout=0"],
      {},
      /'query_timeout' in the URL has no effect here: leave it out/,
    ],
    [["--trusted-proxy", "proxy.example"], {}, /--trusted-proxy takes an address or a network/],
    [["--tls-cert", "/nowhere/cert.pem"], {}, /--tls-cert and --tls-key together/],
    [
      ["--tls-cert", "/nowhere/cert.pem", "--tls-key", "/nowhere/key.pem"],
      {},
      /--tls-cert: cannot read \/nowhere\/cert.pem/,
    ],
    [["--maas-version", "3.0"], {}, /--maas-version takes one of 2.7, 2.8, 2.9/],
    [[], { IRONLOG_PROT: "1" }, /IRONLOG_PROT in the environment is no setting/],
    [[], { IRONLOG_PORT: "x" }, /--port takes a number/],
  ];
  for (const [args, environment, message] of cases) {
    assert.throws(() => serverConfig(args, environment), { code: "invalid", message }, args.join(" "));
  }
});

test("the configuration can't be changed afterwards", () => {
  assert.ok(Object.isFrozen(serverConfig([], {})));
});
