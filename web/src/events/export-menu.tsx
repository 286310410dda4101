import { useMutation } from "@tanstack/react-query";
import { apiUrl, request } from "../api/request.ts";
import { Menu, MenuItem } from "../page/menu.tsx";
import { messageOf } from "../page/states.tsx";
import { copyText } from "../page/text/copy.tsx";
import { announce } from "../shell/live-region.tsx";
import { exportCommand, exportCurl } from "./export-commands.ts";

interface ExportMenuProps {
  readonly query: URLSearchParams;
}

/** Saves all that matches as a file, or gives the command that does. */
export function ExportMenu({ query }: ExportMenuProps) {
  return <Menu label="Export">{(close) => <ExportItems query={query} onDone={close} />}</Menu>;
}

function ExportItems({ query, onDone }: ExportMenuProps & { readonly onDone: () => void }) {
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
      // The browser streams it, whatever its size.
      const link = document.createElement("a");
      link.href = apiUrl("/events/export", { query: wanted });
      link.download = "";
      link.click();
      announce("The export has begun.");
      onDone();
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
    onDone();
  };
  return (
    <>
      {(["csv", "jsonl"] as const).map((format) => (
        <MenuItem key={format} isDisabled={isRefused} onAct={() => mutate(format)}>
          {format === "csv" ? "CSV" : "JSON Lines"}
        </MenuItem>
      ))}
      {commands.map(({ words, text }) => (
        <MenuItem key={words} isDisabled={isRefused} onAct={() => void copy(words, text)}>
          Copy {words}
        </MenuItem>
      ))}
      <span className={`ui-menu-note ${error === null ? "u-text--muted" : ""}`}>
        {isRefused
          ? "Exports can't search for words. Remove the words from the filter first."
          : error === null
            ? "This export is recorded in the log."
            : messageOf(error)}
      </span>
    </>
  );
}
