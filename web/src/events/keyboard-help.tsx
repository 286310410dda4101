import { createPortal } from "react-dom";
import Modal from "@canonical/react-components/dist/esm/components/Modal";
import { usePreference } from "../page/preference.ts";
import { ReturnFocus } from "../page/return-focus.tsx";

const keys: readonly (readonly [string, string])[] = [
  ["/", "Go to the filter"],
  ["j ↓, k ↑", "Next, previous event"],
  ["Page Up, Page Down, Home, End", "Move further"],
  ["Enter", "Open the event"],
  ["Esc", "Close it, and go back to its row"],
  ["n, p", "Older, newer event while one is open"],
  ["Alt + click", "In a row: only events with that value"],
  ["+, − beside a value", "Only events with it, only those without it"],
  ["← →, Shift, Enter", "On the bars: move, extend, take the time"],
  ["← →, Home, End", "On the edge of a panel: wider, narrower"],
  ["l", "Live on and off"],
  ["f", "Filters as a form"],
  ["d", "Choose the time"],
  ["t", "Top lists on and off"],
  ["[", "Side navigation on and off"],
  ["?", "This help"],
];

/** The keys that the events page knows; single letters can be turned off (WCAG 2.1.4). */
export function KeyboardHelp({ onClose }: { readonly onClose: () => void }) {
  const [letters, setLetters] = usePreference("letters", ["on", "off"]);
  return createPortal(
    // Or the header of the question would be taken for one of the whole page.
    <section>
      <ReturnFocus />
      <Modal title="Keyboard" close={onClose}>
        <dl className="ui-fields">
          {keys.map(([key, does]) => (
            <div key={key} className="ui-fields__pair">
              <dt className="ui-mono">{key}</dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
        <label className="p-checkbox">
          <input
            type="checkbox"
            className="p-checkbox__input"
            checked={letters === "on"}
            onChange={(event) => setLetters(event.target.checked ? "on" : "off")}
          />
          <span className="p-checkbox__label">Single letters do something</span>
        </label>
      </Modal>
    </section>,
    // Not in the page: while a panel covers that, nothing in it can be reached.
    document.body,
  );
}
