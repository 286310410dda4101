import type { MaasParameter } from "../../http/maas/operation.ts";
import type { Parameters } from "../../http/maas/parameters/parameters.ts";
import { isOfProtocol } from "../../http/maas/parameters/protocol-parameters.ts";
import { pythonPairs } from "../../http/maas/python-repr.ts";
import { invalidField, Refusal } from "../../refusal.ts";
import type { Constraints } from "./constraints.ts";
import { constraintsIgnored } from "../ignored-parameters.ts";
import { given } from "../maas-parameters.ts";
import { findArchitecture } from "../inventory/node.ts";

type Declared = Readonly<Record<string, MaasParameter>>;

const text = (doc: string): MaasParameter => ({ type: "String", required: false, doc });
const atLeast = (doc: string): MaasParameter => ({ type: "Int", required: false, doc });

/** MAAS's constraints on nodes, but for zone and pool, which lists take several of. */
export const constraintParameters: Declared = {
  name: text("The node's hostname, with or without its domain."),
  system_id: text("The node's system id."),
  arch: text("Its architecture."),
  cpu_count: atLeast("How many processors it has at least. Nodes of which that isn't known aren't left out."),
  mem: atLeast("How much memory in MiB it has at least. Nodes of which that isn't known aren't left out."),
  not_in_zone: text("A zone that it isn't in. May be repeated."),
  not_in_pool: text("A resource pool that it isn't in. May be repeated."),
  tags: text("A tag that it bears, or several with commas. May be repeated."),
  not_tags: text("A tag that it doesn't bear. May be repeated."),
  ...constraintsIgnored,
};

/** A misspelt constraint would find nodes that don't match: MAAS refuses it too. */
export function refuseUnknown({ names }: Parameters, declared: Declared): void {
  refuseNames(
    names.filter((name) => !isOfProtocol(name) && !Object.hasOwn(declared, name)),
    "No such constraint.",
  );
}

/** Refuses what is in the address where the body's parameters count. */
export function refuseInAddress({ names }: Parameters): void {
  refuseNames(
    names.filter((name) => !isOfProtocol(name)),
    "Send it in the body: it has no effect in the address.",
  );
}

function refuseNames(names: readonly string[], message: string): void {
  if (names.length === 0) return;
  throw new Refusal("invalid", message, { fields: Object.fromEntries(names.map((name) => [name, [message]])) });
}

/** Reads the constraints. Refuses with `invalid`, by the field, what can't be one. Of zones and pools all count. */
export function parseConstraints(sent: Parameters): Constraints {
  const systemId = given(sent, "system_id");
  const [hostname, domain] = (given(sent, "name") ?? "").split(/\.(.*)/s);
  const architecture = given(sent, "arch");
  const cpuCount = amount(sent, "cpu_count", "Invalid CPU count: number required.");
  const memoryMib = amount(sent, "mem", "Invalid memory: number of MiB required.");
  const unjudged = Object.keys(constraintsIgnored).map((name) => [name, sent.all(name).join(",")]);
  return {
    ...(systemId !== undefined && { systemId }),
    ...(hostname !== undefined && hostname !== "" && { hostname }),
    ...(domain !== undefined && { domain }),
    ...(architecture !== undefined && { architecture: findArchitecture(architecture, "arch") }),
    ...(cpuCount !== undefined && { cpuCount }),
    ...(memoryMib !== undefined && { memoryMib }),
    zones: places(sent, "zone"),
    pools: places(sent, "pool"),
    tags: words(sent, "tags"),
    notTags: words(sent, "not_tags"),
    notZones: places(sent, "not_in_zone"),
    notPools: places(sent, "not_in_pool"),
    unjudged: Object.fromEntries(unjudged),
    asked: pythonPairs(askedFor(sent)),
  };
}

/** Fields and files, without what must not be repeated: a form may hold credentials. */
function askedFor(sent: Parameters): readonly (readonly [name: string, value: string])[] {
  const names = sent.names.filter((name) => !isOfProtocol(name));
  return names.flatMap((name) => sent.all(name).map((value) => [name, value] as const));
}

function amount(sent: Parameters, name: string, message: string): number | undefined {
  const text = (given(sent, name) ?? "").trim();
  if (text === "") return undefined;
  const isNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text);
  if (!isNumber || !Number.isFinite(Number(text))) throw invalidField(name, message);
  return Number(text);
}

function words(sent: Parameters, name: string): readonly string[] {
  return sent
    .all(name)
    .flatMap((value) => value.split(/[\s,]+/))
    .filter((word) => word !== "");
}

/** Names of places may have blanks in them. */
function places(sent: Parameters, name: string): readonly string[] {
  return sent.all(name).filter((place) => place !== "");
}
