import { randomBytes } from 'node:crypto'
import { identityProviders, scryptPasswords } from '#lib/adapters/auth/index.ts'
import { createStore, createWakeups } from '#lib/adapters/postgres/index.ts'
import { decryptText, encryptText, saltBytes } from '#lib/core/credential/index.ts'
import { KnownSecrets, redaction } from '#lib/core/redact/index.ts'
import { keptPayload } from '#lib/core/webhook/index.ts'
import type { Config } from '#lib/config/config.ts'
import type { Log } from '#lib/ports/log.ts'
import { LiveEvents } from '#lib/server/live-events.ts'
import { createMetrics } from '#lib/server/metrics.ts'
import type { WebDeps } from '#lib/server/web-deps.ts'
import { webKey } from './process-keys.ts'
import { redactingStore } from './redacting-store.ts'
import { freshId, hashSecret, newSecret } from './secrets.ts'
import { shownConnection } from './shown-connection.ts'
import { secretsInConfig } from './secrets-in-config.ts'

export interface Web {
  deps: WebDeps
  close(): Promise<void>
}

const remembered = 200

/** Hundreds of deliveries a second are proven with a few secrets: each is decrypted once as long as it stands as it does. */
function remembering(decrypt: WebDeps['decrypt']): WebDeps['decrypt'] {
  const known = new Map<string, string>()
  return (encrypted, binding) => {
    const name = `${binding}\n${encrypted}`
    const found = known.get(name) ?? decrypt(encrypted, binding)
    if (known.size >= remembered) known.clear()
    known.set(name, found)
    return found
  }
}

/** Builds what the web process uses. `databaseUrl` is of a migrated database. */
export async function wireWeb(config: Config, databaseUrl: string, version: string, log: Log): Promise<Web> {
  const clock = { now: () => Date.now() }
  const secrets = new KnownSecrets()
  secrets.add('config', secretsInConfig(config))
  const plain = await createStore({ url: databaseUrl, log, clock, applicationName: 'wheelhouse-web', poolSize: 8 })
  const store = redactingStore(plain, redaction, secrets)
  const wakeups = await createWakeups({ url: databaseUrl, log })
  const key = Buffer.from(await webKey(config, 'secrets'), 'base64url')
  const connection = await shownConnection(config, store, wakeups, log)
  const live = new LiveEvents({ store, log })
  const deps: WebDeps = {
    store,
    wakeups,
    clock,
    log,
    live,
    metrics: createMetrics(),
    random: randomBytes,
    encrypt: (text, binding) => encryptText(key, text, binding, randomBytes(saltBytes)),
    decrypt: remembering((encrypted, binding) => decryptText(key, encrypted, binding)),
    newId: freshId,
    newSecret,
    hashSecret,
    passwords: scryptPasswords(),
    identityProviders: identityProviders({ insideHosts: config.insideHosts }),
    webUrl: config.webUrl,
    keptPayload,
    hookSecret: config.hookSecret,
    shown: {
      clusterName: config.clusterName,
      get repository() {
        return connection.current().repository
      },
      get branch() {
        return connection.current().branch
      },
      get source() {
        return connection.current().source
      },
      get defaultMode() {
        return connection.current().defaultMode
      },
      insecureRegistries: config.insecureRegistries,
      version,
    },
    renewShown: () => connection.refresh(),
  }
  const close = async (): Promise<void> => {
    live.close()
    await wakeups.close()
    await store.close()
  }
  return { deps, close }
}
