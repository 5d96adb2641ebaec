import type { HookDelivery, Webhook } from '#lib/api/webhooks.ts'
import type { State } from '../ui/state-icon.tsx'

interface KindWords {
  label: string
  /** What comes of a delivery. */
  effect: string
  /** Where at the sender it is set up, and with what. */
  setup: string
}

export const kindWords: Record<Webhook['kind'], KindWords> = {
  github: {
    label: 'GitHub',
    effect: 'A push is fetched at once; pull requests, releases and checks move promotions on.',
    setup:
      'Repository → Settings → Webhooks → Add webhook. Content type application/json, the secret below, and the events Pushes, Pull requests, Releases, Check runs and Workflow runs.',
  },
  ghcr: {
    label: 'GitHub packages (ghcr.io)',
    effect: 'A pushed image is found at once.',
    setup:
      'Organization or repository → Settings → Webhooks → Add webhook. Content type application/json, the secret below, and the events Packages and Registry packages.',
  },
  dockerhub: {
    label: 'Docker Hub',
    effect: 'A pushed image is found at once.',
    setup: 'Repository → Webhooks: any name, and the whole address below. The secret is a part of it.',
  },
  quay: {
    label: 'Quay',
    effect: 'A pushed image is found at once.',
    setup:
      'Repository → Settings → Events and Notifications → Create notification: Push to repository, Webhook POST, and the whole address below. The secret is a part of it.',
  },
  harbor: {
    label: 'Harbor',
    effect: 'A pushed image is found at once.',
    setup: 'Project → Webhooks → New webhook: Artifact pushed, and the secret below as auth header.',
  },
  distribution: {
    label: 'Distribution registry',
    effect: 'A pushed image is found at once.',
    setup: 'notifications.endpoints in the configuration: the url, and headers with Authorization: [Bearer …].',
  },
  git: {
    label: 'Any Git server',
    effect: 'Whatever it sends, the branch is fetched at once.',
    setup: 'A hook after a push, such as post-receive: a POST with the header Authorization: Bearer ….',
  },
}

/** What is pasted at the sender: for those that can be given nothing else, the secret is in the address. */
export function addressWith({ url, proof }: Pick<Webhook, 'url' | 'proof'>, secret: string): string {
  return proof === 'address' ? `${url}?token=${secret}` : url
}

const verdictStates: Record<HookDelivery['verdict']['kind'], State> = { handled: 'ok', ignored: 'none', refused: 'bad' }

export const verdictState = ({ verdict }: Pick<HookDelivery, 'verdict'>): State => verdictStates[verdict.kind]

/** `ignored: branch next, not main`. */
export function verdictWords({ verdict }: Pick<HookDelivery, 'verdict'>): string {
  return verdict.kind === 'handled' ? 'handled' : `${verdict.kind}: ${verdict.because}`
}

/** 20 KB; bytes of what came. */
export function sizeWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
