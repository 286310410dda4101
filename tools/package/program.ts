import { execFile } from "node:child_process";
import { promisify } from "node:util";

const runFile = promisify(execFile);

/** Tools that packages are made with, and the package of Debian that has each. */
const debianPackages: Readonly<Record<string, string>> = {
  "aarch64-linux-gnu-strip": "binutils-aarch64-linux-gnu",
  "x86_64-linux-gnu-strip": "binutils-x86-64-linux-gnu",
  xz: "xz-utils",
  "dpkg-deb": "dpkg",
  "apt-get": "apt",
  mksquashfs: "squashfs-tools",
};

/** Runs a tool to its end, and gives its output. Says which package of Debian has a tool that is missing. */
export async function runTool(
  tool: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  try {
    const { stdout } = await runFile(tool, args, { maxBuffer: 64 * 1024 ** 2, ...options });
    return stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const name = debianPackages[tool] ?? tool;
    throw new Error(`${tool} is missing: on Debian, 'apt-get install ${name}' brings it.`, { cause: error });
  }
}
