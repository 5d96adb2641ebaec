import type { KubeApi } from './kube-api.ts'
import type { ProcessTable } from './process-table.ts'
import { waitUntil } from './wait-until.ts'

/** Starts kwok and its simulated nodes, on which pods become Ready without running anything; waits until all are Ready. */
export async function startNodes(input: {
  api: KubeApi
  processes: ProcessTable
  kwok: string
  stages: string[]
  kubeconfig: string
  count: number
}): Promise<void> {
  const names = Array.from({ length: input.count }, (_, index) => `node-${index + 1}`)
  await Promise.all(names.map((name) => input.api.ensure('/api/v1/nodes', nodeObject(name))))
  await input.processes.start({
    name: 'kwok',
    command: input.kwok,
    args: [
      `--kubeconfig=${input.kubeconfig}`,
      '--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake',
      '--node-lease-duration-seconds=40',
      ...input.stages.map((stage) => `--config=${stage}`),
    ],
    ready: async () => (await Promise.all(names.map((name) => isReady(input.api, name)))).every(Boolean),
    graceMs: 3_000,
  })
  // Until the node lifecycle controller has lifted it, nothing is scheduled.
  await waitUntil('the not-ready taint of the nodes is lifted', async () =>
    (await Promise.all(names.map((name) => isTainted(input.api, name)))).every((tainted) => !tainted),
  )
}

function nodeObject(name: string): { metadata: { name: string } } {
  const labels = {
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    type: 'kwok',
  }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels, annotations: { 'kwok.x-k8s.io/node': 'fake' } },
  } as { metadata: { name: string } }
}

interface NodeBody {
  spec?: { taints?: { key: string }[] }
  status?: { conditions?: { type: string; status: string }[] }
}

async function isReady(api: KubeApi, name: string): Promise<boolean> {
  const { status } = (await api.get(`/api/v1/nodes/${name}`)).body as NodeBody
  return status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false
}

async function isTainted(api: KubeApi, name: string): Promise<boolean> {
  const { spec } = (await api.get(`/api/v1/nodes/${name}`)).body as NodeBody
  return spec?.taints?.some(({ key }) => key.startsWith('node.kubernetes.io/')) ?? false
}
