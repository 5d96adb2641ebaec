'use client'

import { Button } from '../ui/button.tsx'
import { Input, Select } from '../ui/field.tsx'
import type { AuditFilters } from './use-audit.ts'

const kinds = [
  'tag',
  'decision',
  'commit',
  'apply',
  'install',
  'upgrade',
  'rollback',
  'uninstall',
  'policy',
  'pipeline',
  'deletion',
  'environment',
  'session',
  'token',
]

const localTime = (at: number | null): string => {
  if (at === null) return ''
  const time = new Date(at)
  return new Date(at - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

export function AuditFilterBar({
  filters,
  onChange,
}: {
  filters: AuditFilters
  onChange: (change: Partial<AuditFilters> | null) => void
}) {
  const any = Object.values(filters).some((value) => value !== null && value !== '')
  const text = (name: 'actor' | 'environment' | 'release' | 'operation' | 'commit', label: string, width: string) => (
    <Input
      type="search"
      aria-label={label}
      placeholder={label}
      data-search={name === 'actor' ? '' : undefined}
      value={filters[name] ?? ''}
      onChange={(event) => onChange({ [name]: event.target.value || null })}
      className={width}
    />
  )
  const time = (name: 'since' | 'until', label: string) => (
    <label className="flex items-center gap-1.5 text-xs text-faint max-sm:col-span-2 max-sm:grid max-sm:grid-cols-[32px_minmax(0,1fr)]">
      {label}
      <Input
        type="datetime-local"
        value={localTime(filters[name])}
        onChange={(event) => onChange({ [name]: event.target.value ? new Date(event.target.value).getTime() : null })}
        className="text-xs"
      />
    </label>
  )
  return (
    <search
      aria-label="Filter events"
      className="mb-3 flex flex-wrap items-center gap-2 max-sm:grid max-sm:grid-cols-2 max-sm:[&_:is(input,select)]:w-full"
    >
      <Select
        aria-label="Kind"
        value={filters.kind ?? ''}
        onChange={(event) => onChange({ kind: event.target.value || null })}
      >
        <option value="">All kinds</option>
        {kinds.map((kind) => (
          <option key={kind}>{kind}</option>
        ))}
        {filters.kind && !kinds.includes(filters.kind) && <option>{filters.kind}</option>}
      </Select>
      {text('actor', 'Who', 'w-36')}
      {text('environment', 'Environment', 'w-32')}
      {text('commit', 'Commit', 'w-32')}
      {filters.operation !== null && text('operation', 'Operation', 'w-44')}
      {filters.release !== null && text('release', 'Release', 'w-44')}
      {time('since', 'from')}
      {time('until', 'to')}
      {any && (
        <Button kind="quiet" size="sm" onClick={() => onChange(null)}>
          Clear
        </Button>
      )}
    </search>
  )
}
