import { query } from "../operations/operation.ts";
import { compactJson } from "./answer.ts";
import type { MaasOperation } from "./operation.ts";

/** The versions of MAAS whose API is the same here; a client may refuse to speak to one that it doesn't know. */
export const maasVersions = {
  "2.7": { version: "2.7.3", subversion: "8290-g.ebe2b9884" },
  "2.8": { version: "2.8.7", subversion: "8610-g.6bd5c2be2" },
  "2.9": { version: "2.9.3", subversion: "9165-g.c3e7848d1" },
} as const;

export type MaasVersion = keyof typeof maasVersions;

/** What clients ask for before they use it: python-libmaas logs in by password only with the last one. */
const capabilities = [
  "networks-management",
  "static-ipaddresses",
  "ipv6-deployment-ubuntu",
  "devices-management",
  "storage-deployment-ubuntu",
  "network-deployment-ubuntu",
  "bridging-interface-ubuntu",
  "bridging-automatic-ubuntu",
  "authenticate-api",
];

/** `version/`: the MAAS that this server says it is. */
export function maasVersionOperation(maas: MaasVersion): MaasOperation {
  return {
    resource: { name: "VersionHandler", doc: "Information about this server's version and capabilities." },
    path: "api/2.0/version/",
    method: "GET",
    op: null,
    who: "anyone",
    title: "MAAS version information",
    description: "Read version and capabilities of this MAAS instance.",
    parameters: {},
    does: query(async () => compactJson({ capabilities, ...maasVersions[maas] })),
  };
}
