'use client'

import type { ReactNode } from 'react'
import type { Permission } from '#lib/api/endpoint.ts'
import { useBlocked } from '../session/use-me.ts'
import { PageHead } from '../shell/page-head.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Tabs } from '../ui/tabs.tsx'

const tabs = [
  { href: '/settings', label: 'Installation' },
  { href: '/settings/repository', label: 'Repository' },
  { href: '/settings/clusters', label: 'Clusters' },
  { href: '/settings/registries', label: 'Registries' },
  { href: '/settings/notifications', label: 'Notifications' },
  { href: '/settings/webhooks', label: 'Webhooks' },
  { href: '/settings/tokens', label: 'API tokens' },
  { href: '/settings/people', label: 'People' },
  { href: '/settings/sign-in', label: 'Sign-in' },
]

export function SettingsFrame({ children }: { children: ReactNode }) {
  return (
    <>
      <PageHead title="Settings" />
      <Tabs label="Settings" tabs={tabs} />
      {children}
    </>
  )
}

/** Shows its content to those who may see it, and tells the others who could. */
export function ForThose({ permission, children }: { permission: Permission; children: ReactNode }) {
  const blocked = useBlocked(permission)
  if (!blocked) return children
  return (
    <EmptyState icon="lock" title="Not yours to see">
      {blocked} Ask one of them.
    </EmptyState>
  )
}
