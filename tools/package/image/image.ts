import * as fs from "node:fs";
import path from "node:path";
import packageJson from "../../../package.json" with { type: "json" };
import { type Architecture, debianArchitecture } from "../architecture.ts";
import { writeTar } from "../archive.ts";
import type { Format, Release } from "../release.ts";
import { settle } from "../settled.ts";
import { debianComponents, pinnedSeconds } from "./debian-packages.ts";
import { type Descriptor, Layout } from "./layout.ts";
import { imageUser, writeDataFolder, writeDebianFolder, writeIronlogFolder } from "./root-folder.ts";

/** The image for containers, of all architectures in one file, as an OCI image layout. */
export const image: Format = async (release, workFolder) => {
  const { version, epochSeconds, isFast, architectures, outFolder } = release;
  const folder = path.join(workFolder, "layout");
  const layout = new Layout(folder, isFast);
  const images: object[] = [];
  for (const architecture of architectures) {
    const work = path.join(workFolder, architecture);
    const added = await addImage(layout, release, architecture, work);
    images.push({ ...added, platform: { os: "linux", architecture: debianArchitecture[architecture] } });
    fs.rmSync(work, { recursive: true });
  }
  const digest = layout.finish(images, version, labels(release));
  settle(folder, epochSeconds);
  const file = `ironlog-${version}-oci.tar`;
  await writeTar({ folder, file: path.join(outFolder, file), epochSeconds });
  const purl = `pkg:oci/ironlog@${encodeURIComponent(digest)}?tag=${version}`;
  return [{ file, hasNode: true, purl, components: architectures.flatMap((one) => debianComponents(one)) }];
};

async function addImage(
  layout: Layout,
  release: Release,
  architecture: Architecture,
  workFolder: string,
): Promise<Descriptor> {
  const { epochSeconds, trees } = release;
  fs.mkdirSync(workFolder);
  const folders = ["debian", "ironlog", "data"].map((name) => path.join(workFolder, name));
  const [debian = "", ironlog = "", data = ""] = folders;
  await writeDebianFolder(architecture, debian);
  writeIronlogFolder(trees[architecture], ironlog, epochSeconds);
  writeDataFolder(data);
  const layers = [
    await layout.addLayer({ what: "Debian's libraries and shell", folder: debian, epochSeconds: pinnedSeconds }),
    await layout.addLayer({ what: "Ironlog", folder: ironlog, epochSeconds }),
    await layout.addLayer({ what: "the data directory", folder: data, epochSeconds: pinnedSeconds, owner: imageUser }),
  ];
  return layout.addImage(
    { architecture: debianArchitecture[architecture], os: "linux", config: settings(release) },
    layers,
    createdAt(release),
  );
}

/** How a container runs unless it is told otherwise. */
function settings(release: Release): object {
  return {
    User: `${imageUser}:${imageUser}`,
    ExposedPorts: { "5240/tcp": {} },
    Env: ["PATH=/usr/bin:/bin", "IRONLOG_DATA=/data", "IRONLOG_HOST=0.0.0.0"],
    Entrypoint: ["/usr/bin/ironlog"],
    Cmd: ["serve"],
    Volumes: { "/data": {} },
    WorkingDir: "/data",
    StopSignal: "SIGTERM",
    Labels: labels(release),
    // Docker's own addition to the format; others take it from a file of theirs. In nanoseconds.
    Healthcheck: {
      Test: ["CMD", "/usr/bin/ironlog", "health"],
      Interval: 30e9,
      Timeout: 15e9,
      StartPeriod: 30e9,
      Retries: 3,
    },
  };
}

function labels(release: Release): Readonly<Record<string, string>> {
  return {
    "org.opencontainers.image.title": packageJson.name,
    "org.opencontainers.image.description": packageJson.description,
    "org.opencontainers.image.version": release.version,
    "org.opencontainers.image.created": createdAt(release),
    "org.opencontainers.image.licenses": packageJson.license,
  };
}

function createdAt({ epochSeconds }: Release): string {
  return new Date(epochSeconds * 1_000).toISOString();
}
