import { expectAnswer } from "../expectations.ts";
import type { World } from "../world.ts";

/**
 * Does something while a setting has another value, and sets it back. The value that it had is somebody's: it comes back
 * also where the act fails.
 */
export async function withSetting<Result>(
  { root }: World,
  name: string,
  value: string,
  act: () => Promise<Result>,
): Promise<Result> {
  const before = expectAnswer(await root.query("maas/", "get_config", { name }), { status: 200 }).json<
    string | number | boolean | null
  >();
  try {
    expectAnswer(await root.perform("maas/", "set_config", { name, value }), { status: 200, text: "OK" });
    return await act();
  } finally {
    const old = before === null ? "" : String(before);
    expectAnswer(await root.perform("maas/", "set_config", { name, value: old }), { status: 200, text: "OK" });
  }
}
