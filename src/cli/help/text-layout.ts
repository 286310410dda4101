/** Columns of a help text: what any terminal shows without wrapping. */
const textWidth = 80;

/** Breaks text into lines that fit, each after the indent. Paragraphs stay apart. */
export function wrap(text: string, indent = ""): string {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => wrapParagraph(paragraph, indent).join("\n"))
    .join("\n\n");
}

function wrapParagraph(paragraph: string, indent: string): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of paragraph.trim().split(/\s+/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && indent.length + longer.length > textWidth) {
      lines.push(indent + line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, indent + line];
}

/** Two columns: terms, and what they are. A term that is too wide for its column has a line of its own. */
export function columns(rows: readonly (readonly [string, string])[]): string {
  const widths = rows.map(([term]) => term.length).filter((width) => width <= termWidthMax);
  const indent = " ".repeat(2 + Math.max(0, ...widths) + 2);
  return rows
    .map(([term, text]) => {
      if (text === "") return `  ${term}`;
      const lines = wrap(text, indent);
      if (2 + term.length + 2 > indent.length) return `  ${term}\n${lines}`;
      return `  ${term}`.padEnd(indent.length) + lines.slice(indent.length);
    })
    .join("\n");
}

const termWidthMax = 28;

/** The parts of a help text, blank lines between them, without those that are empty. */
export function sections(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** A headed part of a help text; nothing where there is nothing below the heading. */
export function section(heading: string, text: string): string {
  return text === "" ? "" : `${heading}\n${text}`;
}
