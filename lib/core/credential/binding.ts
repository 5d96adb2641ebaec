/** What the password of a registry is sealed for: moved to another row or host it cannot be opened. */
export function registryBinding({ id, host }: { id: string; host: string }): string {
  return `registry-credential ${id} ${host}`
}
