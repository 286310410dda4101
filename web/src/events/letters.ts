import { useEffect, useRef } from "react";
import { isShortcut } from "../page/keyboard.ts";

/** Letters that do something while no field has the focus. */
export function useLetters(keys: Readonly<Record<string, () => void>>): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const act = isShortcut(event) && !event.defaultPrevented ? current.current[event.key] : undefined;
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}
