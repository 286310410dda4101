import { useEffect, useState } from "react";
import { announce } from "../../shell/live-region.tsx";

/** Puts text on the clipboard. Plain HTTP has no clipboard, so there an old way is tried. */
export async function copyText(text: string): Promise<boolean> {
  try {
    if (isSecureContext) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    // Refused: the old way may do.
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "u-off-screen";
  document.body.append(field);
  const focused = document.activeElement;
  field.select();
  try {
    return document.execCommand("copy");
  } finally {
    field.remove();
    if (focused instanceof HTMLElement) focused.focus();
  }
}

/** How long a button says what became of it. */
const toldMs = 2_000;

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for those who don't see where the button stands. */
  readonly what: string;
  readonly label?: string;
}

/** A button that copies, and says whether it did. */
export function CopyButton({ text, what, label }: CopyButtonProps) {
  const [told, setTold] = useState<"Copied" | "Press Ctrl+C">();
  useEffect(() => {
    if (told === undefined) return undefined;
    const timer = setTimeout(() => setTold(undefined), toldMs);
    return () => clearTimeout(timer);
  }, [told]);
  const copy = async (button: HTMLButtonElement): Promise<void> => {
    // Other words may be shorter: what stands beside it stays where it is.
    button.style.minWidth = `${button.offsetWidth}px`;
    const isCopied = await copyText(text);
    setTold(isCopied ? "Copied" : "Press Ctrl+C");
    announce(isCopied ? `Copied ${what}.` : "Select it and press Ctrl+C.");
  };
  const icon = told === undefined ? "copy" : told === "Copied" ? "success" : "error";
  return (
    <button
      type="button"
      className={`p-button--base u-no-margin--bottom is-dense ${label === undefined ? "has-icon" : ""}`}
      title={told ?? `Copy ${what}`}
      onClick={(event) => void copy(event.currentTarget)}
    >
      {label === undefined ? <i className={`p-icon--${icon}`}>{told ?? `Copy ${what}`}</i> : (told ?? label)}
    </button>
  );
}

/** Code that people take elsewhere, with a button that copies it. */
export function CopiedCode({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <div className="ui-code ui-copied" tabIndex={0} role="group" aria-label={what}>
      <code>{text}</code>
      <CopyButton text={text} what={what} />
    </div>
  );
}
