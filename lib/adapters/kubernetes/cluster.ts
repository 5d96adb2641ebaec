import type { Agent, OutgoingHttpHeaders } from 'node:http'
import { Fault } from '#lib/core/fault/index.ts'
import type { KubeObject } from '#lib/core/manifest/types.ts'
import type { Clock } from '#lib/ports/clock.ts'
import type { Cluster, KindRef, ObjectRef, Watch } from '#lib/ports/cluster.ts'
import type { Log } from '#lib/ports/log.ts'
import { apiStatusOf } from './api-fault.ts'
import { createConnectionSource } from './connection.ts'
import type { Discovery, ServerResource } from './discovery.ts'
import { createDiscovery } from './discovery.ts'
import { readPages, toObject } from './object-pages.ts'
import { collectionPath, objectPath } from './object-path.ts'
import { startReflector } from './reflector.ts'
import type { Transport } from './transport.ts'
import { createTransport } from './transport.ts'
import type { Timers } from './waker.ts'
import { createWaker, realTimers } from './waker.ts'

export interface ClusterOptions {
  /** Read at the first call, and again whenever it changed; need not exist yet. Absent: the pod's service account. */
  kubeconfigPath?: string
  /** Absent: the kubeconfig's current context. */
  context?: string
  /** Whether the kubeconfig may start programs to sign in (`exec`, `auth-provider`). Default false: Fault `cluster-refused`. */
  allowPlugins?: boolean
  log: Log
  /** 0 ≤ n < 1; spreads reconnects over time. */
  random: () => number
  clock: Clock
  /** Default: the real ones. */
  timers?: Timers
}

/** A `Cluster` with what its owner needs besides. */
export interface ClosableCluster extends Cluster {
  /** The server and the identity used, for other programs that talk to it in our name. */
  reach(): Promise<{ server: URL; agent: Agent; headers(): Promise<OutgoingHttpHeaders> }>
  /** Ends its watches and closes idle connections. */
  close(): void
}

export function createCluster(options: ClusterOptions): ClosableCluster {
  const timers = options.timers ?? realTimers
  const recovered = createWaker(timers)
  const source = createConnectionSource({
    kubeconfigPath: options.kubeconfigPath,
    context: options.context,
    allowPlugins: options.allowPlugins ?? false,
    onChange: () => recovered.wake(),
  })
  const transport = createTransport(source, recovered)
  const discovery = createDiscovery((request) => transport.json(request), options.clock, createWaker(timers))
  const { clock, random, log } = options
  const watches = new Set<Watch>()
  return {
    ...createReads(transport, discovery),
    ...createWrites(transport, discovery),
    server: async () => (await source.current()).server.origin,
    user: () => askUser(transport),
    watch(request) {
      const watch = startReflector({ transport, discovery, clock, random, timers, log }, request)
      const stop = () => {
        watches.delete(watch)
        watch.stop()
      }
      watches.add(watch)
      return { synced: watch.synced, stop }
    },
    async reach() {
      const { server, watchAgent, headers } = await source.current()
      return { server, agent: watchAgent, headers }
    },
    close() {
      for (const watch of watches) watch.stop()
      watches.clear()
      transport.close()
    },
  }
}

type Reads = Pick<Cluster, 'version' | 'get' | 'list' | 'listMetadata' | 'resource' | 'canI'>
type Writes = Pick<Cluster, 'apply' | 'patch' | 'delete'>

function createReads(transport: Transport, discovery: Discovery): Reads {
  const readAll = async (
    kind: KindRef,
    metadataOnly: boolean,
    options: { namespace?: string; labelSelector?: string; limit?: number } = {},
  ): Promise<KubeObject[]> => {
    const resource = await knownResource(discovery, kind)
    const path = collectionPath(resource, options.namespace)
    const limit = options.limit ?? Infinity
    let found: KubeObject[] = []
    await readPages(
      (request) => transport.json(request),
      { path, kind, metadataOnly, labelSelector: options.labelSelector },
      (objects) => {
        for (const object of objects) found.push(object)
        return found.length < limit
      },
      () => {
        found = []
      },
    )
    return found.slice(0, limit)
  }
  return {
    async version() {
      const answer = (await transport.json({ method: 'GET', path: '/version' })) as { gitVersion?: unknown } | null
      return typeof answer?.gitVersion === 'string' ? answer.gitVersion : ''
    },
    async get(ref) {
      const resource = await discovery.find(ref.apiVersion, ref.kind)
      if (resource === undefined) return undefined
      return absentAs(undefined, discovery, ref, async () =>
        toObject(await transport.json({ method: 'GET', path: objectPath(resource, ref) }), ref),
      )
    },
    list: (kind, listOptions) => readAll(kind, false, listOptions),
    listMetadata: (kind, listOptions) => readAll(kind, true, listOptions),
    async resource(apiVersion, kind) {
      const found = await discovery.find(apiVersion, kind)
      return found && { plural: found.plural, namespaced: found.namespaced }
    },
    canI: (verb, kind, namespace) => askAccess(transport, discovery, verb, kind, namespace),
  }
}

