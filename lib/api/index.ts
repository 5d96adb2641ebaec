import type { Endpoint } from './endpoint.ts'
import * as alerts from './alerts.ts'
import * as audit from './audit.ts'
import * as checks from './checks.ts'
import * as cluster from './cluster.ts'
import * as connection from './connection.ts'
import * as deletions from './deletions.ts'
import * as environments from './environments.ts'
import * as gates from './gates.ts'
import * as images from './images.ts'
import * as notifications from './notifications.ts'
import * as me from './me.ts'
import * as operations from './operations.ts'
import * as people from './people.ts'
import * as promotions from './promotions.ts'
import * as pipeline from './pipeline.ts'
import * as policies from './policies.ts'
import * as providers from './providers.ts'
import * as registries from './registries.ts'
import * as releaseCommands from './release-commands.ts'
import * as releases from './releases.ts'
import * as repository from './repository.ts'
import * as repositoryAccess from './repository-access.ts'
import * as session from './session.ts'
import * as settings from './settings.ts'
import * as system from './system.ts'
import * as tokens from './tokens.ts'
import * as webhooks from './webhooks.ts'

const subjects = {
  Releases: releases,
  'Release commands': releaseCommands,
  Environments: environments,
  Repository: repository,
  'Repository connection': connection,
  'Repository access': repositoryAccess,
  Cluster: cluster,
  Deletions: deletions,
  Images: images,
  Policies: policies,
  Audit: audit,
  Alerts: alerts,
  Notifications: notifications,
  Operations: operations,
  Promotions: promotions,
  Checks: checks,
  Gates: gates,
  Pipeline: pipeline,
  Registries: registries,
  Webhooks: webhooks,
  People: people,
  You: me,
  Tokens: tokens,
  Settings: settings,
  'Sign-in': providers,
  Session: session,
  System: system,
}

/** Every endpoint there is, with the name it is exported under. */
export const endpoints: readonly { name: string; subject: string; endpoint: Endpoint }[] = Object.entries(
  subjects,
).flatMap(([subject, module]) =>
  Object.entries(module)
    .filter((entry): entry is [string, Endpoint] => isEndpoint(entry[1]))
    .map(([name, endpoint]) => ({ name, subject, endpoint })),
)

function isEndpoint(value: unknown): value is Endpoint {
  return typeof value === 'object' && value !== null && 'path' in value && 'permission' in value
}
