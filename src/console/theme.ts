/** Light, dark, or as the system says: kept in this browser. */

export const THEMES = ['as the system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'mesolab-theme';

export function chosenTheme(): Theme {
  const kept = localStorage.getItem(KEY);
  return THEMES.find((name) => name === kept) ?? 'as the system';
}

export function chooseTheme(theme: Theme): void {
  if (theme === 'as the system') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, theme);
  applyTheme();
}

/** To be called when the page starts, too. */
export function applyTheme(): void {
  const theme = chosenTheme();
  document.documentElement.style.colorScheme = theme === 'as the system' ? '' : theme;
}
