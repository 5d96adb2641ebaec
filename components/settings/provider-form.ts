import type { InputOf } from '#lib/api/endpoint.ts'
import type { Provider, saveProvider } from '#lib/api/providers.ts'
import { roles, type Role } from '#lib/core/access/index.ts'

/** What stands in the form, as typed. */
export interface ProviderForm {
  kind: Provider['kind']
  name: string
  issuer: string
  clientId: string
  clientSecret: string
  groupsClaim: string
  /** One rule a line: `group = role in environment`. */
  mapping: string
  domains: string
  groups: string
  createUnknown: boolean
  /** '' = none. */
  defaultRole: Role | ''
}

export const emptyForm: ProviderForm = {
  kind: 'oidc',
  name: '',
  issuer: '',
  clientId: '',
  clientSecret: '',
  groupsClaim: 'groups',
  mapping: '',
  domains: '',
  groups: '',
  createUnknown: false,
  defaultRole: '',
}

export function formOf({ kind, name, issuer, clientId, rules }: Provider): ProviderForm {
  return {
    kind,
    name,
    issuer,
    clientId,
    clientSecret: '',
    groupsClaim: rules.groupsClaim,
    mapping: rules.mapping.map(({ group, environment, role }) => `${group} = ${role} in ${environment}`).join('\n'),
    domains: rules.domains.join(', '),
    groups: rules.groups.join(', '),
    createUnknown: rules.createUnknown,
    defaultRole: rules.defaultRoles['*'] ?? '',
  }
}

type Rule = Provider['rules']['mapping'][number]

/** The rules, or the first line that is none. Group names may hold blanks and `=`: the last ` = ` counts. */
export function parseMapping(text: string): { rules: Rule[]; problem?: string } {
  const rules: Rule[] = []
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const [, group, role, environment] = /^\s*(\S.*?)\s*=\s*([a-z]+)(?:\s+in\s+(\S+))?\s*$/.exec(line) ?? []
    const known = roles.find((one) => one === role)
    if (!group || !known) return { rules, problem: `Line ${at + 1} is not like: devs = deployer in dev` }
    rules.push({ group, role: known, environment: environment ?? '*' })
  }
  return { rules }
}

export const listOf = (text: string): string[] =>
  text
    .split(/[,\n]/)
    .map((one) => one.trim())
    .filter(Boolean)

/** What is missing or wrong; undefined = it can be sent. */
export function problemOf(form: ProviderForm, known: boolean): string | undefined {
  const needed = [form.name, form.issuer, form.clientId, ...(known ? [] : [form.clientSecret])]
  if (needed.some((text) => text.trim() === '')) return 'Name, address, client and secret are needed.'
  if (!URL.canParse(form.issuer) || !/^https?:$/.test(new URL(form.issuer).protocol))
    return 'The address begins with https://.'
  return parseMapping(form.mapping).problem
}

export function bodyOf(form: ProviderForm, id: string | undefined): InputOf<typeof saveProvider>['body'] {
  const { kind, name, issuer, clientId, clientSecret, groupsClaim, createUnknown, defaultRole } = form
  return {
    ...(id && { id }),
    kind,
    name,
    issuer: issuer.trim(),
    clientId,
    ...(clientSecret && { clientSecret }),
    rules: {
      groupsClaim,
      createUnknown,
      mapping: parseMapping(form.mapping).rules,
      defaultRoles: defaultRole === '' ? {} : { '*': defaultRole },
      domains: listOf(form.domains),
      groups: listOf(form.groups),
    },
  }
}
