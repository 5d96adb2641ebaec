import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Fault } from '#lib/core/fault/index.ts'
import type { Connection } from './agents.ts'
import { createAgents } from './agents.ts'
import { delegatedConnection } from './delegated-connection.ts'
import type { Credential, KeyMaterial, PlainAccess } from './kubeconfig.ts'
import { inClusterAccess, parseKubeconfig } from './kubeconfig.ts'

export interface ConnectionSource {
  /** Reads the kubeconfig at first and whenever it changed. Throws Fault `cluster-unreachable` while it cannot be used. */
  current(): Promise<Connection>
  /** Stops looking at the file and closes idle connections. */
  close(): void
}

export interface ConnectionOptions {
  /** Absent: the service account of the pod. */
  kubeconfigPath: string | undefined
  context: string | undefined
  /** Whether the kubeconfig may start programs (`exec`, `auth-provider`). */
  allowPlugins: boolean
  /** The file was missing or unusable, and has now changed. */
  onChange(): void
}

/** Cheap enough to look twice a second at one file that does not exist yet. */
const filePollMs = 500

export function createConnectionSource(options: ConnectionOptions): ConnectionSource {
  let known: { stamp: string; connection: Promise<Connection> } | undefined
  let poll: NodeJS.Timeout | undefined

  /** Runs only while the file is missing or unusable. */
  const watchFile = (path: string, stamp: string) => {
    poll ??= setInterval(() => {
      void fileStamp(path).then((now) => {
        if (now === stamp || poll === undefined) return
        clearInterval(poll)
        poll = undefined
        options.onChange()
      })
    }, filePollMs)
    poll.unref()
  }

  const replace = (stamp: string, make: () => Promise<Connection>): Promise<Connection> => {
    const connection = make()
    void known?.connection.then((old) => old.close()).catch(() => {})
    known = { stamp, connection }
    connection.catch(() => {
      if (options.kubeconfigPath !== undefined) watchFile(options.kubeconfigPath, stamp)
    })
    return connection
  }

  return {
    async current() {
      const path = options.kubeconfigPath
      if (path === undefined) return known?.connection ?? replace('', async () => connectInCluster())
      const stamp = await fileStamp(path)
      if (stamp === '') {
        watchFile(path, stamp)
        throw new Fault('cluster-unreachable', `Waiting for the kubeconfig ${path} to be written`, {
          retryable: true,
          suggestion: 'It is read as soon as it is there.',
        })
      }
      if (known?.stamp === stamp) return known.connection
      return replace(stamp, () => connectByFile(path, options))
    },
    close() {
      clearInterval(poll)
      poll = undefined
      void known?.connection.then((connection) => connection.close()).catch(() => {})
      known = undefined
    },
  }
}

/** '' when there is no such file. */
async function fileStamp(path: string): Promise<string> {
  try {
    const seen = await stat(path)
    return `${seen.ino}:${seen.mtimeMs}:${seen.size}`
  } catch {
    return ''
  }
}

async function connectByFile(path: string, options: ConnectionOptions): Promise<Connection> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Fault('cluster-unreachable', `The kubeconfig ${path} cannot be read`, { cause, retryable: true })
  })
  const access = parseKubeconfig(text, dirname(path), options.context)
  if (access.kind === 'plain') return connectPlainly(access)
  if (access.to !== 'proxy' && !options.allowPlugins) {
    throw new Fault('cluster-refused', `The kubeconfig wants to start a program (${access.to}) to sign in`, {
      suggestion: 'Use a service account token or a client certificate, or allow kubeconfig plug-ins explicitly.',
    })
  }
  return delegatedConnection(access, path)
}

async function connectInCluster(): Promise<Connection> {
  const access = inClusterAccess(process.env)
  if (access === undefined) {
    throw new Fault('cluster-unreachable', 'No kubeconfig is configured, and this is not a pod', {
      suggestion: 'Name a kubeconfig file.',
    })
  }
  return connectPlainly(access)
}

async function connectPlainly(access: PlainAccess): Promise<Connection> {
  const [ca, cert, key] = await Promise.all([access.ca, access.certificate, access.key].map(pemOf))
  const agents = createAgents(access.server, {
    ca,
    cert,
    key,
    servername: access.serverName,
    rejectUnauthorized: !access.skipTlsVerify,
  })
  const authorization = createAuthorization(access.credential)
  return {
    server: access.server,
    ...agents,
    async headers() {
      const value = await authorization()
      return { ...access.impersonate, ...(value === undefined ? {} : { Authorization: value }) }
    },
  }
}

async function pemOf(material: KeyMaterial | undefined): Promise<Buffer | undefined> {
  if (material === undefined) return undefined
  if (material.kind === 'inline') return material.pem
  return readFile(material.path).catch((cause: unknown) => {
    throw new Fault('cluster-unreachable', `The kubeconfig names ${material.path}, which cannot be read`, {
      cause,
      retryable: true,
    })
  })
}

function createAuthorization(credential: Credential): () => Promise<string | undefined> {
  switch (credential.kind) {
    case 'none':
      return async () => undefined
    case 'token':
      return async () => `Bearer ${credential.token}`
    case 'basic': {
      const value = `Basic ${Buffer.from(`${credential.username}:${credential.password}`).toString('base64')}`
      return async () => value
    }
    case 'token-file':
      return createTokenFileReader(credential.path)
  }
}

function createTokenFileReader(path: string): () => Promise<string> {
  let known = { stamp: '', token: '' }
  return async () => {
    const stamp = await fileStamp(path)
    if (stamp !== known.stamp || stamp === '') {
      const token = await readFile(path, 'utf8').catch((cause: unknown) => {
        throw new Fault('cluster-unreachable', `The token file ${path} cannot be read`, { cause, retryable: true })
      })
      known = { stamp, token: token.trim() }
    }
    return `Bearer ${known.token}`
  }
}
