/** `ann@example.com` → `ann`, `git: Demo` → `Demo`. */
export function shortName(actor: string): string {
  return actor.replace(/^git: /, '').split('@')[0] ?? actor
}
