import { readChartV2, type FindSource } from './read-chart-source.ts'
import {
  openSection,
  readDuration,
  readFlag,
  readList,
  readText,
  readValues,
  readWhole,
  report,
  reportNotHonoured,
  type Reader,
  type Section,
} from './read-fields.ts'
import { recreateSuggestion, type ReleaseSpec } from './read-v1.ts'
import { readValuesFromV2 } from './read-values-from.ts'
import { releaseNameV2 } from './release-name.ts'
import type { DesiredRelease, Remediation } from './types.ts'

const specFields = [
  'chart',
  'chartRef',
  'interval',
  'suspend',
  'releaseName',
  'targetNamespace',
  'storageNamespace',
  'dependsOn',
  'timeout',
  'maxHistory',
  'serviceAccountName',
  'persistentClient',
  'driftDetection',
  'install',
  'upgrade',
  'rollback',
  'uninstall',
  'test',
  'valuesFrom',
  'values',
  'postRenderers',
]
/**
 * `disableWaitForJobs` and `disableTakeOwnership` need nothing done: Helm is never told to wait for Jobs, which the health of
 * the release follows, nor to take objects that others made (§9.23). The same goes for `disableWait` of an uninstall.
 */
const common = ['timeout', 'disableWait', 'disableWaitForJobs', 'disableHooks', 'disableOpenAPIValidation', 'crds']
const installFields = [...common, 'remediation', 'strategy', 'skipCRDs', 'createNamespace', 'disableTakeOwnership']
const upgradeFields = [...common, 'remediation', 'strategy', 'force', 'preserveValues', 'disableTakeOwnership']
const rollbackFields = [
  'timeout',
  'disableWait',
  'disableWaitForJobs',
  'disableHooks',
  'recreate',
  'force',
  'cleanupOnFail',
]
const remediationFields = ['retries', 'ignoreTestFailures', 'remediateLastFailure', 'strategy']
const uninstallFields = ['timeout', 'disableHooks', 'keepHistory', 'disableWait', 'deletionPropagation']

const defaultTimeoutMs = 300_000

/** One setting for install and upgrade: Helm is run with the same options for both, so they must agree. */
function agree<T>(reader: Reader, field: string, install: T, upgrade: T): T {
  if (install !== upgrade) {
    reportNotHonoured(reader, `different ${field} in spec.install and spec.upgrade`, 'Write the same in both.')
  }
  return upgrade
}

function readRemediation(action: Section, kind: 'install' | 'upgrade'): Remediation {
  const { reader } = action
  const strategy = openSection(reader, action.fields.strategy, `${action.path}.strategy`, ['name', 'retryInterval'])
  const section = openSection(reader, action.fields.remediation, `${action.path}.remediation`, remediationFields)
  if (readFlag(section, 'ignoreTestFailures')) {
    reportNotHonoured(reader, `${section.path}.ignoreTestFailures`, 'Write spec.test.ignoreFailures instead.')
  }
  const interval = readDuration(strategy, 'retryInterval')
  if (interval !== undefined && interval !== defaultTimeoutMs) {
    reportNotHonoured(reader, `${strategy.path}.retryInterval`, 'Remove it: retries wait up to five minutes.')
  }
  if (readText(strategy, 'name') === 'RetryOnFailure') return { retries: -1, after: 'leave' }
  const retries = Math.max(-1, readWhole(section, 'retries') ?? 0)
  const lastToo = readFlag(section, 'remediateLastFailure')
  if (retries === 0 && lastToo !== true) return { retries, after: 'leave' }
  if (kind === 'install') return { retries, after: 'uninstall' }
  return { retries, after: readText(section, 'strategy') === 'uninstall' ? 'uninstall' : 'rollback' }
}

function readCrds(reader: Reader, install: Section, upgrade: Section): DesiredRelease['crds'] {
  const first = (readFlag(install, 'skipCRDs') ?? false) ? 'Skip' : (readText(install, 'crds') ?? 'Create')
  const later = readText(upgrade, 'crds') ?? 'Skip'
  if (later === 'Skip' && first === 'Skip') return 'skip'
  if (later === 'Skip' && first === 'Create') return 'create'
  const both = `spec.install.crds ${first} with spec.upgrade.crds ${later}`
  const suggestion =
    'Helm creates CRDs once and never replaces them: use Create or Skip for the install, Skip for the upgrade, ' +
    'and commit newer CRDs as documents.'
  reportNotHonoured(reader, both, suggestion)
  return 'skip'
}

