'use client'

import { DeployKeys } from './deploy-keys.tsx'
import { HostKeys } from './host-keys.tsx'
import { RepositoryConnection } from './repository-connection.tsx'

/** How the config repository is reached, whether that works, and who proves what to whom. */
export function RepositorySettings() {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-[18px] xl:grid-cols-2">
      <RepositoryConnection />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-[18px]">
        <DeployKeys />
        <HostKeys />
      </div>
    </div>
  )
}
