import { channelBinding, openSealed } from '#lib/core/credential/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import { beatFact, heartbeatFact, nextBeat, type Beat, type Heartbeat } from '#lib/core/notification/index.ts'
import { redactText } from '#lib/core/redact/index.ts'
import type { WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'store' | 'clock' | 'settings' | 'lease' | 'notifier' | 'log'>

/**
 * Calls the address that others watch, if it is due: only while this worker holds the lease and the database answers.
 * Returns when it is due again, in milliseconds since the epoch; undefined = there is none.
 */
export async function beatOnce(deps: Deps): Promise<number | undefined> {
  const { store, clock } = deps
  const heartbeat = (await store.getFact(heartbeatFact)) as Heartbeat | null | undefined
  if (!heartbeat) return undefined
  const last = (await store.getFact(beatFact)) as Beat | undefined
  const due = nextBeat(heartbeat, last, clock.now())
  if (due > clock.now()) return due
  deps.lease.assertHeld()
  const beat = { at: clock.now(), ...(await call(deps, heartbeat)) }
  if (beat.outcome === 'failed' && last?.outcome !== 'failed')
    deps.log.warn('heartbeat not taken', { host: heartbeat.host, reason: beat.reason })
  await store.setFact(beatFact, beat)
  return nextBeat(heartbeat, beat, clock.now())
}

async function call(deps: Deps, heartbeat: Heartbeat): Promise<Omit<Beat, 'at'>> {
  try {
    const seed = Buffer.from(deps.settings.credentialSeed, 'base64url')
    const url = openSealed(seed, heartbeat.sealed, channelBinding(heartbeat, 'url'))
    const sent = await deps.notifier.beat(url)
    const said = sent.kind === 'sent' ? sent.answer : sent.reason
    const reason = redactText(said, [url, new URL(url).pathname])
    return { outcome: sent.kind === 'sent' ? 'sent' : 'failed', reason }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { outcome: 'failed', reason: error.message }
  }
}
