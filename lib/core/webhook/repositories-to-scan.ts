/**
 * Watched repositories by pushed `host/path`. The registry may be known under another host name than the one the pusher
 * used, so that where host and path fit none, the path alone decides.
 */
export function repositoriesToScan(pushed: ReadonlySet<string>, watched: readonly { name: string }[]): Set<string> {
  const keys = new Set<string>()
  for (const name of pushed) {
    const path = name.slice(name.indexOf('/'))
    const exact = watched.filter((repository) => repository.name === name)
    const fitting = exact.length > 0 ? exact : watched.filter((repository) => repository.name.endsWith(path))
    for (const repository of fitting) {
      if (repository.name.slice(repository.name.indexOf('/')) === path) keys.add(repository.name)
    }
  }
  return keys
}
