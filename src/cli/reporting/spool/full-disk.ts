import { findErrorCode } from "../../../terminal/exit.ts";

/** Whether an error says that a disk or a quota is full. */
export function isFullDisk(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT"].includes(findErrorCode(error) ?? "");
}
