import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";

interface MenuProps {
  readonly label: string;
  /** Of the button. */
  readonly appearance?: "base";
  /** What stands in it. `close` closes it, and puts the focus on its button. */
  readonly children: (close: () => void) => ReactNode;
}

/** A menu behind a button: opening it puts the focus on its first item, arrows move, Esc and a click elsewhere close it. */
export function Menu({ label, appearance, children }: MenuProps) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const menu = useRef<HTMLSpanElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  useEffect(() => {
    if (!isOpen) return undefined;
    menu.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const outside = (event: PointerEvent): void => {
      if (event.target instanceof Node && menu.current?.contains(event.target) !== true) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [isOpen]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isOpen) return;
    if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const items = [...(menu.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
      const at = items.findIndex((item) => item === document.activeElement);
      items[(at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length]?.focus();
    } else if (event.key === "Tab") {
      setOpen(false);
    }
  };
  return (
    <span className="p-contextual-menu" ref={menu} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        className={`p-button${appearance === undefined ? "" : `--${appearance}`} has-icon u-no-margin--bottom`}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen((open) => !open)}
      >
        <span>{label}</span>
        <i className="p-icon--chevron-down" aria-hidden="true" />
      </button>
      <span className="p-contextual-menu__dropdown" id={id} role="menu" aria-label={label} aria-hidden={!isOpen}>
        {children(close)}
      </span>
    </span>
  );
}

interface MenuItemProps {
  readonly onAct: () => void;
  readonly isDisabled?: boolean;
  readonly children: ReactNode;
}

/** One thing that can be chosen in a menu. */
export function MenuItem({ onAct, isDisabled, children }: MenuItemProps) {
  return (
    <button
      type="button"
      role="menuitem"
      className="p-contextual-menu__link"
      {...(isDisabled !== undefined && { "aria-disabled": isDisabled })}
      onClick={() => isDisabled !== true && onAct()}
    >
      {children}
    </button>
  );
}
