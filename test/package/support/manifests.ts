import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { root } from "../../support/processes/program.ts";

interface StatefulSet {
  readonly kind: string;
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly securityContext: { readonly runAsUser: number };
        readonly containers: readonly [
          { readonly image: string; readonly env: readonly { readonly name: string; readonly value: string }[] },
        ];
      };
    };
  };
}

/** The images that the files for Compose and for Kubernetes name. */
export function imageInManifests(): readonly string[] {
  const compose = parse(text("compose.yaml")) as { services: { ironlog: { image: string } } };
  return [compose.services.ironlog.image, pod().containers[0].image];
}

/** The user that Kubernetes runs the image as. */
export function kubernetesUser(): number {
  return pod().securityContext.runAsUser;
}

/** What a container gets of kubernetes.yaml, and what Kubernetes adds for the Service `ironlog`. */
export function kubernetesEnvironment(): Readonly<Record<string, string>> {
  const address = "tcp://10.96.0.7:5240";
  return {
    ...Object.fromEntries(pod().containers[0].env.map(({ name, value }) => [name, value])),
    IRONLOG_SERVICE_HOST: "10.96.0.7",
    IRONLOG_SERVICE_PORT: "5240",
    IRONLOG_SERVICE_PORT_HTTP: "5240",
    IRONLOG_PORT: address,
    IRONLOG_PORT_5240_TCP: address,
    IRONLOG_PORT_5240_TCP_PROTO: "tcp",
    IRONLOG_PORT_5240_TCP_PORT: "5240",
    IRONLOG_PORT_5240_TCP_ADDR: "10.96.0.7",
  };
}

function pod(): StatefulSet["spec"]["template"]["spec"] {
  const documents = parseAllDocuments(text("kubernetes.yaml")).map((document) => document.toJS() as StatefulSet);
  const found = documents.find(({ kind }) => kind === "StatefulSet");
  assert.ok(found !== undefined);
  return found.spec.template.spec;
}

function text(file: string): string {
  return readFileSync(path.join(root, "packaging/oci", file), "utf8");
}
