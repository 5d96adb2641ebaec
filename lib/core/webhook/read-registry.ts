import { z } from 'zod'
import { dockerHubHost } from '../image/index.ts'
import type { Told } from './types.ts'

const name = z.string().min(1).max(512)

/** Docker Hub, docs: "Webhooks", example payload. */
const DockerHub = z.object({ repository: z.object({ repo_name: name }) })

/** Quay, docs: "Repository notifications", repository push. Only that event names the tags. */
const Quay = z.object({ docker_url: name, updated_tags: z.array(z.string()).optional() })

const HarborEvent = z.object({
  repository: z.object({ repo_full_name: name }),
  resources: z.array(z.object({ resource_url: name.optional() })).max(10_000),
})

/** Harbor, docs: "Configure webhook notifications": its own format, and CloudEvents. */
const Harbor = z.union([
  z.object({ type: z.string(), event_data: HarborEvent }).transform(({ type, event_data: data }) => ({ type, data })),
  z
    .object({ type: z.string(), specversion: z.string(), data: HarborEvent })
    .transform(({ type, data }) => ({ type, data })),
])
const harborPushes = new Set(['PUSH_ARTIFACT', 'harbor.artifact.pushed'])

/** The distribution registry, docs: "Notifications", media type `…docker.distribution.events.v2+json`. */
const Distribution = z.object({
  events: z
    .array(
      z.object({
        action: z.string(),
        target: z.object({ repository: name }),
        request: z.object({ host: z.string().max(300).optional() }).optional(),
      }),
    )
    .max(10_000),
})

/** What the sender calls the event, for people; these senders name it in the body. */
export function registryEvent(payload: unknown): string {
  const told = z
    .union([
      z.object({ type: z.string() }).transform(({ type }) => type),
      z
        .object({ events: z.array(z.object({ action: z.string() })).max(10_000) })
        .transform(({ events }) => [...new Set(events.map(({ action }) => action))].sort().join(', ')),
    ])
    .safeParse(payload)
  return told.success ? told.data.slice(0, 100) : 'push'
}

export function readDockerHub(payload: unknown): Told {
  const told = DockerHub.safeParse(payload)
  if (!told.success) return unclear
  const path = told.data.repository.repo_name
  return { kind: 'images', names: [`${dockerHubHost}/${path.includes('/') ? path : `library/${path}`}`] }
}

export function readQuay(payload: unknown): Told {
  const told = Quay.safeParse(payload)
  if (!told.success) return unclear
  if (!told.data.updated_tags) return { kind: 'nothing', because: 'not about a push' }
  return { kind: 'images', names: [told.data.docker_url] }
}

export function readHarbor(payload: unknown): Told {
  const told = Harbor.safeParse(payload)
  if (!told.success) return unclear
  const { type, data } = told.data
  if (!harborPushes.has(type)) return { kind: 'nothing', because: `${type.slice(0, 100)} is not about a push` }
  const hosts = data.resources.flatMap(({ resource_url: url }) => url?.slice(0, Math.max(0, url.indexOf('/'))) ?? [])
  return { kind: 'images', names: [`${hosts[0] ?? ''}/${data.repository.repo_full_name}`] }
}

export function readDistribution(payload: unknown): Told {
  const told = Distribution.safeParse(payload)
  if (!told.success) return unclear
  const pushed = told.data.events.filter(({ action }) => action === 'push')
  if (pushed.length === 0) return { kind: 'nothing', because: 'not about a push' }
  const names = pushed.map(({ request, target }) => `${request?.host ?? ''}/${target.repository}`)
  return { kind: 'images', names: [...new Set(names)] }
}

/** An unknown shape is still a sign that something happened. */
const unclear: Told = { kind: 'images' }
