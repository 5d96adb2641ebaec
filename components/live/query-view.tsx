'use client'

import type { ReactNode } from 'react'
import type { UseQueryResult } from '@tanstack/react-query'
import { ApiError } from '#lib/api/client.ts'
import { ErrorState } from '../ui/error-state.tsx'

/**
 * Shows what a query brought; a skeleton while there is nothing, the error only where there is nothing better: old
 * answers stay in sight, the live indicator says that they are old.
 */
export function QueryView<T>({
  query,
  what,
  loading,
  children,
}: {
  query: UseQueryResult<T>
  /** What could not be loaded: `the releases`. */
  what: string
  loading: ReactNode
  children: (data: T) => ReactNode
}) {
  if (query.data !== undefined) return children(query.data)
  if (!query.isError) return loading
  const { error } = query
  return (
    <ErrorState
      title={`Could not load ${what}`}
      message={error instanceof ApiError ? error.message : 'The answer could not be read.'}
      suggestion={
        error instanceof ApiError
          ? error.suggestion
          : 'Reload the page; if it stays, look into the log of the web process.'
      }
      onRetry={() => void query.refetch()}
    />
  )
}
