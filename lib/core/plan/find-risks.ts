import type { PlannedHook, PlannedObject, Risk } from './types.ts'

const order: readonly Risk['kind'][] = [
  'fails',
  'unstable',
  'deletes-data',
  'deletes',
  'namespace',
  'definition',
  'rbac',
  'newer-definitions',
  'hook',
  'restarts',
  'chart-follows',
]

const holdsData = new Set(['PersistentVolumeClaim', 'PersistentVolume', 'StatefulSet'])
const grantsRights = new Set(['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding', 'ServiceAccount'])

const words = ({ kind, namespace, name }: PlannedObject): string =>
  `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`

function risksOf(object: PlannedObject): Risk[] {
  const { id: subject, kind, change } = object
  const risk = (name: Risk['kind'], says: string): Risk => ({ kind: name, subject, says })
  const risks: Risk[] = []
  if (object.fails !== undefined) risks.push(risk('fails', `${words(object)} will be refused: ${object.fails}`))
  if (change === 'deleted') {
    const data = holdsData.has(kind) || kind === 'Namespace'
    risks.push(
      risk(data ? 'deletes-data' : 'deletes', `${words(object)} is deleted${data ? ', and its data with it' : ''}.`),
    )
  }
  const touched = change === 'created' || change === 'changed' || change === 'deleted'
  if (touched && grantsRights.has(kind) && kind !== 'ServiceAccount')
    risks.push(risk('rbac', `${words(object)} is ${change}: rights change.`))
  if (touched && kind === 'CustomResourceDefinition')
    risks.push(risk('definition', `${words(object)} is ${change}: all resources of its kind are concerned.`))
  if (touched && change !== 'deleted' && kind === 'Namespace')
    risks.push(risk('namespace', `${words(object)} is ${change}.`))
  if (object.restarts !== undefined && object.restarts > 0) {
    const pods = object.restarts === 1 ? '1 pod' : `${object.restarts} pods`
    risks.push(risk('restarts', `${words(object)} restarts ${pods}.`))
  }
  return risks
}

/** What to look at before agreeing, most serious first. `more` comes from outside the objects: unstable templates, CRDs of the chart. */
export function findRisks(
  objects: readonly PlannedObject[],
  hooks: readonly PlannedHook[],
  more: readonly Risk[] = [],
): Risk[] {
  const fromHooks = hooks
    .filter(({ events }) => events.some((event) => event !== 'test'))
    .map(({ kind, name, events }): Risk => {
      const when = events.filter((event) => event !== 'test').join(', ')
      return { kind: 'hook', subject: `${kind}/${name}`, says: `Hook ${kind} ${name} runs (${when}).` }
    })
  const risks = [...objects.flatMap(risksOf), ...fromHooks, ...more]
  return risks.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
}
