import { useId } from "react";
import { useMutation } from "@tanstack/react-query";
import { apiUrl, request } from "../api/request.ts";
import { messageOf } from "../page/states.tsx";
import { copyText } from "../page/text/copy.tsx";
import { useMenu } from "../page/use-menu.ts";
import { announce } from "../shell/live-region.tsx";
import { exportCommand, exportCurl } from "./export-commands.ts";

/** Saves all that matches as a file: the browser streams it, whatever its size. */
export function ExportMenu({ query }: { readonly query: URLSearchParams }) {
  const { isOpen, menu, button, toggle, close, onKeyDown } = useMenu();
  const id = useId();
  // The server's exports know no words.
  const isRefused = query.has("text");
  const { mutate, error } = useMutation({
    // A refusal would be saved as a file.
    mutationFn: async (format: "csv" | "jsonl") => {
      await request("GET /session");
      return format;
    },
    onSuccess(format) {
      const wanted = new URLSearchParams(query);
      wanted.set("format", format);
      const link = document.createElement("a");
      link.href = apiUrl("/events/export", { query: wanted });
      link.download = "";
      link.click();
      announce("The export has begun.");
      close();
    },
    onError: (error) => announce(messageOf(error)),
  });
  const commands = [
    { words: "ironlog command", text: exportCommand(query) },
    { words: "curl command", text: exportCurl(query) },
  ];
  const copy = async (words: string, text: string): Promise<void> => {
    const isCopied = await copyText(text);
    announce(isCopied ? `Copied the ${words}.` : "Your browser doesn't let pages copy.");
    close();
  };
  return (
    <span className="p-contextual-menu" ref={menu} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        className="p-button has-icon u-no-margin--bottom"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={toggle}
      >
        <span>Export</span>
        <i className="p-icon--chevron-down" aria-hidden="true" />
      </button>
      <span className="p-contextual-menu__dropdown" id={id} role="menu" aria-label="Export" aria-hidden={!isOpen}>
        {(["csv", "jsonl"] as const).map((format) => (
          <button
            key={format}
            type="button"
            role="menuitem"
            className="p-contextual-menu__link"
            aria-disabled={isRefused}
            onClick={() => !isRefused && mutate(format)}
          >
            {format === "csv" ? "CSV" : "JSON Lines"}
          </button>
        ))}
        {commands.map(({ words, text }) => (
          <button
            key={words}
            type="button"
            role="menuitem"
            className="p-contextual-menu__link"
            aria-disabled={isRefused}
            onClick={() => !isRefused && void copy(words, text)}
          >
            Copy {words}
          </button>
        ))}
        <span className={`ui-menu-note ${error === null ? "u-text--muted" : ""}`}>
          {isRefused
            ? "Exports can't search for words. Remove the words from the filter first."
            : error === null
              ? "This export is recorded in the log."
              : messageOf(error)}
        </span>
      </span>
    </span>
  );
}
