'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { useState } from 'react'
import { toast } from 'sonner'
import { call } from '#lib/api/client.ts'
import type { Matrix } from '#lib/api/environments.ts'
import { applyMany, promoteMany } from '#lib/api/promotions.ts'
import { tellError } from '../commands/use-command.ts'
import { useBlocked } from '../session/use-me.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Select } from '../ui/field.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { bulkWays, type BulkWay } from './bulk-ways.ts'

type Planned = Awaited<ReturnType<typeof call<typeof promoteMany>>>['items']

/** Several applications into one environment: chosen, planned, looked at, then agreed to with one press; one commit. */
export function PromoteManyDialog({ matrix, onClose }: { matrix: Matrix; onClose: () => void }) {
  const ways = bulkWays(matrix)
  const [chosen, choose] = useState(0)
  const [off, setOff] = useState<ReadonlySet<string>>(new Set())
  const [planned, setPlanned] = useState<Planned>()
  const way = ways[chosen]
  const client = useQueryClient()
  const plan = useMutation({
    mutationFn: (applications: string[]) =>
      call(promoteMany, { body: { applications, from: way?.from ?? '', to: way?.to ?? '' } }),
    onSuccess: ({ items }) => {
      setPlanned(items)
      return client.invalidateQueries()
    },
    onError: tellError,
  })
  const apply = useMutation({
    mutationFn: (plans: { id: string; planDigest: string }[]) => call(applyMany, { body: { plans } }),
    onSuccess: ({ items }) => {
      const refused = items.filter(({ problem }) => problem !== undefined)
      if (refused.length > 0)
        toast.error(`${refused.length} could not be agreed to.`, { description: refused[0]?.problem })
      else toast.success(`${items.length} go on as soon as their gates are open.`)
      onClose()
      return client.invalidateQueries()
    },
    onError: tellError,
  })
  const blocked = useBlocked('promotions:write', way?.to)
  const applications = (way?.applications ?? []).map(({ name }) => name).filter((name) => !off.has(name))
  const plans = (planned ?? []).flatMap(({ id, planDigest }) => (id && planDigest ? [{ id, planDigest }] : []))
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Promote several applications"
      description={
        planned
          ? 'Nothing has changed yet: these are plans'
          : 'Each is planned first; agreed to together they are one commit'
      }
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            {planned ? 'Leave them planned' : 'Cancel'}
          </Button>
          {planned ? (
            <Button
              kind="primary"
              busy={apply.isPending}
              blocked={plans.length === 0 && 'None of them could be planned.'}
              onClick={() => apply.mutate(plans)}
            >
              Promote {plans.length} to {way?.to}
            </Button>
          ) : (
            <Button
              kind="primary"
              busy={plan.isPending}
              blocked={blocked ?? (applications.length === 0 && 'Choose at least one.')}
              onClick={() => plan.mutate(applications)}
            >
              {plan.isPending ? 'Planning …' : `Plan ${applications.length}`}
            </Button>
          )}
        </>
      }
    >
      <div className="grid gap-4 px-5 py-4">
        {planned ? (
          <Plans items={planned} />
        ) : (
          <Choice ways={ways} chosen={chosen} onChoose={choose} off={off} onOff={setOff} />
        )}
      </div>
    </Dialog>
  )
}

function Choice({
  ways,
  chosen,
  onChoose,
  off,
  onOff,
}: {
  ways: readonly BulkWay[]
  chosen: number
  onChoose: (at: number) => void
  off: ReadonlySet<string>
  onOff: (off: ReadonlySet<string>) => void
}) {
  const way = ways[chosen]
  if (!way) return <p className="text-muted">No environment is behind the one it is promoted from.</p>
  const toggle = (name: string) =>
    onOff(new Set(off.has(name) ? [...off].filter((one) => one !== name) : [...off, name]))
  return (
    <>
      <Field label="From where to where">
        {(parts) => (
          <Select {...parts} value={chosen} onChange={(event) => onChoose(Number(event.target.value))}>
            {ways.map(({ from, to, applications }, at) => (
              <option key={`${from} ${to}`} value={at}>
                {from} → {to} · {applications.length} behind
              </option>
            ))}
          </Select>
        )}
      </Field>
      <fieldset>
        <legend className="eyebrow mb-1.5">Applications</legend>
        <ul className="divide-y divide-line rounded-md border border-line">
          {way.applications.map(({ name, behind }) => (
            <li key={name}>
              <label className="flex cursor-pointer items-center gap-2.5 px-3 py-2 hover:bg-sunken">
                <input
                  type="checkbox"
                  checked={!off.has(name)}
                  onChange={() => toggle(name)}
                  className="accent-brass"
                />
                <span className="min-w-0 truncate font-medium">{name}</span>
                <span className="ml-auto text-xs text-faint">
                  {behind === undefined ? 'behind' : `${behind} behind`}
                </span>
              </label>
            </li>
          ))}
        </ul>
      </fieldset>
    </>
  )
}

function Plans({ items }: { items: Planned }) {
  return (
    <ul className="divide-y divide-line rounded-md border border-line">
      {items.map(({ application, id, problem, reason }) => (
        <li key={application} className="flex items-start gap-2.5 px-3 py-2">
          <StateIcon
            state={problem ? 'bad' : 'none'}
            label={problem ? 'not planned' : 'planned'}
            className="mt-[3px] size-3.5"
          />
          <span className="min-w-0 flex-1">
            <b className="font-medium">{application}</b>
            <span className="block text-xs text-muted">{problem ?? reason}</span>
          </span>
          {id && (
            <Link href={`/promotions/${encodeURIComponent(id)}`} className="link text-xs whitespace-nowrap">
              Look at the plan<span className="sr-only"> of {application}</span>
            </Link>
          )}
        </li>
      ))}
    </ul>
  )
}
