/** Digest by container of what was deployed at one time; undefined = not known. */
export type DeployedImages = Readonly<Record<string, string | undefined>>

/**
 * How many digests were deployed on the left since the one on the right (design.md). `left` oldest first, one entry per
 * revision; what both sides have in common is compared. `unknown` where a digest in question is not known, and where the
 * right side's was never seen on the left.
 */
export function countBehind(left: readonly DeployedImages[], right: DeployedImages): number | 'unknown' {
  const latest = left.at(-1)
  if (!latest) return 'unknown'
  const containers = Object.keys(right).filter((name) => Object.hasOwn(latest, name))
  if (containers.length === 0) return 'unknown'
  const wanted = digestsOf(right, containers)
  if (wanted === undefined) return 'unknown'
  const newer = new Set<string>()
  for (const images of left.toReversed()) {
    const digests = digestsOf(images, containers)
    if (digests === undefined) return 'unknown'
    if (digests === wanted) return newer.size
    newer.add(digests)
  }
  return 'unknown'
}

function digestsOf(images: DeployedImages, containers: readonly string[]): string | undefined {
  const digests = containers.map((name) => (Object.hasOwn(images, name) ? images[name] : undefined))
  return digests.includes(undefined) ? undefined : digests.join(' ')
}