function readActions(spec: Section, timeoutMs: number) {
  const { reader } = spec
  const install = openSection(reader, spec.fields.install, 'spec.install', installFields)
  const upgrade = openSection(reader, spec.fields.upgrade, 'spec.upgrade', upgradeFields)
  const rollback = openSection(reader, spec.fields.rollback, 'spec.rollback', rollbackFields)
  const uninstall = openSection(reader, spec.fields.uninstall, 'spec.uninstall', uninstallFields)
  const both = <T>(field: string, read: (section: Section) => T): T =>
    agree(reader, field, read(install), read(upgrade))
  const flag = (field: string): boolean => both(field, (section) => readFlag(section, field) ?? false)
  if (readFlag(install, 'createNamespace')) {
    const suggestion = 'Commit a Namespace document and remove the field: nothing is created but what Git says.'
    reportNotHonoured(reader, 'spec.install.createNamespace', suggestion)
  }
  if (readFlag(rollback, 'cleanupOnFail')) reportNotHonoured(reader, 'spec.rollback.cleanupOnFail')
  if (readFlag(rollback, 'recreate')) reportNotHonoured(reader, 'spec.rollback.recreate', recreateSuggestion)
  if ((readText(uninstall, 'deletionPropagation') ?? 'background') !== 'background') {
    reportNotHonoured(reader, 'spec.uninstall.deletionPropagation')
  }
  return {
    timeoutMs: both('timeout', (section) => readDuration(section, 'timeout') ?? timeoutMs),
    wait: !flag('disableWait'),
    disableHooks: flag('disableHooks'),
    disableOpenApiValidation: flag('disableOpenAPIValidation'),
    crds: readCrds(reader, install, upgrade),
    forceUpgrade: readFlag(upgrade, 'force') ?? false,
    resetValues: !(readFlag(upgrade, 'preserveValues') ?? false),
    install: readRemediation(install, 'install'),
    upgrade: readRemediation(upgrade, 'upgrade'),
    rollback: {
      timeoutMs: readDuration(rollback, 'timeout') ?? timeoutMs,
      wait: !(readFlag(rollback, 'disableWait') ?? false),
      force: readFlag(rollback, 'force') ?? false,
      disableHooks: readFlag(rollback, 'disableHooks') ?? false,
    },
    uninstall: {
      keepHistory: readFlag(uninstall, 'keepHistory') ?? false,
      disableHooks: readFlag(uninstall, 'disableHooks') ?? false,
      timeoutMs: readDuration(uninstall, 'timeout') ?? timeoutMs,
    },
  }
}

function readDependsOn(spec: Section, namespace: string): DesiredRelease['dependsOn'] {
  return readList(spec, 'dependsOn').flatMap((item, index) => {
    const section = openSection(spec.reader, item, `spec.dependsOn[${index}]`, ['name', 'namespace'])
    const name = readText(section, 'name')
    if (name !== undefined) return [{ namespace: readText(section, 'namespace') ?? namespace, name }]
    report(spec.reader, 'field-invalid', `${section.path}.name is missing.`)
    return []
  })
}

/** They are kustomizations, and there is no kustomize here: rendering without them would deploy something else. */
function checkPostRenderers(spec: Section): void {
  if (readList(spec, 'postRenderers').length === 0) return
  const suggestion = 'They need kustomize; put the change into the chart or its values.'
  reportNotHonoured(spec.reader, 'spec.postRenderers', suggestion)
}

function checkDriftDetection(spec: Section): void {
  const drift = openSection(spec.reader, spec.fields.driftDetection, 'spec.driftDetection', ['mode'])
  if (readText(drift, 'mode') !== 'enabled') return
  const suggestion = 'Remove it: drift is always shown, and repair is switched on per environment.'
  reportNotHonoured(spec.reader, 'spec.driftDetection.mode: enabled', suggestion)
}

/** `spec` of helm.toolkit.fluxcd.io with helm-controller's defaults; chart sources come from the same snapshot. */
export function readSpecV2(reader: Reader, namespace: string, name: string, find: FindSource): ReleaseSpec {
  const spec = openSection(reader, reader.document.object.spec, 'spec', specFields)
  const target = readText(spec, 'targetNamespace')
  const timeoutMs = readDuration(spec, 'timeout') ?? defaultTimeoutMs
  const test = openSection(reader, spec.fields.test, 'spec.test', ['enable', 'timeout', 'ignoreFailures'])
  const serviceAccountName = readText(spec, 'serviceAccountName')
  checkDriftDetection(spec)
  checkPostRenderers(spec)
  return {
    releaseName: readText(spec, 'releaseName') ?? releaseNameV2(target, name),
    targetNamespace: target ?? namespace,
    storageNamespace: readText(spec, 'storageNamespace') ?? namespace,
    chart: readChartV2(spec, namespace, find),
    values: readValues(spec),
    valuesFrom: readValuesFromV2(spec, namespace),
    maxHistory: readWhole(spec, 'maxHistory') ?? 5,
    suspend: readFlag(spec, 'suspend') ?? false,
    dependsOn: readDependsOn(spec, namespace),
    postRenderers: readList(spec, 'postRenderers'),
    ...readActions(spec, timeoutMs),
    test: {
      enable: readFlag(test, 'enable') ?? false,
      ignoreFailures: readFlag(test, 'ignoreFailures') ?? false,
      timeoutMs: readDuration(test, 'timeout') ?? timeoutMs,
      cleanup: false,
    },
    ...(serviceAccountName === undefined ? {} : { serviceAccountName }),
  }
}
