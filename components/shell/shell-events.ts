/** Parts of the shell that are far apart in the page ask each other by these events of the window. */
const paletteAsked = 'wheelhouse:palette'
const keysAsked = 'wheelhouse:keys'

export const askForPalette = (): void => void window.dispatchEvent(new Event(paletteAsked))
export const askForKeys = (): void => void window.dispatchEvent(new Event(keysAsked))

/** Returns what ends it. */
export function onAsked(handlers: { palette: () => void; keys: () => void }): () => void {
  window.addEventListener(paletteAsked, handlers.palette)
  window.addEventListener(keysAsked, handlers.keys)
  return () => {
    window.removeEventListener(paletteAsked, handlers.palette)
    window.removeEventListener(keysAsked, handlers.keys)
  }
}
