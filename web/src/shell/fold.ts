import { useEffect, useState } from "react";
import { isShortcut } from "../page/keyboard.ts";
import { usePreference } from "../page/preference.ts";
import { useMatches } from "../page/use-matches.ts";
import { useHasAside } from "../page/standing-aside.ts";

/** From here on there is room for words beside the icons, and from there on also while something stands beside the page. */
const [wide, wider] = [matchMedia("(min-width: 1200px)"), matchMedia("(min-width: 1600px)")];
/** Below this width it is a menu: Vanilla's `$breakpoint-small`. */
const narrow = matchMedia("(max-width: 619.98px)");

/** How the navigation stands. */
export interface Fold {
  /** True where it has room for words, and so a button that folds it. */
  readonly isWide: boolean;
  /** True where it stands there with its words, and doesn't only open under the pointer. */
  readonly isPinned: boolean;
  /** True where it has just been folded, and is not to open before the pointer comes to it anew or the focus leaves it. */
  readonly isHeld: boolean;
  toggle(): void;
  /** Closes the menu of a narrow window; where there is room nothing changes. */
  close(): void;
  /** From now on it may open. */
  release(): void;
}

/** Folded or not, as this browser remembers it where there is room; a menu that is open or not elsewhere. */
export function useFold(): Fold {
  const [isWideAlone, isWider, hasAside] = [useMatches(wide), useMatches(wider), useHasAside()];
  const isWide = isWider || (isWideAlone && !hasAside);
  const [choice, choose] = usePreference("navigation", ["unfolded", "folded"]);
  const isMenu = useMatches(narrow);
  const [isOpen, setOpen] = useState(false);
  const [isHeld, setHeld] = useState(false);
  const isPinned = isWide ? choice === "unfolded" : isMenu && isOpen;
  const toggle = (): void => {
    if (isMenu) return setOpen(!isOpen);
    // Where the icons stand alone, nobody can choose.
    if (!isWide) return;
    choose(isPinned ? "folded" : "unfolded");
    setHeld(isPinned);
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "[" && isShortcut(event)) toggle();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  });
  return {
    isWide,
    isPinned,
    isHeld,
    toggle,
    close: () => setOpen(false),
    release: () => setHeld(false),
  };
}
