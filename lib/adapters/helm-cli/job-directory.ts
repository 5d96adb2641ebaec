import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { discoveryCache } from './discovery-cache.ts'

/** Where Helm keeps what outlives a run: caches only. */
export interface HelmHome {
  root: string
  /** Where discovery is kept in memory, if it is. */
  discoveryCache: string | undefined
  environment: Record<string, string>
}

/**
 * Made once; everything of mode 0700. The plug-in directory stays empty. Job directories of a process that was killed go:
 * one may hold the way to the API server (see `withApiProxy`).
 */
export async function prepareHelmHome(workDir: string): Promise<HelmHome> {
  const root = join(workDir, 'helm')
  const at = (name: string) => join(root, name)
  const directories = ['home', 'cache', 'config', 'data', 'plugins', 'jobs'].map(at)
  await Promise.all(directories.map((directory) => mkdir(directory, { recursive: true, mode: 0o700 })))
  // One by one: somebody may be about to make another.
  const left = await readdir(at('jobs'))
  await Promise.all(left.map((name) => rm(join(at('jobs'), name), { recursive: true, force: true })))
  const kubeCache = await discoveryCache(workDir)
  return {
    root,
    discoveryCache: kubeCache,
    environment: {
      // Without the other, Helm keeps API discovery under $HOME/.kube/cache, as kubectl does.
      HOME: at('home'),
      ...(kubeCache === undefined ? {} : { KUBECACHEDIR: kubeCache }),
      HELM_CACHE_HOME: at('cache'),
      HELM_CONFIG_HOME: at('config'),
      HELM_DATA_HOME: at('data'),
      HELM_PLUGINS: at('plugins'),
      // No collections in a process that lives for a quarter of a second and uses 130 MB, unless it is to use much more:
      // a fifth of its CPU.
      GOGC: 'off',
      GOMEMLIMIT: '512MiB',
    },
  }
}

/** Runs with a fresh directory of random name and mode 0700, and removes it whatever happens. */
export async function withJobDirectory<T>(home: HelmHome, run: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(home.root, 'jobs', 'job-'))
  try {
    return await run(directory)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
