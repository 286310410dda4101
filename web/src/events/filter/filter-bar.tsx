import { useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { announce } from "../../shell/live-region.tsx";
import { type Completion, completion, type CompletionSources, valueAt } from "./filter-completion.ts";
import { useLoggedValues } from "./values/logged-values.ts";
import { type FilterError, parseFilter, printFilter, type FilterTerm } from "./filter-language.ts";

interface FilterBarProps {
  /** The filter that is in effect, as text. */
  readonly text: string;
  readonly sources: CompletionSources;
  readonly onApply: (terms: readonly FilterTerm[]) => void;
  readonly onError: (error: FilterError | undefined) => void;
  /** Set from outside while what is typed is wrong. */
  readonly errorId: string | undefined;
  readonly input: React.RefObject<HTMLInputElement | null>;
}

/** One input with terms as `user:admin -outcome:success`, and what could come next (ARIA 1.2 combobox). */
export function FilterBar({ text, sources, onApply, onError, errorId, input }: FilterBarProps) {
  const [typed, setTyped] = useState(text);
  const [caret, setCaret] = useState(text.length);
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const listId = useId();
  useEffect(() => {
    setTyped(text);
    onError(undefined);
  }, [text, onError]);
  const moveCaretTo = useRef<number>(undefined);
  // Before the next key: a caret that is moved later goes back behind what was typed meanwhile.
  useLayoutEffect(() => {
    if (moveCaretTo.current === undefined) return;
    input.current?.setSelectionRange(moveCaretTo.current, moveCaretTo.current);
    moveCaretTo.current = undefined;
  });
  const wanted = isOpen ? valueAt(typed, caret) : undefined;
  const values = useLoggedValues(wanted);
  const logged = wanted === undefined ? undefined : { key: wanted.key, values };
  const options: readonly Completion[] = isOpen ? completion(typed, caret, sources, logged) : [];
  useEffect(() => {
    if (isOpen && options.length > 0) announce(`${options.length} suggestions.`);
  }, [isOpen, options.length]);

  const change = (value: string, at: number): void => {
    setTyped(value);
    setCaret(at);
    setChosen(-1);
    setOpen(true);
  };
  const accept = ({ insert, range }: Completion): void => {
    const value = typed.slice(0, range.start) + insert + typed.slice(range.end);
    const at = range.start + insert.length;
    change(value, at);
    moveCaretTo.current = at;
  };
  const apply = (value: string): void => {
    const parsed = parseFilter(value, { now: Date.now() });
    setOpen(false);
    setChosen(-1);
    if (!parsed.ok) {
      onError(parsed.error);
      return;
    }
    onError(undefined);
    setTyped(printFilter(parsed.terms));
    onApply(parsed.terms);
  };
  const press = (event: React.KeyboardEvent): void => {
    const option = options[chosen];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) setOpen(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      const count = options.length;
      if (count > 0) setChosen((now) => (now === -1 && step === -1 ? count - 1 : (now + step + count) % count));
    } else if (event.key === "Tab" && !event.shiftKey && isOpen && option !== undefined) {
      event.preventDefault();
      accept(option);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (isOpen && option !== undefined) accept(option);
      else apply(typed);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      setOpen(false);
    }
  };
  return (
    <div className={`ui-filter ${errorId === undefined ? "" : "is-error"}`} role="search">
      <div className="p-search-box u-no-margin--bottom">
        <input
          ref={input}
          type="text"
          className="p-search-box__input ui-mono"
          role="combobox"
          aria-label="Search and filter events"
          aria-expanded={options.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={chosen >= 0 ? `${listId}-${chosen}` : undefined}
          aria-invalid={errorId !== undefined}
          aria-describedby={errorId}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder={'words "a phrase" user:admin action:auth.* -outcome:success'}
          value={typed}
          onChange={(event) => change(event.target.value, event.target.selectionStart ?? event.target.value.length)}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
          onClick={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onKeyDown={press}
        />
        {typed !== "" && (
          <button
            type="button"
            className="p-search-box__reset"
            onClick={() => {
              apply("");
              // The button goes with what it clears.
              input.current?.focus();
            }}
          >
            <i className="p-icon--close">Clear the filter</i>
          </button>
        )}
        <button type="button" className="p-search-box__button" onClick={() => apply(typed)}>
          <i className="p-icon--search">Apply the filter</i>
        </button>
      </div>
      <ul
        id={listId}
        role="listbox"
        aria-label="Suggestions"
        className="ui-filter__options"
        hidden={options.length === 0}
      >
        {options.map((option, at) => (
          <li
            key={`${option.label}-${at}`}
            id={`${listId}-${at}`}
            role="option"
            aria-selected={at === chosen}
            // Before the blur that a click would bring, which closes the list.
            onPointerDown={(event) => {
              event.preventDefault();
              accept(option);
            }}
          >
            <span className="ui-mono">{option.label}</span> <span className="u-text--muted">{option.hint}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
