const words: Record<string, string> = {
  'release-failed': 'release failed',
  'release-stuck': 'release stuck',
  'release-blocked': 'release blocked',
  unhealthy: 'unhealthy',
  'image-pull': 'image cannot be pulled',
  'policy-broken': 'policy broken',
  'hold-expired': 'hold expired',
  'git-disagrees': 'Git disagrees',
  'promotion-failed': 'promotion failed',
  'promotion-waits': 'promotion waits too long',
  'tag-moved': 'tag moved',
  'tag-vanished': 'tag vanished',
  'latest-in-use': 'latest in use',
  'registry-unreachable': 'registry unreachable',
  'registry-unauthorized': 'registry refuses',
  'rate-limited': 'registry limits requests',
  'registry-answer-invalid': 'registry answers nonsense',
  'git-unreachable': 'Git unreachable',
  'cluster-unreachable': 'cluster unreachable',
  'push-refused': 'push refused',
  'deletion-refused': 'deletion refused',
  'audit-gap': 'audit trail has a gap',
  'audit-broken': 'audit trail changed',
  'audit-not-anchored': 'audit trail not anchored',
  'channel-failing': 'channel fails',
  'host-refuses': 'host takes no deployments',
}

export const alertKinds: readonly string[] = Object.keys(words)

/** What kind of incident it is, in words; one that is not known here is spelled out. */
export const kindWords = (kind: string): string => words[kind] ?? kind.replaceAll('-', ' ')
