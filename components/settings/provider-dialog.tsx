'use client'

import { useState, type ReactNode } from 'react'
import type { Provider } from '#lib/api/providers.ts'
import { roles, type Role } from '#lib/core/access/index.ts'
import { Field, Input, Select, Textarea } from '../ui/field.tsx'
import { Switch } from '../ui/switch.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { bodyOf, emptyForm, formOf, parseMapping, problemOf, type ProviderForm } from './provider-form.ts'
import { useSaveProvider } from './use-providers.ts'

const kinds: Record<Provider['kind'], { words: string; address: string; hint: string; placeholder: string }> = {
  oidc: {
    words: 'OpenID Connect',
    address: 'Issuer',
    hint: 'As the issuer writes itself: /.well-known/openid-configuration is below it.',
    placeholder: 'https://login.example.com/realms/acme',
  },
  github: {
    words: 'GitHub',
    address: 'Address of GitHub',
    hint: 'Groups are organisations (acme) and teams (acme/devs).',
    placeholder: 'https://github.com',
  },
}

type Change = (more: Partial<ProviderForm>) => void

/** A new way to sign in, or a changed one. */
export function ProviderDialog({ provider, onClose }: { provider?: Provider; onClose: () => void }) {
  const [form, setForm] = useState<ProviderForm>(provider ? formOf(provider) : emptyForm)
  const save = useSaveProvider(onClose)
  const problem = problemOf(form, provider !== undefined)
  const change: Change = (more) => setForm((before) => ({ ...before, ...more }))
  return (
    <FormDialog
      width="md"
      title={provider ? `Change ${provider.name}` : 'Add a provider'}
      button="Keep it"
      busy={save.isPending}
      blocked={problem}
      autoComplete="off"
      onSend={() => save.mutate(bodyOf(form, provider?.id))}
      onClose={onClose}
    >
      <Where form={form} known={provider !== undefined} change={change} />
      <Who form={form} change={change} />
    </FormDialog>
  )
}

function Where({ form, known, change }: { form: ProviderForm; known: boolean; change: Change }) {
  const { address, hint, placeholder } = kinds[form.kind]
  return (
    <Group title="The provider">
      <Field label="Kind">
        {(parts) => (
          <Select
            {...parts}
            value={form.kind}
            onChange={(event) => {
              const kind = event.target.value as Provider['kind']
              change(kind === 'github' && form.issuer === '' ? { kind, issuer: kinds.github.placeholder } : { kind })
            }}
          >
            {Object.entries(kinds).map(([value, { words }]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <TextField
        label="Name"
        hint="On the button: Continue with …"
        value={form.name}
        onChange={(name) => change({ name })}
      />
      <TextField
        label={address}
        hint={hint}
        placeholder={placeholder}
        className="sm:col-span-2"
        value={form.issuer}
        onChange={(issuer) => change({ issuer })}
      />
      <TextField label="Client ID" value={form.clientId} onChange={(clientId) => change({ clientId })} />
      <Field
        label="Client secret"
        hint={
          known ? 'Empty keeps the one there is, as long as address and client stay.' : 'Encrypted, never shown again.'
        }
      >
        {(parts) => (
          <Input
            {...parts}
            type="password"
            autoComplete="new-password"
            value={form.clientSecret}
            onChange={(event) => change({ clientSecret: event.target.value })}
          />
        )}
      </Field>
    </Group>
  )
}

function Who({ form, change }: { form: ProviderForm; change: Change }) {
  return (
    <Group title="Who comes in, and with which roles">
      <TextField
        label="Only these domains of e-mail"
        hint="Empty: any."
        placeholder="example.com"
        value={form.domains}
        onChange={(domains) => change({ domains })}
      />
      <TextField
        label="Only these groups"
        hint="One is enough. Empty: none is needed."
        value={form.groups}
        onChange={(groups) => change({ groups })}
      />
      <span className="flex items-center gap-2.5 text-sm sm:col-span-2">
        <Switch
          label="Let in people nobody invited"
          checked={form.createUnknown}
          onCheckedChange={(createUnknown) => change({ createUnknown })}
        />
        Let in people nobody invited; their groups give their roles
      </span>
      <Field
        label="Roles by group"
        hint="One rule a line: group = role in environment. They are renewed at each sign-in."
        error={parseMapping(form.mapping).problem}
        className="sm:col-span-2"
      >
        {(parts) => (
          <Textarea
            {...parts}
            className="mono"
            value={form.mapping}
            placeholder={'devs = deployer in dev\nops = admin in *'}
            onChange={(event) => change({ mapping: event.target.value })}
          />
        )}
      </Field>
      <Field label="Role of everybody else" hint="In all environments.">
        {(parts) => (
          <Select
            {...parts}
            value={form.defaultRole}
            onChange={(event) => change({ defaultRole: event.target.value as Role | '' })}
          >
            <option value="">none</option>
            {roles.map((role) => (
              <option key={role}>{role}</option>
            ))}
          </Select>
        )}
      </Field>
      {form.kind === 'oidc' && (
        <TextField
          label="Claim with the groups"
          hint="A dot goes one level down."
          value={form.groupsClaim}
          onChange={(groupsClaim) => change({ groupsClaim })}
        />
      )}
    </Group>
  )
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="grid gap-4 sm:grid-cols-2">
      <legend className="eyebrow mb-3">{title}</legend>
      {children}
    </fieldset>
  )
}

function TextField({
  label,
  hint,
  placeholder,
  className,
  value,
  onChange,
}: {
  label: string
  hint?: string
  placeholder?: string
  className?: string
  value: string
  onChange: (value: string) => void
}) {
  return (
    <Field label={label} hint={hint} className={className}>
      {(parts) => (
        <Input
          {...parts}
          autoComplete="off"
          maxLength={2000}
          value={value}
          placeholder={placeholder}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
