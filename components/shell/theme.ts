export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

export const themeCookie = 'wheelhouse-theme'

/** What the cookie says; anything unknown follows the system. */
export function toTheme(text: string | undefined): Theme {
  return themes.find((theme) => theme === text) ?? 'system'
}
