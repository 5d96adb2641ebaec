/** Id of the edit that a promotion queues, the same after a crash. */
export function writeIdOf({ id }: { id: string }): string {
  return `write-${id}`
}
