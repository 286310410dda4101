import type { Architecture } from "./architecture.ts";
import type { Component } from "./components.ts";

/** What packages are made from: one version of Ironlog, staged once for all formats. */
export interface Release {
  readonly version: string;
  /** When the commit was made, in seconds: the time of every file in every package, so that the same commit gives the same bytes. */
  readonly epochSeconds: number;
  /** Whether packages are only for a test: compressed quickly, and for this machine's architecture alone. */
  readonly isFast: boolean;
  readonly architectures: readonly Architecture[];
  /** By architecture, the folder of the staged tree: see `staged-tree.ts`. Formats copy from it, and never change it. */
  readonly trees: Readonly<Record<Architecture, string>>;
  /** Where packages go. */
  readonly outFolder: string;
}

/** A file that a format made. */
export interface Package {
  /** Its name in the release's folder. */
  readonly file: string;
  /** Whether Node is in it. */
  readonly hasNode: boolean;
  /** How tools that look for weaknesses name the package (purl). */
  readonly purl: string;
  /** What is in it beside Ironlog, what Ironlog bundles, and Node. */
  readonly components?: readonly Component[];
}

/** Makes the packages of one kind from a release. `workFolder` is empty, and is removed afterwards. */
export type Format = (release: Release, workFolder: string) => Promise<readonly Package[]>;
