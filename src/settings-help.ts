import { environmentName } from "./config.ts";

interface HelpedSetting {
  readonly flag: string;
  readonly value: string;
  readonly help: string;
}

/** The options' part of a command's `--help`, each with its name in the environment. */
export function settingsHelp(settings: readonly HelpedSetting[]): string {
  const lines = settings.map((setting) => {
    return `  --${setting.flag} ${setting.value}\n      ${setting.help}\n      [${environmentName(setting)}]`;
  });
  return ["Options, each also as a variable of the environment:", ...lines, "  -h, --help\n      Show this."].join(
    "\n",
  );
}
