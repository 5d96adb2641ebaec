/** What an audit row says of itself, as far as its words need it. */
export interface DescribedEvent {
  /** `noun.what`, such as `commit.done`. */
  kind: string
  reason?: string
  commit?: string
  revision?: number
  data: Record<string, unknown>
}

/** `what` stands alone; `detail` follows it in a fainter tone. */
export interface EventWords {
  what: string
  detail?: string
}

const helmActions = new Set(['install', 'upgrade', 'rollback', 'uninstall', 'unlock', 'test'])

const fixed: Record<string, string> = {
  'tag.seen': 'Image pushed',
  'apply.intent': 'Applying to the cluster',
  'apply.done': 'Applied to the cluster',
  'apply.failed': 'Not applied to the cluster',
  'commit.intent': 'Committing',
  'commit.done': 'Committed',
  'pipeline.changed': 'wheelhouse.yaml written',
  'policy.locked': 'Held',
  'policy.unlocked': 'Hold lifted',
  'policy.automated': 'Automation switched on',
  'policy.deautomated': 'Automation switched off',
  'policy.changed': 'Policy changed',
  'release.requested': 'Tag asked for by hand',
  'release.retry-asked': 'Retry asked for',
  'release.unlock-asked': 'Unlock asked for',
  'release.adopt-asked': 'Adoption asked for',
  'release.adopted': 'Adopted',
  'deletion.asked': 'Deletion waits for consent',
  'deletion.consented': 'Deletion consented to',
  'deletion.kept': 'Kept in the cluster',
  'deletion.cancelled': 'Deletion cancelled',
  'deletion.done': 'Deleted from the cluster',
  'git.fetched': 'Fetched from Git',
  'alert.opened': 'Alert opened',
  'alert.recovered': 'Alert recovered',
  'alert.acknowledged': 'Alert acknowledged',
  'alert.silenced': 'Alerts silenced',
  'alert.silence-ended': 'Silence ended',
  'notify-channel.saved': 'Channel for notifications set up',
  'notify-channel.changed': 'Channel for notifications changed',
  'notify-channel.removed': 'Channel for notifications removed',
  'notify-rule.saved': 'Rule for notifications added',
  'notify-rule.changed': 'Rule for notifications changed',
  'notify-rule.removed': 'Rule for notifications removed',
  'heartbeat.saved': 'Heartbeat set up',
  'heartbeat.removed': 'Heartbeat stopped',
  'environment.mode': 'Mode set',
  'session.created': 'Signed in',
  'session.refused': 'Sign-in refused',
  'session.ended': 'Signed out by hand',
  'password.chosen': 'Password chosen by a link',
  'password.changed': 'Password changed',
  'password.link-made': 'Link for a new password made',
  'person.invited': 'Person invited',
  'person.linked': 'Came in by a provider',
  'person.roles-kept': 'Roles not renewed',
  'sign-in-provider.saved': 'Way to sign in saved',
  'sign-in-provider.removed': 'Way to sign in removed',
  'person.renamed': 'Person renamed',
  'person.roles': 'Roles changed',
  'person.disabled': 'Person disabled',
  'person.enabled': 'Person enabled',
  'person.removed': 'Person removed',
  'webhook.created': 'Webhook made',
  'webhook.rotated': 'Secret of a webhook rotated',
  'webhook.removed': 'Webhook removed',
  'webhook.replayed': 'Delivery replayed',
  'webhook.redelivery-asked': 'Missed delivery asked for again',
  'repository.connected': 'Repository connected',
  'repository.changed': 'Connection to the repository changed',
  'repository.disconnected': 'Repository disconnected',
  'deploy-key.created': 'Deploy key made',
  'deploy-key.let-in': 'Deploy key let in by the Git host',
  'deploy-key.dropped': 'Former deploy key dropped',
  'deploy-key.withdrawn': 'Deploy key withdrawn before its use',
  'host-key.pinned': 'Key of a Git host trusted',
  'host-key.forgotten': 'Key of a Git host forgotten',
  'token.created': 'API token made',
  'token.revoked': 'API token revoked',
}

/** The words that pages and API use for an audit row; an unknown kind is spelled out. */
export function describeEvent(event: DescribedEvent): EventWords {
  const [noun = event.kind, outcome = ''] = event.kind.split('.', 2)
  if (event.kind === 'decision.made') return { what: chosenBy(event.data.moves), detail: event.reason }
  if (helmActions.has(noun)) return { what: `helm ${noun}`, detail: helmDetail(event) }
  const what = fixed[event.kind] ?? `${noun} ${outcome.replaceAll('-', ' ')}`.trim()
  return { what: what.charAt(0).toUpperCase() + what.slice(1), detail: event.reason ?? factOf(event) }
}

function chosenBy(moves: unknown): string {
  const policies = Array.isArray(moves) ? moves.map((move) => textAt(move, 'policy')).filter(Boolean) : []
  if (policies.length === 0) return 'Chosen'
  return policies.length === 1 ? `Chosen by ${policies[0]}` : `Chosen by ${policies.length} policies`
}

/** `revision 43 · 0.62 s`, or what helm said. */
function helmDetail({ reason, revision, data }: DescribedEvent): string | undefined {
  if (reason !== undefined) return reason
  const { durationMs } = data
  const parts = [
    revision === undefined ? undefined : `revision ${revision}`,
    typeof durationMs === 'number' ? `${(durationMs / 1000).toFixed(2)} s` : undefined,
  ].filter((part) => part !== undefined)
  return parts.length > 0 ? parts.join(' · ') : undefined
}

function factOf({ kind, commit, data }: DescribedEvent): string | undefined {
  switch (kind) {
    case 'tag.seen': {
      const [repository, tag] = [textAt(data, 'repository'), textAt(data, 'tag')]
      return repository && tag ? `${repository.slice(repository.indexOf('/') + 1)}:${tag}` : tag
    }
    case 'git.fetched':
      return counted(data)
    case 'apply.intent':
    case 'apply.done':
      return typeof data.count === 'number' ? objects(data.count) : undefined
    case 'commit.intent':
      return textAt(data, 'path')
    case 'environment.mode':
      return textAt(data, 'mode') ?? textAt(data, 'after')
    default:
      return commit?.slice(0, 7)
  }
}

const objects = (count: number): string => `${count} ${count === 1 ? 'object' : 'objects'}`

function counted({ documents, problems }: Record<string, unknown>): string | undefined {
  if (typeof documents !== 'number') return undefined
  const found = `${documents} documents`
  if (typeof problems !== 'number' || problems === 0) return found
  return `${found}, ${problems} ${problems === 1 ? 'problem' : 'problems'}`
}

function textAt(value: unknown, key: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const found: unknown = Object.entries(value).find(([name]) => name === key)?.[1]
  return typeof found === 'string' ? found : undefined
}
