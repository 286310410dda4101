/** Light, dark, or as the system has it. */
export type Theme = "light" | "dark" | "system";

const key = "ironlog.theme";
const darkSystem = matchMedia("(prefers-color-scheme: dark)");

/** What was chosen in this browser. */
export function chosenTheme(): Theme {
  const stored = read();
  return stored === "light" || stored === "dark" ? stored : "system";
}

/** Chooses, for this page at once and for later ones. */
export function chooseTheme(theme: Theme): void {
  try {
    localStorage.setItem(key, theme);
  } catch {
    // Storage may be forbidden: then it holds for this page.
  }
  apply(theme);
}

/** Follows the system while that is the choice. */
export function followSystem(): () => void {
  const follow = (): void => apply(chosenTheme());
  darkSystem.addEventListener("change", follow);
  return () => darkSystem.removeEventListener("change", follow);
}

function apply(theme: Theme): void {
  const isDark = theme === "dark" || (theme === "system" && darkSystem.matches);
  document.documentElement.style.colorScheme = isDark ? "dark" : "light";
  document.body.classList.toggle("is-dark", isDark);
}

function read(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
