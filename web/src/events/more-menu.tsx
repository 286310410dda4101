import { useId } from "react";
import { useMenu } from "../page/use-menu.ts";

interface MoreMenuProps {
  readonly items: readonly { readonly words: string; readonly act: () => void }[];
}

/** What is wanted less often than to have a button of its own. */
export function MoreMenu({ items }: MoreMenuProps) {
  const id = useId();
  const { isOpen, menu, button, toggle, close, onKeyDown } = useMenu();
  return (
    <span className="p-contextual-menu" ref={menu} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        className="p-button--base has-icon u-no-margin--bottom"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={toggle}
      >
        <span>More</span>
        <i className="p-icon--chevron-down" aria-hidden="true" />
      </button>
      <span className="p-contextual-menu__dropdown" id={id} role="menu" aria-label="More" aria-hidden={!isOpen}>
        {items.map(({ words, act }) => (
          <button
            key={words}
            type="button"
            role="menuitem"
            className="p-contextual-menu__link"
            onClick={() => {
              // The focus goes on from the button, and comes back to it.
              close();
              act();
            }}
          >
            {words}
          </button>
        ))}
      </span>
    </span>
  );
}