function createWrites(transport: Transport, discovery: Discovery): Writes {
  return {
    async apply(object, { fieldManager, force, dryRun }) {
      const resource = await knownResource(discovery, object)
      const { managedFields: _, ...metadata } = object.metadata
      const answer = await transport.json({
        method: 'PATCH',
        path: objectPath(resource, object.metadata),
        query: { fieldManager, force: force ? 'true' : undefined, dryRun: dryRun === true ? 'All' : undefined },
        contentType: 'application/apply-patch+yaml',
        body: JSON.stringify({ ...object, metadata }),
        timeoutMs: 60_000,
      })
      return written(answer, object)
    },
    async patch(ref, patch, options = {}) {
      const resource = await knownResource(discovery, ref)
      const answer = await transport.json({
        method: 'PATCH',
        path: objectPath(resource, ref, options.subresource),
        query: { fieldManager: options.fieldManager ?? 'wheelhouse' },
        contentType: 'application/merge-patch+json',
        body: JSON.stringify(patch),
      })
      return written(answer, ref)
    },
    async delete(ref, options = {}) {
      const resource = await discovery.find(ref.apiVersion, ref.kind)
      if (resource === undefined) return false
      return absentAs(false, discovery, ref, () => deleteObject(transport, objectPath(resource, ref), options))
    },
  }
}

function written(answer: unknown, kind: KindRef): KubeObject {
  const object = toObject(answer, kind)
  if (object === undefined) throw new Fault('cluster-unreachable', 'The API server answered without an object')
  return object
}

async function deleteObject(
  transport: Transport,
  path: string,
  options: { uid?: string; propagation?: string },
): Promise<boolean> {
  const body = {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: options.propagation,
    ...(options.uid === undefined ? {} : { preconditions: { uid: options.uid } }),
  }
  try {
    await transport.json({ method: 'DELETE', path, body: JSON.stringify(body) })
    return true
  } catch (error) {
    // Another object of that name: the one that was meant is not there.
    if (options.uid !== undefined && apiStatusOf(error)?.status === 409) return false
    throw error
  }
}

/** `SelfSubjectReview`, since Kubernetes 1.28; an older server knows no such path. */
async function askUser(transport: Transport): Promise<string | undefined> {
  const apiVersion = 'authentication.k8s.io/v1'
  const path = `/apis/${apiVersion}/selfsubjectreviews`
  const body = JSON.stringify({ apiVersion, kind: 'SelfSubjectReview' })
  try {
    const review = (await transport.json({ method: 'POST', path, body })) as {
      status?: { userInfo?: { username?: unknown } }
    } | null
    const user = review?.status?.userInfo?.username
    return typeof user === 'string' ? user : undefined
  } catch (error) {
    if (apiStatusOf(error)?.status === 404) return undefined
    throw error
  }
}

/** `SelfSubjectAccessReview`; a kind the server does not know cannot be acted upon. */
async function askAccess(
  transport: Transport,
  discovery: Discovery,
  verb: string,
  kind: KindRef,
  namespace: string | undefined,
): Promise<boolean> {
  const resource = await discovery.find(kind.apiVersion, kind.kind)
  if (resource === undefined) return false
  const slash = kind.apiVersion.indexOf('/')
  const resourceAttributes = {
    verb,
    group: slash === -1 ? '' : kind.apiVersion.slice(0, slash),
    version: kind.apiVersion.slice(slash + 1),
    resource: resource.plural,
    namespace: resource.namespaced ? namespace : undefined,
  }
  const review = (await transport.json({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: JSON.stringify({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    }),
  })) as { status?: { allowed?: unknown } } | null
  return review?.status?.allowed === true
}

async function knownResource(discovery: Discovery, kind: KindRef): Promise<ServerResource> {
  const resource = await discovery.find(kind.apiVersion, kind.kind)
  if (resource !== undefined) return resource
  throw new Fault('cluster-refused', `The API server does not know ${kind.kind} of ${kind.apiVersion}`, {
    retryable: true,
    suggestion: 'Install the custom resource definition that brings this kind.',
  })
}

async function absentAs<A, B>(absent: A, discovery: Discovery, ref: ObjectRef, run: () => Promise<B>): Promise<A | B> {
  try {
    return await run()
  } catch (error) {
    const status = apiStatusOf(error)
    if (status?.status !== 404) throw error
    // The path itself is unknown: the kind left the server since discovery.
    if (status.objectName === undefined) discovery.forget(ref.apiVersion)
    return absent
  }
}
