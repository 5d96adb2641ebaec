import { z } from 'zod'
import { repositoriesToScan } from '#lib/core/webhook/index.ts'
import { hookBodyBytes, parseJson, readBody } from './read-body.ts'
import { json } from './respond.ts'
import type { RawGiven } from './route.ts'

/** Notification of the distribution registry (docs: "Notifications", media type `…docker.distribution.events.v2+json`). */
const Notification = z.object({
  events: z
    .array(
      z.object({
        action: z.string(),
        target: z.object({ repository: z.string().max(512) }),
        request: z.object({ host: z.string().max(300).optional() }).optional(),
      }),
    )
    .max(10_000),
})

/**
 * Wakes the scan of every watched repository that a push may be about, and has it written down for the case that nobody
 * is awake. Nothing in the body is taken as a fact.
 */
export async function takeRegistryHook({ deps, request }: RawGiven): Promise<Response> {
  const told = Notification.safeParse(parseJson(await readBody(request, hookBodyBytes)))
  const pushed = told.data?.events.filter((event) => event.action === 'push')
  if (pushed?.length === 0) return json({ accepted: true }, 202)
  const watched = await deps.store.listImageRepositories()
  // An unknown shape is still a sign that something happened.
  const due = pushed ? repositoriesToScan(namesOf(pushed), watched) : new Set(watched.map(({ name }) => name))
  await deps.store.requestScans([...due], deps.clock.now())
  for (const name of due) deps.wakeups.wake('scan', name)
  return json({ accepted: true }, 202)
}

function namesOf(events: z.infer<typeof Notification>['events']): Set<string> {
  return new Set(events.map((event) => `${event.request?.host ?? ''}/${event.target.repository}`))
}
