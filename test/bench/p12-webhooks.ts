import { sendEndless, sendPushes, type Target } from './p12-load.ts'
import { processFacts } from './processes.ts'
import type { Context, Figures } from './scenario.ts'
import { percentile, rounded, summary } from './statistics.ts'
import { startWebAlone, type WebAlone } from './web-alone.ts'

const perSecond = 200
const seconds = 20
const targetMs = 100
const targetMiB = 5
const endlessBytes = 1024 * 1024 * 1024

/** The web process alone, with a database that keeps what it says: deliveries of 20 KB, then a body of 1 GB. */
export async function measureWebhooks({ options, opened }: Context): Promise<Figures> {
  const { web, token, pid, store, stop } = await startWebAlone(opened)
  try {
    const target = await makeHook(web, token)
    await sendPushes(target, { perSecond, count: perSecond, name: 'warm' })
    const unsigned = []
    for (let round = 0; round < 3; round++) unsigned.push(await sendEndless(target.url, pid, endlessBytes))
    options.log(`unsigned: ${JSON.stringify(unsigned)}`)
    const sent = perSecond * seconds
    const before = (await processFacts(pid))?.cpuSeconds ?? 0
    const answers = await sendPushes(target, { perSecond, count: sent, name: 'push' })
    const acknowledged = answers.filter(({ status }) => status === 202).length
    const cpuMs = (((await processFacts(pid))?.cpuSeconds ?? 0) - before) * 1000
    const kept = (await countKept(store)) - perSecond
    const times = answers.map(({ ms }) => ms)
    const figure = percentile(times, 0.99)
    // The first one brings in what a refusal needs; it counts too.
    const growthMiB = Math.max(...unsigned.map((one) => one.growthMiB))
    return {
      figure: rounded(figure, 1),
      unit: 'ms',
      baseline: null,
      ratio: null,
      target: '200/s × 20 KB: acknowledged p99 ≤100 ms, none lost; 1 GB unsigned: RSS +≤5 MB',
      met: figure <= targetMs && acknowledged === sent && kept === sent && growthMiB <= targetMiB,
      details: {
        sent,
        acknowledged,
        kept,
        times: summary(times),
        cpuMsEach: rounded(cpuMs / sent),
        growthMiB: rounded(growthMiB, 1),
        unsigned,
      },
    }
  } finally {
    await stop()
  }
}

async function countKept(store: WebAlone['store']): Promise<number> {
  let [found, after]: [number, string | undefined] = [0, undefined]
  do {
    const page = await store.listHookDeliveries({ limit: 500, ...(after === undefined ? {} : { after }) })
    found += page.items.filter(({ verdict }) => verdict.kind === 'handled').length
    after = page.next
  } while (after !== undefined)
  return found
}

async function makeHook(web: string, token: string): Promise<Target> {
  const response = await fetch(`${web}/api/v1/webhooks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'github', name: 'bench' }),
  })
  const { webhook, secret } = (await response.json()) as { webhook: { url: string }; secret: string }
  return { url: webhook.url, secret }
}
