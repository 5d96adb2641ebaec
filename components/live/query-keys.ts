import type { LiveEvent } from '#lib/api/system.ts'

type Query = Readonly<Record<string, unknown>>

/** Keys of what the browser keeps. The first part is what a live event renews. */
export const keys = {
  me: ['me'],
  matrix: ['releases', 'matrix'],
  changes: ['releases', 'changes'],
  pipeline: ['releases', 'pipeline'],
  release: (id: string) => ['release', id],
  revisions: (id: string) => ['release', id, 'revisions'],
  diff: (id: string, query: Query) => ['revision', id, query],
  live: (id: string, revision: number) => ['revision', id, 'live', revision],
  releaseImages: (id: string, query: Query) => ['release', id, 'images', query],
  whyNot: (id: string, query: Query) => ['release', id, 'why-not', query],
  activity: (id: string) => ['release', id, 'activity'],
  audit: (query: Query) => ['audit', query],
  verification: ['audit-verification'],
  allAlerts: ['alerts'],
  alerts: (query: Query) => ['alerts', query],
  silences: ['alerts', 'silences'],
  deliveries: (query: Query) => ['alerts', 'deliveries', query],
  channels: ['system', 'notify-channels'],
  heartbeat: ['system', 'heartbeat'],
  notifyRules: ['system', 'notify-rules'],
  allPromotions: ['promotions'],
  promotions: (query: Query) => ['promotions', 'list', query],
  promotion: (id: string) => ['promotions', 'one', id],
  repository: ['repository'],
  pipelineFile: ['repository', 'wheelhouse-yaml'],
  pipelineCheck: (text: string) => ['repository', 'check', text],
  deletions: ['deletions'],
  images: ['images'],
  imageTags: (query: Query) => ['images', 'tags', query],
  settings: ['system', 'settings'],
  cluster: ['system', 'cluster'],
  connection: ['system', 'repository-connection'],
  deployKeys: ['system', 'deploy-keys'],
  hostKeys: ['system', 'host-keys'],
  registryCredentials: ['system', 'registry-credentials'],
  gates: ['system', 'gates'],
  providers: ['system', 'sign-in-providers'],
  webhooks: ['webhooks'],
  hookDeliveries: (query: Query) => ['webhooks', 'deliveries', query],
  hookDelivery: (id: string) => ['webhooks', 'delivery', id],
  tokens: ['tokens'],
  people: ['people'],
  sessionsOf: (person: string) => ['people', person, 'sessions'],
  ownSessions: ['me', 'sessions'],
} as const

/** Which kept answers an event makes old. */
export function keysOf(event: Pick<LiveEvent, 'topic' | 'id'>): readonly (readonly unknown[])[] {
  switch (event.topic) {
    case 'release':
      return [event.id === '' ? ['release'] : ['release', event.id], ['releases']]
    case 'releases':
      return [['releases'], ['release']]
    case 'deletions':
      return [['deletions'], ['release']]
    case 'system':
      if (event.id === 'people') return [['people'], ['me'], ['tokens']]
      return event.id === 'tokens' ? [['tokens']] : [['system'], ['releases'], ['repository']]
    case 'images':
      return [['images'], ['release']]
    case 'promotions':
      return [['promotions'], ['release'], ['releases']]
    case 'repository':
    case 'audit':
    case 'alerts':
    case 'webhooks':
      return [[event.topic]]
  }
}
