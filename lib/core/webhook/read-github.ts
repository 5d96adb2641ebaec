import { z } from 'zod'
import type { Told } from './types.ts'

const Repository = z.object({ full_name: z.string().max(300) })
const About = z.object({ repository: Repository })
const Push = z.object({ ref: z.string().max(1000), after: z.string().max(64), repository: Repository })

const Package = z.object({
  name: z.string().max(300),
  namespace: z.string().max(300).nullish(),
  package_type: z.string().max(50),
  /** Null in a package without versions. */
  package_version: z.object({ package_url: z.string().max(600).nullish() }).nullish(),
})

/** Docs: "Webhook events and payloads". Both names of the one event are still sent. */
const PackageEvent = z.union([
  z.object({ package: Package }).transform((event) => event.package),
  z.object({ registry_package: Package }).transform((event) => event.registry_package),
])

const branchPrefix = 'refs/heads/'

/** What an event of a repository means. Never throws: what is not understood is nothing, with a reason. */
export function readGitHub(event: string, payload: unknown): Told {
  switch (event) {
    case 'ping':
      return { kind: 'ping' }
    case 'push':
      return readPush(payload)
    case 'pull_request': {
      const about = About.safeParse(payload)
      return about.success ? { kind: 'pull-request', repository: about.data.repository.full_name } : unreadable(event)
    }
    case 'release':
    case 'workflow_run':
    case 'check_run':
    case 'status':
      return { kind: 'progress' }
    case 'package':
    case 'registry_package':
      return readPackage(event, payload)
    default:
      return { kind: 'nothing', because: `unknown event ${event.slice(0, 100)}` }
  }
}

/** The same for a webhook that is there for packages alone. */
export function readGhcr(event: string, payload: unknown): Told {
  if (['ping', 'package', 'registry_package'].includes(event)) return readGitHub(event, payload)
  return { kind: 'nothing', because: `this webhook is for packages, not for ${event.slice(0, 100)}` }
}

function readPush(payload: unknown): Told {
  const push = Push.safeParse(payload)
  if (!push.success) return unreadable('push')
  const { ref, after, repository } = push.data
  if (!ref.startsWith(branchPrefix)) return { kind: 'nothing', because: `${ref.slice(0, 200)} is no branch` }
  return { kind: 'pushed', repository: repository.full_name, branch: ref.slice(branchPrefix.length), commit: after }
}

function readPackage(event: string, payload: unknown): Told {
  const told = PackageEvent.safeParse(payload)
  if (!told.success) return unreadable(event)
  const { name, namespace, package_type: type, package_version: version } = told.data
  if (!/^(container|docker)$/i.test(type))
    return { kind: 'nothing', because: `a package of kind ${type}, not an image` }
  // `ghcr.io/owner/name:tag`, or `…@sha256:…`; older events have no such address.
  const url = version?.package_url?.replace(/^https?:\/\//, '').replace(/@.*$|:[^/]*$/, '')
  if (url) return { kind: 'images', names: [url.toLowerCase()] }
  if (namespace) return { kind: 'images', names: [`ghcr.io/${namespace}/${name}`.toLowerCase()] }
  return unreadable(event)
}

const unreadable = (event: string): Told => ({ kind: 'nothing', because: `a ${event} whose payload says too little` })
