import { mailDate } from "../time.ts";
import type { MaasAnswer } from "../http/maas/answer.ts";
import { choiceNamed, hardwareTypes, parallels, scriptTypes } from "./fields/choices.ts";
import type { FullRevision, Revision, Script } from "./fields/script.ts";
import { timeoutText } from "./fields/timeout.ts";

/** A script as MAAS's API shows one. `history` is newest first; with the texts, it shows them too. */
export function maasScript(script: Script, history: readonly (Revision | FullRevision)[]) {
  const type = choiceNamed(scriptTypes, script.type);
  const hardwareType = choiceNamed(hardwareTypes, script.hardwareType);
  const parallel = choiceNamed(parallels, script.parallel);
  return {
    name: script.name,
    title: script.title,
    description: script.description,
    tags: script.tags,
    hardware_type: hardwareType.number,
    hardware_type_name: hardwareType.label,
    parallel: parallel.number,
    parallel_name: parallel.label,
    results: script.results,
    parameters: script.parameters,
    packages: script.packages,
    timeout: timeoutText(script.timeoutSeconds),
    destructive: script.destructive,
    // MAAS's own scripts, which run on its hardware, are not here.
    default: false,
    for_hardware: script.forHardware,
    may_reboot: script.mayReboot,
    recommission: script.recommission,
    apply_configured_networking: script.applyConfiguredNetworking,
    type: type.number,
    type_name: type.label,
    id: script.id,
    history: history.map(maasRevision),
    resource_uri: `/MAAS/api/2.0/scripts/${encodeURIComponent(script.name)}`,
  };
}

function maasRevision(revision: Revision | FullRevision) {
  const { id, comment, created } = revision;
  const shown = { id, comment, created: mailDate(created) };
  return "content" in revision ? { ...shown, data: Buffer.from(revision.content).toString("base64") } : shown;
}

/** A script's text alone. */
export function download(content: string): MaasAnswer {
  return { status: 200, contentType: "application/binary", body: Buffer.from(content, "utf8") };
}
