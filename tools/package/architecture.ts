/** The machines that packages are made for, as Node calls them. */
export type Architecture = "x64" | "arm64";

export const allArchitectures: readonly Architecture[] = ["x64", "arm64"];

/** The same as Debian calls them. */
export const debianArchitecture = { x64: "amd64", arm64: "arm64" } as const satisfies Record<Architecture, string>;

/** The same as GNU's tools call them. */
export const gnuArchitecture: Readonly<Record<Architecture, string>> = { x64: "x86_64", arm64: "aarch64" };

/** This machine's. */
export function ownArchitecture(): Architecture {
  const own = allArchitectures.find((architecture) => architecture === process.arch);
  if (own === undefined)
    throw new Error(`Packages can't be made on ${process.arch}: take a machine with x64 or arm64.`);
  return own;
}
