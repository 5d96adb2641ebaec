'use client'

import { useState } from 'react'
import type { Channel, Rule } from '#lib/api/notifications.ts'
import { alertKinds, kindWords } from '../alerts/kind-words.ts'
import { useMatrix } from '../environments/use-matrix.ts'
import { Field, Select } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { AnyOf } from './any-of.tsx'
import { PreviewedRule } from './previewed-rule.tsx'
import { useSaveRule } from './use-notifications.ts'

type Severity = 'critical' | 'warning'

/** Adds a rule, or changes one; its preview follows what is chosen. */
export function RuleDialog({
  channels,
  rule,
  onClose,
}: {
  channels: readonly Channel[]
  rule?: Rule
  onClose: () => void
}) {
  const [channel, setChannel] = useState(rule?.channel ?? channels[0]?.id ?? '')
  const [severity, setSeverity] = useState<Severity | ''>(severityOf(rule))
  const [kinds, setKinds] = useState<string[]>(rule?.kinds ?? [])
  const [environments, setEnvironments] = useState<string[]>(rule?.environments ?? [])
  const [applications, setApplications] = useState<string[]>(rule?.applications ?? [])
  const save = useSaveRule(rule?.id, onClose)
  const matrix = useMatrix().data
  const scope = { kinds, severities: severity === '' ? [] : [severity], environments, applications }
  return (
    <FormDialog
      title={rule ? 'Change the rule' : 'Add a rule'}
      description="What is left open is not narrowed: it holds for whatever it is."
      width="md"
      button={rule ? 'Keep it' : 'Add it'}
      busy={save.isPending}
      onSend={() => save.mutate({ channel, ...scope })}
      onClose={onClose}
      after={<PreviewedRule rule={scope} />}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Tell">
          {(parts) => (
            <Select {...parts} value={channel} onChange={(event) => setChannel(event.target.value)}>
              {channels.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="How bad">
          {(parts) => (
            <Select {...parts} value={severity} onChange={(event) => setSeverity(event.target.value as Severity | '')}>
              <option value="">critical and warning</option>
              <option value="critical">critical</option>
              <option value="warning">warning</option>
            </Select>
          )}
        </Field>
      </div>
      <AnyOf
        label="Environments"
        all={matrix?.environments.map(({ name }) => name) ?? []}
        chosen={environments}
        onChange={setEnvironments}
      />
      <AnyOf
        label="Applications"
        all={[...new Set(matrix?.rows.map(({ application }) => application) ?? [])]}
        chosen={applications}
        onChange={setApplications}
      />
      <AnyOf label="Kinds" all={alertKinds} words={kindWords} chosen={kinds} onChange={setKinds} />
    </FormDialog>
  )
}

/** Both are as good as none. */
function severityOf(rule: Rule | undefined): Severity | '' {
  const [first, ...more] = rule?.severities ?? []
  return more.length === 0 && (first === 'critical' || first === 'warning') ? first : ''
}
