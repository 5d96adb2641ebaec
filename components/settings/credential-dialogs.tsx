'use client'

import { useState } from 'react'
import type { RegistryCredential } from '#lib/api/registries.ts'
import { Field, Input, Select } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useRemoveCredential, useSaveCredential } from './use-registries.ts'

type Purpose = RegistryCredential['purpose']

const purposes: Record<Purpose, { words: string; hint: string; placeholder: string }> = {
  pull: { words: 'read tags and images', hint: 'The host of the registry.', placeholder: 'ghcr.io' },
  push: {
    words: 'set tags when promoting',
    hint: 'The host, or host and path: only what is below it may be tagged.',
    placeholder: 'ghcr.io/acme/podinfo',
  },
}

export function NewCredentialDialog({ onClose }: { onClose: () => void }) {
  const [purpose, setPurpose] = useState<Purpose>('pull')
  const [registry, setRegistry] = useState('')
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const save = useSaveCredential(onClose)
  const missing = [registry.trim(), username.trim(), password].includes('')
  return (
    <FormDialog
      title="Enter a credential"
      button="Keep it"
      busy={save.isPending}
      blocked={missing && 'Registry, user and password are needed.'}
      autoComplete="off"
      onSend={() => save.mutate({ registry, purpose, username, password })}
      onClose={onClose}
    >
      <Field label="To">
        {(parts) => (
          <Select {...parts} value={purpose} onChange={(event) => setPurpose(event.target.value as Purpose)}>
            {Object.entries(purposes).map(([value, { words }]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Registry" hint={purposes[purpose].hint}>
        {(parts) => (
          <Input
            {...parts}
            className="mono"
            required
            maxLength={300}
            value={registry}
            placeholder={purposes[purpose].placeholder}
            onChange={(event) => setRegistry(event.target.value)}
          />
        )}
      </Field>
      <Field label="User">
        {(parts) => (
          <Input
            {...parts}
            required
            maxLength={300}
            value={username}
            autoComplete="off"
            onChange={(event) => setUsername(event.target.value)}
          />
        )}
      </Field>
      <Field label="Password or token" hint="Encrypted to the worker at once. It replaces the one there was.">
        {(parts) => (
          <Input
            {...parts}
            type="password"
            required
            value={password}
            autoComplete="new-password"
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  )
}

export function ForgetCredentialDialog({
  credential: { id, host, path, purpose },
  onClose,
}: {
  credential: RegistryCredential
  onClose: () => void
}) {
  const remove = useRemoveCredential(onClose)
  const place = path === '' ? host : `${host}/${path}`
  return (
    <FormDialog
      title={`Forget the credential for ${place}?`}
      button="Forget it"
      kind="danger"
      busy={remove.isPending}
      onSend={() => remove.mutate(id)}
      onClose={onClose}
    >
      <p>
        {purpose === 'pull'
          ? `Images of ${host} are then read with the pull secrets of the namespaces, or without a name. Nothing that runs is touched.`
          : 'Promotions can then no longer set tags there; they can still commit.'}
      </p>
    </FormDialog>
  )
}
