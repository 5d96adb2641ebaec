import { defaultConfig, readWheelhouseYaml, wheelhouseFile, type WheelhouseConfig } from '#lib/core/pipeline/index.ts'
import type { Store } from '#lib/ports/store/index.ts'
import { configFact } from './facts.ts'
import type { ShownConfig } from './shown-config.ts'

interface Deps {
  store: Pick<Store, 'getFact' | 'latestSnapshot'>
  shown: Pick<ShownConfig, 'repository' | 'branch'>
}

/**
 * What `wheelhouse.yaml` said when the worker last could read it; nothing of another repository or branch. Where it never
 * could, what it says may be a stop (§9.13).
 */
export async function configInForce({ store, shown }: Deps): Promise<WheelhouseConfig> {
  const fact = configFact(await store.getFact('repository-config'), shown)
  if (fact) return readWheelhouseYaml(fact.text ?? undefined).config ?? defaultConfig
  const { repository } = shown
  const snapshot = repository === undefined ? undefined : await store.latestSnapshot(repository)
  const unreadable = snapshot?.problems.some(({ path, severity }) => path === wheelhouseFile && severity === 'error')
  return unreadable
    ? { ...defaultConfig, stop: { all: `${wheelhouseFile} cannot be read.`, environments: {} } }
    : defaultConfig
}
