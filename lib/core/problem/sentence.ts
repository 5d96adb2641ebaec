/** With a full stop, unless it ends in one already. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
