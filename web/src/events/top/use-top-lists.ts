import { usePreference } from "../../page/preference.ts";

/** Where the lists leave the events enough room. */
const hasRoom = matchMedia("(min-width: 1200px) and (min-height: 940px)");

/** Whether the top lists show: as somebody has chosen, else where there is room. */
export function useTopLists(): readonly [isOpen: boolean, toggle: () => void] {
  const [choice, choose] = usePreference("top", ["by-room", "open", "folded"]);
  const isOpen = choice === "open" || (choice === "by-room" && hasRoom.matches);
  return [isOpen, () => choose(isOpen ? "folded" : "open")];
}
