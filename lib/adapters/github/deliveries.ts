import type { MissedDelivery } from '#lib/ports/git-host.ts'
import type { Answer, GitHubClient } from './client.ts'

type Delivery = Answer<'GET /repos/{owner}/{repo}/hooks/{hook_id}/deliveries'>[number]

const pageSize = 100
/** A thousand deliveries; who misses more has other troubles. */
const maxPages = 10

/**
 * GitHub keeps deliveries for three days and never tries one again by itself. A GitHub App has one webhook for all its
 * repositories, anybody else one in the repository, found by its address.
 */
export async function missedDeliveries(
  client: GitHubClient,
  hookUrl: string,
  since: number,
): Promise<MissedDelivery[]> {
  const hook = client.credentials.kind === 'app' ? 'app' : await findHook(client, hookUrl)
  if (hook === undefined) return []
  const attempts = await listDeliveries(client, hook, since)
  const taken = new Set(attempts.filter(({ status_code }) => isTaken(status_code)).map(({ guid }) => guid))
  const missed = new Map(attempts.filter(({ guid }) => !taken.has(guid)).map((attempt) => [attempt.guid, attempt]))
  return [...missed.values()]
    .map(({ id, guid, event, delivered_at }) => {
      return { id: String(id), delivery: guid, event, at: Date.parse(delivered_at), hook }
    })
    .toSorted((one, other) => one.at - other.at)
}

export async function redeliver(client: GitHubClient, { id, hook }: MissedDelivery): Promise<void> {
  const delivery_id = Number(id)
  if (hook === 'app') await client.callAsApp('POST /app/hook/deliveries/{delivery_id}/attempts', { delivery_id })
  else {
    const hook_id = Number(hook)
    await client.call('POST /repos/{owner}/{repo}/hooks/{hook_id}/deliveries/{delivery_id}/attempts', {
      hook_id,
      delivery_id,
    })
  }
}

async function findHook(client: GitHubClient, hookUrl: string): Promise<string | undefined> {
  const hooks = await client.readAll('GET /repos/{owner}/{repo}/hooks', {})
  const found = hooks.find(({ config }) => config.url === hookUrl)
  return found && String(found.id)
}

/** Newest first, as far back as `since`. */
async function listDeliveries(client: GitHubClient, hook: string, since: number): Promise<Delivery[]> {
  const found: Delivery[] = []
  let cursor: string | undefined
  for (let page = 0; page < maxPages; page += 1) {
    const asked = { per_page: pageSize, ...(cursor === undefined ? {} : { cursor }) }
    const { data, next } =
      hook === 'app'
        ? await client.page('GET /app/hook/deliveries', asked, true)
        : await client.page(
            'GET /repos/{owner}/{repo}/hooks/{hook_id}/deliveries',
            { hook_id: Number(hook), ...asked },
            false,
          )
    found.push(...data.filter(({ delivered_at }) => Date.parse(delivered_at) >= since))
    const oldest = data.at(-1)
    if (next === undefined || !oldest || Date.parse(oldest.delivered_at) < since) break
    cursor = next
  }
  return found
}

function isTaken(status: number): boolean {
  return status >= 200 && status < 300
}
