import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { startServer } from "../support/server.ts";

const contrib = path.join(import.meta.dirname, "..", "..", "contrib");
const rulesFile = path.join(contrib, "prometheus", "ironlog-rules.yml");
const dashboardFile = path.join(contrib, "grafana", "ironlog-dashboard.json");

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly annotations: { readonly summary: string };
    }[];
  }[];
}

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

function expressions(): readonly string[] {
  const { groups } = parse(readFileSync(rulesFile, "utf8")) as Rules;
  const { panels } = JSON.parse(readFileSync(dashboardFile, "utf8")) as Dashboard;
  return [
    ...groups.flatMap(({ rules }) => rules.map(({ expr }) => expr)),
    ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ];
}

test("the rules for Prometheus and Grafana's dashboard ask for values that a server gives", async () => {
  await using server = await startServer({ kind: "sqlite" });
  const answer = await fetch(new URL("/metrics", server.url));
  const given = new Set([...(await answer.text()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
  const asked = expressions().flatMap((expression) => expression.match(/ironlog_\w+/g) ?? []);
  assert.ok(asked.length > 20);
  const missing = asked.filter((name) => !given.has(name) && !given.has(name.replace(/_(?:bucket|sum|count)$/, "")));
  assert.deepEqual(missing, []);
});

test("each rule has a name of its own and says what is wrong", () => {
  const { groups } = parse(readFileSync(rulesFile, "utf8")) as Rules;
  const rules = groups.flatMap((group) => group.rules);
  assert.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length);
  for (const { alert, annotations } of rules) assert.match(annotations.summary, /\.$/, alert);
});

test("promtool takes the rules", (t) => {
  if (spawnSync("promtool", ["--version"]).error !== undefined) return t.skip("there is no promtool here");
  const checked = spawnSync("promtool", ["check", "rules", rulesFile], { encoding: "utf8" });
  assert.equal(checked.status, 0, checked.stderr);
});
