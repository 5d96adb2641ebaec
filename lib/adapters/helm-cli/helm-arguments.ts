import type { HelmRequest, HelmRollback, HelmTarget, HelmUninstall } from '#lib/ports/helm.ts'

/** The two command lines that are spoken; flags were renamed between them. */
export type HelmGeneration = 3 | 4

/** What an operation needs besides its request. */
export interface ArgumentContext {
  generation: HelmGeneration
  /** Absent: the kubeconfig's current context. */
  context: string | undefined
}

/** Names, paths and labels come from repositories: nothing that Helm could take for a flag may stand first. */
export function refusedArgument(values: readonly string[]): string | undefined {
  return values.find((value) => value === '' || value.startsWith('-') || value.includes('\0'))
}

/**
 * `helm upgrade --install`, also for a first install: a failed install leaves revision 1 as `failed`, over which
 * `helm install` refuses to run and this rolls forward; after `uninstall --keep-history` it installs anew.
 */
export function installArguments(request: HelmRequest, context: ArgumentContext): string[] {
  return [...changeFlags(request, context), '--install', ...operands(request)]
}

/** Without `--install`: a release that vanished meanwhile is an error and not silently made anew. */
export function upgradeArguments(request: HelmRequest, context: ArgumentContext): string[] {
  return [...changeFlags(request, context), ...operands(request)]
}

/**
 * A dry run of exactly the change: its `manifest` field is byte for byte what will be stored and what
 * `helm get manifest` prints (plus one newline), without hooks and notes. It sends reads only. `helm template` differs:
 * it renders as revision 1, install, and appends hooks.
 */
export function renderArguments(request: HelmRequest, context: ArgumentContext): string[] {
  const render = ['--install', '--dry-run=server', '--output', 'json']
  return [...changeFlags(request, context), ...render, ...operands(request)]
}

function changeFlags(request: HelmRequest, context: ArgumentContext): string[] {
  const labels = Object.entries(request.labels).map(([name, value]) => `${name}=${escapeLabel(value)}`)
  return [
    'upgrade',
    ...targetArguments(request, context),
    // Standard input, which helm reads to its end before it changes anything.
    '--values',
    '-',
    // Without it Helm keeps the values of before only where none are given, as the Helm Operator did.
    ...(request.resetValues ? ['--reset-values'] : []),
    '--timeout',
    duration(request.timeoutMs),
    '--history-max',
    String(request.maxHistory),
    '--hide-notes',
    ...(request.description === '' ? [] : [`--description=${request.description}`]),
    ...(labels.length > 0 ? [`--labels=${labels.join(',')}`] : []),
    ...waitArguments(request.wait, context),
    ...forceArguments(request.force, context),
    ...(request.skipCrds ? ['--skip-crds'] : []),
    ...(request.disableOpenApiValidation ? ['--disable-openapi-validation'] : []),
    ...(request.disableHooks ? ['--no-hooks'] : []),
    ...(request.takeOwnership ? ['--take-ownership'] : []),
  ]
}

function operands(request: HelmRequest): string[] {
  return ['--', request.releaseName, request.chart]
}

export function rollbackArguments(request: HelmRollback, context: ArgumentContext): string[] {
  return [
    'rollback',
    ...targetArguments(request, context),
    '--timeout',
    duration(request.timeoutMs),
    '--history-max',
    String(request.maxHistory),
    ...waitArguments(request.wait, context),
    ...forceArguments(request.force, context),
    ...(request.disableHooks ? ['--no-hooks'] : []),
    '--',
    request.releaseName,
    String(request.toRevision),
  ]
}

/** A release that is not there counts as uninstalled, so that a repeated attempt converges. */
export function uninstallArguments(request: HelmUninstall, context: ArgumentContext): string[] {
  return [
    'uninstall',
    ...targetArguments(request, context),
    '--timeout',
    duration(request.timeoutMs),
    '--ignore-not-found',
    ...(request.keepHistory ? ['--keep-history'] : []),
    ...(request.disableHooks ? ['--no-hooks'] : []),
    '--',
    request.releaseName,
  ]
}

export function testArguments(request: HelmTarget & { timeoutMs: number }, context: ArgumentContext): string[] {
  return [
    'test',
    ...targetArguments(request, context),
    '--timeout',
    duration(request.timeoutMs),
    '--',
    request.releaseName,
  ]
}

function targetArguments(target: HelmTarget, { context }: ArgumentContext): string[] {
  return [
    '--namespace',
    target.namespace,
    ...(context === undefined ? [] : ['--kube-context', context]),
    ...impersonationArguments(target.serviceAccount),
  ]
}

/** A service account with the groups its own token would carry. */
function impersonationArguments(account: HelmTarget['serviceAccount']): string[] {
  if (account === undefined) return []
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${account.namespace}`, 'system:authenticated']
  return [
    '--kube-as-user',
    `system:serviceaccount:${account.namespace}:${account.name}`,
    ...groups.flatMap((group) => ['--kube-as-group', group]),
  ]
}

/** Version 4 waits for hooks in any case and for the rest when told so; version 3 has a plain switch. */
function waitArguments(wait: boolean, { generation }: ArgumentContext): string[] {
  if (!wait) return []
  return generation === 4 ? ['--wait=watcher'] : ['--wait']
}

/** Version 4 refuses to replace objects while it applies on the server's side. */
function forceArguments(force: boolean, { generation }: ArgumentContext): string[] {
  if (!force) return []
  return generation === 4 ? ['--force-replace', '--server-side=false'] : ['--force']
}

/** pflag reads the list as CSV; label values cannot hold a comma or quote anyway. */
function escapeLabel(value: string): string {
  return value.replaceAll(/[",\\]/g, '_')
}

/** Go duration. Whole milliseconds, at least one. */
function duration(ms: number): string {
  return `${Math.max(1, Math.round(ms))}ms`
}
