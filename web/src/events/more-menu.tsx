import { Menu, MenuItem } from "../page/menu.tsx";

interface MoreMenuProps {
  readonly items: readonly { readonly words: string; readonly act: () => void }[];
}

/** What is wanted less often than to have a button of its own. */
export function MoreMenu({ items }: MoreMenuProps) {
  return (
    <Menu label="More" appearance="base">
      {(close) =>
        items.map(({ words, act }) => (
          <MenuItem
            key={words}
            onAct={() => {
              // The focus goes on from the button, and comes back to it.
              close();
              act();
            }}
          >
            {words}
          </MenuItem>
        ))
      }
    </Menu>
  );
}
