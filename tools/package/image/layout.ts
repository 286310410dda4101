import { createHash } from "node:crypto";
import * as fs from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { writeTar } from "../archive.ts";

// An OCI image layout (image-spec 1.1): a folder of blobs that are named by their SHA-256, and an index. No daemon is needed.

/** A blob, as others refer to it. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export interface Layer extends Descriptor {
  /** The digest of the layer before it was compressed. */
  readonly diffId: string;
  /** What it holds, for the image's history. */
  readonly what: string;
}

export interface LayerContent {
  readonly what: string;
  /** The folder whose entries are the layer's. */
  readonly folder: string;
  readonly epochSeconds: number;
  /** Who owns the files; root without it. */
  readonly owner?: number;
}

const type = (name: string): string => `application/vnd.oci.image.${name}`;

/** Writes the blobs of one image into the folder of a layout. */
export class Layout {
  readonly #folder: string;
  readonly #isFast: boolean;

  constructor(folder: string, isFast: boolean) {
    this.#folder = folder;
    this.#isFast = isFast;
    fs.mkdirSync(path.join(folder, "blobs/sha256"), { recursive: true });
  }

  async addLayer({ what, folder, epochSeconds, owner = 0 }: LayerContent): Promise<Layer> {
    const tar = `${folder}.tar`;
    await writeTar({ folder, file: tar, epochSeconds, owner });
    const bytes = fs.readFileSync(tar);
    fs.rmSync(tar);
    const compressed = gzipSync(bytes, { level: this.#isFast ? 1 : 9 });
    return { ...this.#add(type("layer.v1.tar+gzip"), compressed), diffId: digestOf(bytes), what };
  }

  /** Adds an image of one architecture. */
  addImage(config: object, layers: readonly Layer[], created: string): Descriptor {
    const image = {
      created,
      ...config,
      rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
      history: layers.map(({ what }) => ({ created, created_by: what })),
    };
    return this.#addJson("manifest.v1+json", {
      schemaVersion: 2,
      mediaType: type("manifest.v1+json"),
      config: this.#addJson("config.v1+json", image),
      layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
    });
  }

  /** Ends the layout with an index of the images, under a tag. Gives the index's digest. */
  finish(images: readonly object[], tag: string, annotations: Readonly<Record<string, string>>): string {
    const index = this.#addJson("index.v1+json", {
      schemaVersion: 2,
      mediaType: type("index.v1+json"),
      manifests: images,
      annotations,
    });
    const named = { ...index, annotations: { "org.opencontainers.image.ref.name": tag } };
    this.#write(
      "index.json",
      JSON.stringify({ schemaVersion: 2, mediaType: type("index.v1+json"), manifests: [named] }),
    );
    this.#write("oci-layout", JSON.stringify({ imageLayoutVersion: "1.0.0" }));
    return index.digest;
  }

  #addJson(name: string, value: object): Descriptor {
    return this.#add(type(name), Buffer.from(JSON.stringify(value)));
  }

  #add(mediaType: string, bytes: Buffer): Descriptor {
    const digest = digestOf(bytes);
    this.#write(path.join("blobs", digest.replace(":", "/")), bytes);
    return { mediaType, digest, size: bytes.length };
  }

  #write(name: string, content: string | Buffer): void {
    fs.writeFileSync(path.join(this.#folder, name), content);
  }
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
